/* What a part of inputs.interactions holds, read by ingest's own reader, and what the whole holds by that. */
#ifndef STAGES_PLAN_EVENTS_H
#define STAGES_PLAN_EVENTS_H

#include "stages/ingest_rows.h"
#include "stages/plan_numbers.h"

/* Starts as {0}. Counts of what was read. */
typedef struct plan_events {
  ingest_rows read;
  double seconds; /* CPU */
  double rows;
  double events, pairs;                      /* distinct */
  double half_users, half_items, half_pairs; /* in the first half of the events */
  double users, items;
  double user_name; /* mean bytes */
  double judged, targets;
} plan_events;

/* Local. Reads the first of `ranges` ranges. `c`: the catalogue, or NULL where there is none.
 * Fails: as ingest_rows_read; STATUS_DATA where no row can be used. */
status plan_events_read(const stage *s, const catalogue *c, int ranges, plan_events *out);

/* The same for a file of `rows` rows; sets the members of `n` that are about events. */
void plan_events_extrapolate(const plan_events *e, double rows, plan_numbers *n);

void plan_events_free(plan_events *e);

#endif
