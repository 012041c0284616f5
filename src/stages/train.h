/* Stage train: learns how the platform writes.
 *
 * Reads   inputs.copy.paths; work/ingest/items.nmt; work/factorise/items.nmt.
 * Writes  work/train/tokeniser.nmt, generator.nmt, discriminator.nmt, copy.nmt.
 * Speaks  a broadcast of the tokeniser; per minibatch the gradients of its lanes, summed in a fixed tree; samples.
 * Restarts  from the last optimiser step, piece of samples, round or point of the gate that was saved
 *           (stages/checkpoint.h); the tokeniser is trained again.
 * Fails   STATUS_MISSING (no copy), STATUS_DATA (a column is missing, too few good lines), STATUS_IO, STATUS_BUG. */
#ifndef STAGES_TRAIN_H
#define STAGES_TRAIN_H

#include "stages/stage.h"

status train_run(stage *s);

#endif
