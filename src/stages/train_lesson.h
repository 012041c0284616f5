/* The discriminator's lesson before the first round of adversarial tuning: one large draw of the untuned writer, taken
 * in pieces, then steps on it and on real lines. */
#ifndef STAGES_TRAIN_LESSON_H
#define STAGES_TRAIN_LESSON_H

#include "stages/train_judge.h"

/* Collective. gan.discriminator_steps steps of `judge`; `block`: the writer. Goes on where a killed job has left it. */
status train_lesson_run(stage *s, const train_data *d, const train_sampler *sampler, const float *block,
                        train_judge *judge);

#endif
