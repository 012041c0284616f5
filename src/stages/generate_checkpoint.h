/* What the writer said in the first round, kept until the night is whole: a job that is killed before that does not ask
 * it again. */
#ifndef STAGES_GENERATE_CHECKPOINT_H
#define STAGES_GENERATE_CHECKPOINT_H

#include "stages/generate_candidates.h"

/* Local. Saves the proposals of logical partition `index` of `count`. */
status generate_checkpoint_save(const stage *s, int index, int count, const generate_proposals *p);

/* Local. *found is 0 where there is none, where it is of other settings, inputs or another night, or where it is
 * damaged: then the writer is asked again. */
status generate_checkpoint_load(const stage *s, const generate_part *p, int count, generate_proposals *out, int *found);

/* Local. Removes it. */
status generate_checkpoint_remove(const stage *s, int index, int count);

#endif
