/* The events of this rank's range of inputs.interactions. */
#ifndef STAGES_INGEST_ROWS_H
#define STAGES_INGEST_ROWS_H

#include "data/catalogue.h"
#include "stages/ingest_events.h"
#include "stages/ingest_plan.h"
#include "stages/ingest_rejects.h"
#include "stages/ingest_table.h"

/* Starts as {0}. */
typedef struct ingest_rows {
  ingest_rejects rejects, test;             /* of inputs.interactions, of inputs.test */
  int64_t first_line[2];                    /* that this rank read of each of these files; 0: none */
  int64_t excluded[INGEST_EXCLUSIONS_MOST]; /* by exclusion */
  ingest_events events;                     /* by bucket of the user */
  ingest_table users;                       /* of user ids, named */
  ingest_buffer tally;                      /* of int64_t: events of each of `users` */
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

static inline int64_t ingest_rows_count(const ingest_rows *rows) { return rows->events.count; }

/* Events of user `place`. */
static inline int64_t *ingest_rows_tally(const ingest_rows *rows, int64_t place) {
  return (int64_t *)(void *)rows->tally.bytes + place;
}

#endif
