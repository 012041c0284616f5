/* Which events a run that evaluates holds back for its test. A night holds back none.
 *
 *   time  the last evaluate.share of the events, cut as ingest_cut says (drawn pairs where times cannot tell)
 *   last  of each user who touched two items or more, the item that was new to the user last; of items that were new at
 *         the same moment, one drawn by a keyed hash
 *   file  inputs.test; of inputs.interactions nothing */
#ifndef STAGES_INGEST_FOLD_H
#define STAGES_INGEST_FOLD_H

#include "stages/ingest_exchange.h"
#include "stages/ingest_plan.h"
#include "stages/stage.h"

typedef enum ingest_protocol {
  INGEST_HOLDS_NONE,
  INGEST_HOLDS_TIME,
  INGEST_HOLDS_LAST,
  INGEST_HOLDS_FILE
} ingest_protocol;

/* Local; touches no file. What evaluate.protocol means for this run; while tuning, a test file is no concern of ours.
 * Fails: STATUS_SETTINGS where inputs.test is to be judged by and not given. */
status ingest_fold_protocol(const stage *s, ingest_protocol *out);

/* Collective. Marks events as INGEST_HELD; the same on any number of ranks. Each user of drawn pairs keeps one. */
status ingest_fold_hold(const stage *s, ingest_protocol protocol, const ingest_plan *p, const catalogue *c,
                        ingest_owned *owned);

#endif
