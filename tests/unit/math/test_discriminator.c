#include "math/discriminator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/discriminator_plain.h"
#include "support/suite.h"

enum { V = 23, N = 4, T = 7, C = 3 };

static const discriminator_shape shape = {V, 5, 6, 8, C};

typedef struct example {
  int64_t count;
  float *block, *gradient, *scratch;
  double *exact;
  int32_t token[N * T], length[N];
  float condition[N * C], label[N];
  uint64_t ids[N];
  discriminator_batch batch;
} example;

static example *example_open(void) {
  example *x = calloc(1, sizeof *x);
  x->count = discriminator_count(&shape);
  x->block = calloc((size_t)x->count, sizeof *x->block);
  x->gradient = calloc((size_t)x->count, sizeof *x->gradient);
  x->exact = calloc((size_t)x->count, sizeof *x->exact);
  x->scratch = calloc((size_t)discriminator_scratch(&shape, T), sizeof *x->scratch);
  discriminator_initialise(&shape, 2, x->block);
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < x->count; i++) {
    x->block[i] += 0.1f * random_normal(&r);
    x->exact[i] = (double)x->block[i];
  }
  for (int i = 0; i < N * T; i++) x->token[i] = (int32_t)random_below(&r, V);
  for (int i = 0; i < N * C; i++) x->condition[i] = random_normal(&r);
  const int32_t lengths[N] = {7, 1, 3, 5};
  const float labels[N] = {1, 0, 0.9f, 0};
  memcpy(x->length, lengths, sizeof lengths);
  memcpy(x->label, labels, sizeof labels);
  for (int i = 0; i < N; i++) x->ids[i] = (uint64_t)i;
  x->batch = (discriminator_batch){N, T, x->token, x->length, x->condition, x->label, 0, 1, x->ids, 0};
  return x;
}

static void example_close(example *x) {
  free(x->block);
  free(x->gradient);
  free(x->exact);
  free(x->scratch);
  free(x);
}

static void gradient_agrees_with_differences(void) {
  example *x = example_open();
  const double loss = discriminator_loss(&shape, x->block, &x->batch, x->gradient, x->scratch);
  CU_ASSERT_TRUE(suite_close(loss, discriminator_plain_loss(&shape, x->exact, &x->batch), 1e-5));
  double worst = 0;
  int moved = 0;
  for (int64_t i = 0; i < x->count; i++) {
    const double step = 1e-6, before = x->exact[i];
    x->exact[i] = before + step;
    const double up = discriminator_plain_loss(&shape, x->exact, &x->batch);
    x->exact[i] = before - step;
    const double down = discriminator_plain_loss(&shape, x->exact, &x->batch);
    x->exact[i] = before;
    worst = fmax(worst, fabs((up - down) / (2 * step) - (double)x->gradient[i]));
    moved += x->gradient[i] != 0;
  }
  CU_ASSERT_TRUE(worst < 1e-4);
  CU_ASSERT_TRUE(moved > x->count / 4);
  example_close(x);
}

static void a_score_does_not_depend_on_the_batch(void) {
  example *x = example_open();
  float all[N], one;
  discriminator_score(&shape, x->block, &x->batch, all, x->scratch);
  for (int n = 0; n < N; n++) {
    discriminator_batch alone = x->batch;
    alone.texts = 1;
    alone.token += n * T;
    alone.length += n;
    alone.condition += n * C;
    discriminator_score(&shape, x->block, &alone, &one, x->scratch);
    CU_ASSERT_EQUAL(memcmp(&one, &all[n], sizeof one), 0);
  }
  example_close(x);
}

/* The same step draws the same mask, another step another one. */
static void dropout_is_keyed_by_step(void) {
  example *x = example_open();
  x->batch.dropout = 0.5f;
  const double first = discriminator_loss(&shape, x->block, &x->batch, NULL, x->scratch);
  CU_ASSERT_EQUAL(first, discriminator_loss(&shape, x->block, &x->batch, NULL, x->scratch));
  x->batch.step = 1;
  CU_ASSERT_NOT_EQUAL(first, discriminator_loss(&shape, x->block, &x->batch, NULL, x->scratch));
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(gradient_agrees_with_differences),
      TEST(a_score_does_not_depend_on_the_batch),
      TEST(dropout_is_keyed_by_step),
  };
  return SUITE_RUN("discriminator", tests);
}
