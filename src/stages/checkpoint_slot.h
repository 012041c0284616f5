/* One generation of a checkpoint, between memory and its folder. For stages/checkpoint.c. */
#ifndef STAGES_CHECKPOINT_SLOT_H
#define STAGES_CHECKPOINT_SLOT_H

#include "stages/checkpoint.h"

/* Collective. Writes the state as this generation over whatever stands in its folder, and takes note of it in *c. */
status checkpoint_slot_write(checkpoint *c, int64_t generation, int64_t step);

/* Local. Reads what this rank owns of the generation that *c holds, and checks it against the pieces named; rank 0 the
 * head too. Fails: STATUS_DATA, STATUS_MISSING, STATUS_IO where it is not as it was written. */
status checkpoint_slot_check(const checkpoint *c);

/* Local. Checks and reads what this rank owns of a generation into its memory. `piece` [1 + parts].
 * Fails: as checkpoint_slot_check; memory may then be overwritten in part. */
status checkpoint_slot_load(const checkpoint *c, int place, const checkpoint_piece *piece);

/* Collective. Gives everybody what rank 0 has loaded. */
status checkpoint_slot_share(const checkpoint *c);

/* Local. Bytes of the tensors that this rank writes. */
int64_t checkpoint_slot_bytes(const checkpoint *c);

#endif
