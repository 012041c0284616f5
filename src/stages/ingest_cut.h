/* When the night is, and which events come after a cut, to judge by. */
#ifndef STAGES_INGEST_CUT_H
#define STAGES_INGEST_CUT_H

#include "stages/ingest_rows.h"
#include "stages/stage.h"

typedef struct ingest_cut {
  int64_t now;    /* 1 + time of the last event that is kept */
  int64_t time;   /* of the cut; `now` where nothing is cut off, or where pairs are drawn */
  double share;   /* of (user, item) pairs drawn by hash, where times cannot tell; else 0 */
  int64_t events; /* over all ranks */
} ingest_cut;

/* Collective, exact, the same on any number of ranks. The cut is the time at which the number of kept events at or
 * after it comes nearest to `share` of all. Where all events are of one moment (no time column, or a cut that would
 * take nothing or everything), that share of the pairs is to be drawn by hash instead. Events that are held are not
 * there. */
void ingest_cut_find(const stage *s, int has_time, double share, const ingest_events *events, ingest_cut *out);

/* Local. The number in [0, 1) by which a pair is drawn: for validation, or before that for a test. */
typedef enum ingest_cut_draws { INGEST_CUT_VALIDATION, INGEST_CUT_TEST } ingest_cut_draws;
double ingest_cut_draw(uint64_t seed, ingest_cut_draws draws, user_id user, item_id item);

#endif
