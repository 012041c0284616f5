/* The trainable models as the data-parallel loop sees them: one row each. A new model is a pair of files and a row. */
#ifndef MATH_MODEL_H
#define MATH_MODEL_H

#include <stdint.h>

#include "math/model_hook.h"

enum { MODEL_BUCKETS_MOST = 16 };

typedef struct model {
  const char *name;
  int64_t (*count)(const void *shape); /* parameters */
  void (*initialise)(const void *shape, uint64_t seed, float *block);
  /* The block in buckets; start [MODEL_BUCKETS_MOST + 1], to the end of the last. Returns how many. */
  int (*buckets)(const void *shape, int64_t *start);
  /* Weights as faster products need them, formed once for all batches of a step: their length, 0 where there is none;
   * then the packing, with `scratch` for one of these batches. */
  int64_t (*pack_count)(const void *shape);
  void (*pack)(const void *shape, const float *block, const void *batch, float *scratch, uint16_t *packed);
  int64_t (*scratch)(const void *shape, const void *batch, const uint16_t *packed); /* floats */
  /* Sum of the losses of a batch; adds its gradient to `gradient` unless that is NULL.
   *   packed  NULL: none
   *   hook    told of the gradient's buckets; NULL: nobody */
  double (*loss)(const void *shape, const float *block, const void *batch, const uint16_t *packed,
                 const model_hook *hook, float *gradient, float *scratch);
} model;

/* shape, batch: generator_shape, generator_batch */
extern const model model_generator;
/* shape, batch: discriminator_shape, discriminator_batch */
extern const model model_discriminator;

#endif
