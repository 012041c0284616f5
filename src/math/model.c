#include "math/model.h"

#include <stddef.h>

#include "math/discriminator.h"
#include "math/generator.h"

static int64_t writer_count(const void *shape) { return generator_count(shape); }

static void writer_initialise(const void *shape, uint64_t seed, float *block) {
  generator_initialise(shape, seed, block);
}

static int writer_buckets(const void *shape, int64_t *start) { return generator_buckets(shape, start); }

static int64_t writer_pack_count(const void *shape) { return generator_pack_count(shape); }

static void writer_pack(const void *shape, const float *block, const void *batch, float *scratch, uint16_t *packed) {
  generator_pack(shape, block, batch, scratch, packed);
}

static int64_t writer_scratch(const void *shape, const void *batch, const uint16_t *packed) {
  generator_batch b = *(const generator_batch *)batch;
  b.packed = packed;
  return generator_scratch(shape, &b);
}

static double writer_loss(const void *shape, const float *block, const void *batch, const uint16_t *packed,
                          const model_hook *hook, float *gradient, float *scratch) {
  generator_batch b = *(const generator_batch *)batch;
  b.packed = packed;
  b.hook = hook;
  return generator_loss(shape, block, &b, gradient, NULL, scratch);
}

static int64_t judge_count(const void *shape) { return discriminator_count(shape); }

static void judge_initialise(const void *shape, uint64_t seed, float *block) {
  discriminator_initialise(shape, seed, block);
}

static int judge_buckets(const void *shape, int64_t *start) {
  start[0] = 0;
  start[1] = discriminator_count(shape);
  return 1;
}

static int64_t judge_pack_count(const void *shape) {
  (void)shape;
  return 0;
}

static int64_t judge_scratch(const void *shape, const void *batch, const uint16_t *packed) {
  (void)packed;
  return discriminator_scratch(shape, ((const discriminator_batch *)batch)->steps);
}

static double judge_loss(const void *shape, const float *block, const void *batch, const uint16_t *packed,
                         const model_hook *hook, float *gradient, float *scratch) {
  (void)packed;
  const double loss = discriminator_loss(shape, block, batch, gradient, scratch);
  if (gradient != NULL) model_hook_done(hook, 0);
  return loss;
}

const model model_generator = {.name = "generator",
                               .count = writer_count,
                               .initialise = writer_initialise,
                               .buckets = writer_buckets,
                               .pack_count = writer_pack_count,
                               .pack = writer_pack,
                               .scratch = writer_scratch,
                               .loss = writer_loss};
const model model_discriminator = {.name = "discriminator",
                                   .count = judge_count,
                                   .initialise = judge_initialise,
                                   .buckets = judge_buckets,
                                   .pack_count = judge_pack_count,
                                   .scratch = judge_scratch,
                                   .loss = judge_loss};
