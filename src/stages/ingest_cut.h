/* When the night is, and which events are held back to judge by. */
#ifndef STAGES_INGEST_CUT_H
#define STAGES_INGEST_CUT_H

#include "stages/ingest_rows.h"
#include "stages/stage.h"

typedef struct ingest_cut {
  int64_t now;    /* 1 + time of the last event */
  int64_t time;   /* events from it on are for validation; `now` where none are, or where pairs are drawn */
  double share;   /* of (user, item) pairs drawn by hash, where times cannot tell; else 0 */
  int64_t events; /* over all ranks */
} ingest_cut;

/* Collective, exact, the same on any number of ranks. The cut is the time at which the number of events at or after it
 * comes nearest to events.validation_share of all. Where all events are of one moment (no time column, or a cut that
 * would take nothing or everything), that share of the pairs is drawn by hash instead. */
void ingest_cut_find(const stage *s, int has_time, const ingest_event *events, int64_t count, ingest_cut *out);

/* Local. 1 if the pair is for validation though time does not say so. */
int ingest_cut_draws(const ingest_cut *cut, uint64_t seed, user_id user, item_id item);

#endif
