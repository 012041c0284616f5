/* The lines that the writer learns from, as far as planning needs them: tokenised by the job's own tokeniser. */
#ifndef STAGES_PLAN_COPY_H
#define STAGES_PLAN_COPY_H

#include "data/copy.h"
#include "stages/plan_numbers.h"
#include "stages/plan_rates.h"
#include "stages/stage.h"

/* Local. Reads inputs.copy.paths and sets the members of `n` about copy and the writer's vocabulary; rate of training
 * the tokeniser.
 *   *lines  distinct lines with a known tone and language, in the order of their hashes; the arena's
 * Fails: STATUS_MISSING, STATUS_DATA, as training would. */
status plan_copy_read(const stage *s, plan_numbers *n, plan_rates *r, copy *lines);

#endif
