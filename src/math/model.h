/* The trainable models as the data-parallel loop sees them: one row each. A new model is a pair of files and a row. */
#ifndef MATH_MODEL_H
#define MATH_MODEL_H

#include <stdint.h>

typedef struct model {
  const char *name;
  int64_t (*count)(const void *shape); /* parameters */
  void (*initialise)(const void *shape, uint64_t seed, float *block);
  int64_t (*scratch)(const void *shape, const void *batch); /* floats */
  /* Sum of the losses of a batch; adds its gradient to `gradient` unless that is NULL. */
  double (*loss)(const void *shape, const float *block, const void *batch, float *gradient, float *scratch);
} model;

/* shape, batch: generator_shape, generator_batch */
extern const model model_generator;
/* shape, batch: discriminator_shape, discriminator_batch */
extern const model model_discriminator;

#endif
