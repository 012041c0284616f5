/* The events of this rank's range of inputs.interactions. */
#ifndef STAGES_INGEST_ROWS_H
#define STAGES_INGEST_ROWS_H

#include "data/catalogue.h"
#include "stages/ingest_plan.h"
#include "stages/ingest_rejects.h"
#include "stages/ingest_table.h"

/* Whether an event is for a test only. */
typedef enum ingest_held {
  INGEST_KEPT,
  INGEST_HELD,  /* of inputs.interactions, held back by evaluate.protocol */
  INGEST_TESTED /* of inputs.test */
} ingest_held;

/* An accepted event, as it is kept and sent. */
typedef struct ingest_event {
  int64_t time, line;
  double quantity;
  float value;    /* money spent, or the rating, or 0 */
  float weight;   /* of its kind × the weight column; without decay. Explicit: the rating */
  int32_t user;   /* place in a table of users */
  int32_t item;   /* place in `items`, or row of the catalogue */
  int32_t source; /* rank that read it */
  uint8_t kind, meaning;
  uint8_t held; /* enum ingest_held */
  uint8_t reserved;
} ingest_event;

/* Starts as {0}. */
typedef struct ingest_rows {
  ingest_rejects rejects, test;             /* of inputs.interactions, of inputs.test */
  int64_t excluded[INGEST_EXCLUSIONS_MOST]; /* by exclusion */
  ingest_buffer events;                     /* of ingest_event */
  ingest_table users;                       /* of user ids, named */
  /* Only where the catalogue is derived from the events: */
  ingest_table items;  /* of item ids, named */
  ingest_table titles; /* title texts */
  ingest_table votes;  /* {item, title}: how many rows say so */
  ingest_table prices; /* {item, price}: how many rows say so */
} ingest_rows;

/* Local. Reads range `rank` of `size`. With a catalogue, items that it lacks are rejected and event.item is its row;
 * with none (NULL), event.item is a place in `items`. Fails: as the reader; STATUS_BUG. */
status ingest_rows_read(const stage *s, ingest_plan *p, const catalogue *c, ingest_rows *out);

/* Local. The same for inputs.test, which is written like inputs.interactions unless inputs.test.format says otherwise;
 * its events are INGEST_TESTED. */
status ingest_rows_read_test(const stage *s, const ingest_plan *p, const catalogue *c, ingest_rows *out);

/* Local. Turns places in `items` into rows of the derived catalogue; events of items that are not in it, for want of a
 * title, are rejected. */
status ingest_rows_resolve(ingest_rows *rows, const catalogue *c);

void ingest_rows_free(ingest_rows *rows);

static inline int64_t ingest_rows_count(const ingest_rows *rows) {
  return rows->events.used / (int64_t)sizeof(ingest_event);
}

#endif
