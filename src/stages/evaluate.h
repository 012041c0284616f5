/* Judges every model of a job, and their blend, by a test that ingest has held back.
 *
 * Weights are learned as in a night, before and after the validation cut of what is left; then all is fitted to both,
 * and each model ranks all items that are available and that the user has not touched.
 *
 * Reads     work/ingest/items, users-I-of-P, of a run with STAGE_EVALUATE
 * Writes    work/evaluate/verdicts.jsonl: a line for each model, for the blend, and for the ratings where feedback is
 *           explicit; the same bytes on any number of ranks
 * Speaks    as the models, the ranking and the verdict do
 * Restarts  from the beginning
 * Fails     STATUS_DATA where no user with a past has a target; as the models do */
#ifndef STAGES_EVALUATE_H
#define STAGES_EVALUATE_H

#include "stages/stage.h"

status evaluate_run(stage *s);

/* Local. RUN/work/evaluate/verdicts.jsonl */
status evaluate_path(const char *run, arena *a, char **out);

#endif
