/* Tuning the writer against a discriminator (Yu et al., SeqGAN, AAAI 2017), and the gate that decides whether what
 * comes of it is better than what went in. */
#ifndef STAGES_TRAIN_GAN_H
#define STAGES_TRAIN_GAN_H

#include "stages/train_sample.h"

/* A place in the plane of quality and diversity. */
typedef struct train_point {
  double temperature;
  double quality;   /* −log perplexity of the samples under a trigram of the copy */
  double diversity; /* distinct-2: different pairs of tokens over pairs (Li et al. 2016) */
} train_point;

enum { TRAIN_CURVE = 5 };

typedef struct train_gate {
  train_point curve[TRAIN_CURVE]; /* the learned writer over temperatures */
  train_point tuned;
  double bar;  /* the curve's quality at the tuned writer's diversity */
  int shipped; /* 1: the tuned writer is shipped */
} train_gate;

typedef struct train_gan {
  discriminator_shape judge_shape;
  float *judge;    /* [discriminator_count]; the discriminator as it stands in the end */
  float *block;    /* the tuned writer */
  double accuracy; /* of the discriminator on the last round's texts */
} train_gan;

/* Collective. `block`: the learned writer, left as it is. */
status train_gan_run(stage *s, const train_data *d, const train_sampler *sampler, const float *block, train_gan *out);

/* Collective. Compares the tuned with the learned writer at equal diversity; the same verdict on all ranks. */
status train_gate_run(stage *s, const train_data *d, const train_sampler *sampler, const float *learned,
                      const float *tuned, train_gate *out);

#endif
