/* What a row says of an event, besides whom and what it is about. */
#ifndef STAGES_INGEST_SAID_H
#define STAGES_INGEST_SAID_H

#include "stages/ingest_events.h"
#include "stages/ingest_plan.h"

typedef struct ingest_said {
  int64_t time;
  int64_t price; /* in hundredths, or CATALOGUE_NO_PRICE */
  float quantity, value, weight;
  uint8_t kind, meaning;
} ingest_said;

/* `room` holds INGEST_FIELD bytes. Returns an ingest_reason, or TABLE_OK. */
int ingest_said_read(const ingest_plan *p, const table_row *row, char *room, ingest_said *out);

/* The same where a row says nothing: an item in a list. */
ingest_said ingest_said_nothing(const ingest_plan *p);

#endif
