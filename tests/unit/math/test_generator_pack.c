#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "math/generator.h"
#include "support/suite.h"

enum { V = 211, N = 24, T = 20, C = 3, D = 5, ROWS = N * T };

typedef struct example {
  generator_shape shape;
  int64_t count;
  float *block, *exact, *rounded;
  int32_t input[ROWS], target[ROWS];
  float condition[N * C], weight[ROWS], facts[N * D];
  uint64_t ids[N];
  generator_batch batch;
} example;

static float *room(int64_t count) { return calloc((size_t)count, sizeof(float)); }

static example *example_open(generator_shape shape, generator_dropout dropout) {
  example *x = calloc(1, sizeof *x);
  x->shape = shape;
  x->count = generator_count(&shape);
  x->block = room(x->count);
  x->exact = room(x->count);
  x->rounded = room(x->count);
  generator_initialise(&shape, 5, x->block);
  random_stream r = random_open(6, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < x->count; i++) x->block[i] += 0.05f * random_normal(&r);
  for (int i = 0; i < ROWS; i++) {
    x->input[i] = (int32_t)random_below(&r, V);
    x->target[i] = i % 11 == 0 ? -1 : (int32_t)random_below(&r, V);
    x->weight[i] = 1 + 0.5f * random_normal(&r);
  }
  for (int i = 0; i < N * C; i++) x->condition[i] = random_normal(&r);
  for (int i = 0; i < N * D; i++) x->facts[i] = (float)random_below(&r, 2);
  for (int i = 0; i < N; i++) x->ids[i] = 70 + (uint64_t)i;
  x->batch = (generator_batch){.sequences = N,
                               .steps = T,
                               .input = x->input,
                               .target = x->target,
                               .condition = x->condition,
                               .weight = x->weight,
                               .dropout = dropout,
                               .seed = 9,
                               .ids = x->ids,
                               .facts = x->facts,
                               .facts_left = 0.1f};
  return x;
}

static void example_close(example *x) {
  free(x->block);
  free(x->exact);
  free(x->rounded);
  free(x);
}

static double learn(const example *x, uint16_t *packed, float *gradient, float *token_loss) {
  generator_batch b = x->batch;
  b.packed = packed;
  float *scratch = room(generator_scratch(&x->shape, &b));
  const double loss = generator_loss(&x->shape, x->block, &b, gradient, token_loss, scratch);
  free(scratch);
  return loss;
}

static uint16_t *pack(const example *x) {
  uint16_t *packed = calloc((size_t)generator_pack_count(&x->shape), sizeof *packed);
  float *scratch = room(4 * (int64_t)x->shape.hidden * x->shape.hidden);
  generator_pack(&x->shape, x->block, &x->batch, scratch, packed);
  free(scratch);
  return packed;
}

/* Losses and the gradient, relative to its length, against f32. */
static void check(example *x) {
  if (generator_pack_count(&x->shape) > 0) {
    uint16_t *packed = pack(x);
    float exact_loss[ROWS], rounded_loss[ROWS];
    const double exact = learn(x, NULL, x->exact, exact_loss), rounded = learn(x, packed, x->rounded, rounded_loss);
    CU_ASSERT_TRUE(suite_close(rounded, exact, 2e-3));
    for (int i = 0; i < ROWS; i++) CU_ASSERT_TRUE(fabsf(exact_loss[i] - rounded_loss[i]) < 0.1f);
    double apart = 0, length = 0;
    for (int64_t i = 0; i < x->count; i++) {
      const double one = (double)x->rounded[i] - (double)x->exact[i];
      apart += one * one;
      length += (double)x->exact[i] * (double)x->exact[i];
    }
    CU_ASSERT_TRUE(sqrt(apart / length) < 0.01);
    free(packed);
  }
  example_close(x);
}

static const generator_shape tied = {.vocabulary = V, .embedding = 40, .hidden = 50, .layers = 2, .condition = C};

static void rounded_products_stay_near(void) {
  check(example_open(tied, (generator_dropout){0}));
  const generator_shape untied = {
      .vocabulary = V, .embedding = 33, .hidden = 64, .layers = 1, .condition = C, .facts = D, .untied = 1};
  check(example_open(untied, (generator_dropout){0}));
}

static void rounded_products_know_dropout(void) {
  check(example_open(tied, (generator_dropout){.token = 0.1f, .input = 0.2f, .output = 0.3f, .recurrent = 0.4f}));
}

/* Logits far out of the range of exponentials, upwards and downwards. */
static void rounded_softmax_stands_large_logits(void) {
  for (int sign = -1; sign <= 1; sign += 2) {
    example *x = example_open(tied, (generator_dropout){0});
    float *bias = generator_at(&x->shape, x->block).output_bias;
    for (int v = 0; v < V; v++) bias[v] += (float)sign * 150;
    check(x);
  }
}

/* A sequence's losses do not depend on those beside it. */
static void rounded_rows_stand_alone(void) {
  example *x = example_open(tied, (generator_dropout){0});
  if (generator_pack_count(&x->shape) > 0) {
    uint16_t *packed = pack(x);
    float all[ROWS], few[ROWS];
    int32_t input[ROWS], target[ROWS];
    enum { FEW = 5 };
    learn(x, packed, NULL, all);
    for (int t = 0; t < T; t++)
      for (int n = 0; n < FEW; n++) {
        input[t * FEW + n] = x->input[t * N + n];
        target[t * FEW + n] = x->target[t * N + n];
      }
    x->batch.sequences = FEW;
    x->batch.input = input;
    x->batch.target = target;
    learn(x, packed, NULL, few);
    for (int t = 0; t < T; t++)
      for (int n = 0; n < FEW; n++) CU_ASSERT_EQUAL(few[t * FEW + n], all[t * N + n]);
    free(packed);
  }
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(rounded_products_stay_near),
      TEST(rounded_products_know_dropout),
      TEST(rounded_softmax_stands_large_logits),
      TEST(rounded_rows_stand_alone),
  };
  return SUITE_RUN("generator_pack", tests);
}
