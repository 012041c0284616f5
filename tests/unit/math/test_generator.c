#include "math/generator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/generator_plain.h"
#include "support/suite.h"

enum { V = 19, N = 3, T = 5, C = 4 };

typedef struct example {
  generator_shape shape;
  int64_t count;
  float *block, *gradient, *scratch;
  double *exact; /* the same parameters in double */
  int32_t input[T * N], target[T * N];
  float condition[N * C], weight[T * N];
  uint64_t ids[N];
  generator_batch batch;
} example;

static example *example_open(int embedding, int hidden, int layers, float dropout) {
  example *x = calloc(1, sizeof *x);
  x->shape = (generator_shape){V, embedding, hidden, layers, C};
  x->count = generator_count(&x->shape);
  x->block = calloc((size_t)x->count, sizeof *x->block);
  x->gradient = calloc((size_t)x->count, sizeof *x->gradient);
  x->exact = calloc((size_t)x->count, sizeof *x->exact);
  x->scratch = calloc((size_t)generator_scratch(&x->shape, N, T), sizeof *x->scratch);
  generator_initialise(&x->shape, 5, x->block);
  random_stream r = random_open(6, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < x->count; i++) x->block[i] += 0.2f * random_normal(&r);
  for (int64_t i = 0; i < x->count; i++) x->exact[i] = (double)x->block[i];
  for (int i = 0; i < T * N; i++) {
    x->input[i] = (int32_t)random_below(&r, V);
    x->target[i] = (int32_t)random_below(&r, V);
    x->weight[i] = random_normal(&r);
  }
  x->target[T * N - 1] = x->target[T * N - 2] = x->target[T * N - 4] = -1; /* padding of a shorter sequence */
  for (int i = 0; i < N * C; i++) x->condition[i] = random_normal(&r);
  for (int i = 0; i < N; i++) x->ids[i] = 70 + (uint64_t)i;
  x->batch = (generator_batch){N, T, x->input, x->target, x->condition, x->weight, dropout, 9, x->ids, 2};
  return x;
}

static void example_close(example *x) {
  free(x->block);
  free(x->gradient);
  free(x->exact);
  free(x->scratch);
  free(x);
}

/* Every entry of the gradient against a central difference of the twin's loss in double. */
static void check_gradient(int embedding, int hidden, int layers, float dropout) {
  example *x = example_open(embedding, hidden, layers, dropout);
  const double loss = generator_loss(&x->shape, x->block, &x->batch, x->gradient, NULL, x->scratch);
  CU_ASSERT_TRUE(suite_close(loss, generator_plain_loss(&x->shape, x->exact, &x->batch), 1e-5));
  double worst = 0;
  for (int64_t i = 0; i < x->count; i++) {
    const double step = 1e-5, before = x->exact[i];
    x->exact[i] = before + step;
    const double up = generator_plain_loss(&x->shape, x->exact, &x->batch);
    x->exact[i] = before - step;
    const double down = generator_plain_loss(&x->shape, x->exact, &x->batch);
    x->exact[i] = before;
    const double error = fabs((up - down) / (2 * step) - (double)x->gradient[i]);
    if (error > worst) worst = error;
  }
  CU_ASSERT_TRUE(worst < 2e-4);
  example_close(x);
}

static void gradient_agrees_with_differences_one_layer(void) { check_gradient(6, 6, 1, 0); }
static void gradient_agrees_with_differences_two_layers_and_projection(void) { check_gradient(5, 7, 2, 0); }
static void gradient_agrees_with_differences_under_dropout(void) { check_gradient(6, 6, 2, 0.4f); }

static void token_losses_sum_to_the_loss(void) {
  example *x = example_open(6, 6, 1, 0);
  x->batch.weight = NULL;
  float losses[T * N];
  const double loss = generator_loss(&x->shape, x->block, &x->batch, NULL, losses, x->scratch);
  double sum = 0;
  for (int i = 0; i < T * N; i++) sum += (double)losses[i];
  CU_ASSERT_TRUE(suite_close(loss, sum, 1e-6));
  CU_ASSERT_EQUAL(losses[T * N - 1], 0);
  example_close(x);
}

static void gradients_add_up(void) {
  example *x = example_open(6, 6, 1, 0);
  generator_loss(&x->shape, x->block, &x->batch, x->gradient, NULL, x->scratch);
  float *once = malloc((size_t)x->count * sizeof *once);
  memcpy(once, x->gradient, (size_t)x->count * sizeof *once);
  generator_loss(&x->shape, x->block, &x->batch, x->gradient, NULL, x->scratch);
  for (int64_t i = 0; i < x->count; i++) CU_ASSERT_TRUE(suite_close((double)x->gradient[i], 2 * (double)once[i], 1e-5));
  free(once);
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(gradient_agrees_with_differences_one_layer),
      TEST(gradient_agrees_with_differences_two_layers_and_projection),
      TEST(gradient_agrees_with_differences_under_dropout),
      TEST(token_losses_sum_to_the_loss),
      TEST(gradients_add_up),
  };
  return SUITE_RUN("generator", tests);
}
