#include "math/model.h"

#include <stddef.h>

#include "math/discriminator.h"
#include "math/generator.h"

static int64_t writer_count(const void *shape) { return generator_count(shape); }

static void writer_initialise(const void *shape, uint64_t seed, float *block) {
  generator_initialise(shape, seed, block);
}

static int64_t writer_scratch(const void *shape, const void *batch) { return generator_scratch(shape, batch); }

static double writer_loss(const void *shape, const float *block, const void *batch, float *gradient, float *scratch) {
  return generator_loss(shape, block, batch, gradient, NULL, scratch);
}

static int64_t judge_count(const void *shape) { return discriminator_count(shape); }

static void judge_initialise(const void *shape, uint64_t seed, float *block) {
  discriminator_initialise(shape, seed, block);
}

static int64_t judge_scratch(const void *shape, const void *batch) {
  return discriminator_scratch(shape, ((const discriminator_batch *)batch)->steps);
}

static double judge_loss(const void *shape, const float *block, const void *batch, float *gradient, float *scratch) {
  return discriminator_loss(shape, block, batch, gradient, scratch);
}

const model model_generator = {"generator", writer_count, writer_initialise, writer_scratch, writer_loss};
const model model_discriminator = {"discriminator", judge_count, judge_initialise, judge_scratch, judge_loss};
