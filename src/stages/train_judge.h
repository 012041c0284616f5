/* The discriminator at its work: learning from real and sampled texts, and giving rewards to beginnings of texts. */
#ifndef STAGES_TRAIN_JUDGE_H
#define STAGES_TRAIN_JUDGE_H

#include "stages/train_loop.h"
#include "stages/train_sample.h"

typedef struct train_judge {
  stage *stage;
  const train_data *data;
  train_loop loop;
  discriminator_shape shape;
  train_options options;
  float *scratch; /* for texts of DECODE_TOKENS_MOST tokens */
  /* the minibatch at hand */
  const train_text *real, *sampled;
  int64_t real_count, sampled_count;
  arena arena;
  discriminator_batch batch;
} train_judge;

/* Local. Memory comes from the stage's arena; to be freed by train_judge_free. */
status train_judge_create(stage *s, const train_data *d, train_judge *out);
void train_judge_free(train_judge *j);

/* Collective. One step on real and sampled texts; *loss is their mean cross-entropy before it. */
status train_judge_step(train_judge *j, const train_text *real, int64_t real_count, const train_text *sampled,
                        int64_t sampled_count, double *loss);

/* Local. chance [count]: that a person wrote the text. */
status train_judge_score(const train_judge *j, const train_text *texts, int64_t count, arena *a, float *chance);

#endif
