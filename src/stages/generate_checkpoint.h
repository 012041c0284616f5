/* What the writer said, by round and logical partition, kept until the night is whole: a job that is killed before that
 * does not ask it again. A partition that was left half-way is kept as far as it was.
 * Files: work/generate/proposals-I-of-P.nmt of the first round, proposals-ROUND-I-of-P.nmt of the later ones. */
#ifndef STAGES_GENERATE_CHECKPOINT_H
#define STAGES_GENERATE_CHECKPOINT_H

#include "stages/generate_candidates.h"

/* Local. Saves the proposals of logical partition `index` of `count`. */
status generate_checkpoint_save(const stage *s, int round, int index, int count, const generate_proposals *p);

/* What was found. */
typedef enum generate_found {
  GENERATE_NOTHING, /* nothing, or something of other settings, inputs or another night */
  GENERATE_DAMAGED, /* the writer must be asked again */
  GENERATE_KEPT
} generate_found;

/* Local. *out is {0} unless something was kept. Fails: STATUS_BUG (memory). */
status generate_checkpoint_load(const stage *s, int round, const generate_part *p, int count, generate_proposals *out,
                                generate_found *found);

/* Local. Removes those of all rounds. */
status generate_checkpoint_remove(const stage *s, int index, int count);

#endif
