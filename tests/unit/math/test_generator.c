#include "math/generator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/generator_plain.h"
#include "support/suite.h"

enum { V = 19, N = 3, T = 5, C = 4, D = 3, MOST = 2 * GENERATOR_LAYERS_MOST * N * 8 };

typedef struct example {
  generator_shape shape;
  int64_t count;
  float *block, *gradient, *scratch;
  double *exact; /* the same parameters in double */
  int32_t input[T * N], target[T * N];
  float condition[N * C], weight[T * N], facts[N * D], start[MOST], end[MOST];
  uint64_t ids[N];
  generator_batch batch;
} example;

static void draw_texts(example *x, random_stream *r) {
  for (int i = 0; i < T * N; i++) {
    x->input[i] = (int32_t)random_below(r, V);
    x->target[i] = (int32_t)random_below(r, V);
    x->weight[i] = random_normal(r);
  }
  x->target[T * N - 1] = x->target[T * N - 2] = x->target[T * N - 4] = -1; /* padding of a shorter sequence */
  for (int i = 0; i < N * C; i++) x->condition[i] = random_normal(r);
  for (int i = 0; i < N; i++) x->ids[i] = 70 + (uint64_t)i;
  for (int i = 0; i < N * D; i++) x->facts[i] = (float)random_below(r, 2);
  for (int i = 0; i < MOST; i++) x->start[i] = 0.5f * random_normal(r);
}

static example *example_open(generator_shape shape, generator_dropout dropout) {
  example *x = calloc(1, sizeof *x);
  x->shape = shape;
  x->shape.vocabulary = V;
  x->shape.condition = C;
  x->count = generator_count(&x->shape);
  x->block = calloc((size_t)x->count, sizeof *x->block);
  x->gradient = calloc((size_t)x->count, sizeof *x->gradient);
  x->exact = calloc((size_t)x->count, sizeof *x->exact);
  generator_initialise(&x->shape, 5, x->block);
  random_stream r = random_open(6, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < x->count; i++) x->block[i] += 0.2f * random_normal(&r);
  for (int64_t i = 0; i < x->count; i++) x->exact[i] = (double)x->block[i];
  draw_texts(x, &r);
  x->batch = (generator_batch){.sequences = N,
                               .steps = T,
                               .input = x->input,
                               .target = x->target,
                               .condition = x->condition,
                               .weight = x->weight,
                               .dropout = dropout,
                               .seed = 9,
                               .ids = x->ids,
                               .step = 2,
                               .facts = x->facts};
  x->scratch = calloc((size_t)generator_scratch(&x->shape, &x->batch), sizeof *x->scratch);
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
static void check_gradient(example *x) {
  double end[MOST];
  const double loss = generator_loss(&x->shape, x->block, &x->batch, x->gradient, NULL, x->scratch);
  CU_ASSERT_TRUE(suite_close(loss, generator_plain_loss(&x->shape, x->exact, &x->batch, end), 1e-5));
  for (int i = 0; i < 2 * x->shape.layers * N * x->shape.hidden && x->batch.end != NULL; i++)
    CU_ASSERT_TRUE(fabs((double)x->end[i] - end[i]) < 1e-5);
  double worst = 0;
  for (int64_t i = 0; i < x->count; i++) {
    const double step = 1e-5, before = x->exact[i];
    x->exact[i] = before + step;
    const double up = generator_plain_loss(&x->shape, x->exact, &x->batch, NULL);
    x->exact[i] = before - step;
    const double down = generator_plain_loss(&x->shape, x->exact, &x->batch, NULL);
    x->exact[i] = before;
    const double error = fabs((up - down) / (2 * step) - (double)x->gradient[i]);
    if (error > worst) worst = error;
  }
  CU_ASSERT_TRUE(worst < 2e-4);
  example_close(x);
}

static const generator_shape one_layer = {.embedding = 6, .hidden = 6, .layers = 1};
static const generator_shape two_layers = {.embedding = 5, .hidden = 7, .layers = 2};

static void gradient_agrees_with_differences_one_layer(void) {
  check_gradient(example_open(one_layer, (generator_dropout){0}));
}

static void gradient_agrees_with_differences_two_layers_and_projection(void) {
  check_gradient(example_open(two_layers, (generator_dropout){0}));
}

static void gradient_agrees_with_differences_four_layers_untied(void) {
  const generator_shape shape = {.embedding = 5, .hidden = 6, .layers = 4, .untied = 1};
  check_gradient(example_open(shape, (generator_dropout){0}));
}

static void gradient_agrees_with_differences_under_dropout(void) {
  check_gradient(example_open(two_layers, generator_dropout_even(0.4f)));
}

static void gradient_agrees_with_differences_under_every_dropout(void) {
  const generator_dropout dropout = {.token = 0.2f, .input = 0.3f, .between = 0.25f, .output = 0.4f, .recurrent = 0.5f};
  check_gradient(example_open(two_layers, dropout));
  generator_dropout per_step = dropout;
  per_step.per_step = 1;
  check_gradient(example_open(two_layers, per_step));
}

static void gradient_agrees_with_differences_over_running_text(void) {
  example *x = example_open(two_layers, (generator_dropout){.output = 0.3f, .recurrent = 0.3f});
  x->batch.start = x->start;
  x->batch.end = x->end;
  x->batch.activation = 2;
  x->batch.slowness = 1;
  check_gradient(x);
}

static void gradient_agrees_with_differences_with_facts(void) {
  for (int layers = 1; layers <= 2; layers++) {
    const generator_shape shape = {.embedding = 5, .hidden = 6, .layers = layers, .facts = D};
    example *x = example_open(shape, generator_dropout_even(0.2f));
    x->batch.facts_left = 0.7f;
    x->batch.facts_jump = 0.05f;
    x->batch.start = layers == 2 ? x->start : NULL;
    check_gradient(x);
  }
}

/* A text in two pieces, with the state carried over, against the whole text. */
static void carried_states_give_the_whole_texts_losses(void) {
  example *x = example_open(two_layers, (generator_dropout){0});
  float whole[T * N], pieces[T * N];
  generator_loss(&x->shape, x->block, &x->batch, NULL, whole, x->scratch);
  generator_batch piece = x->batch;
  piece.steps = 2;
  piece.end = x->end;
  generator_loss(&x->shape, x->block, &piece, NULL, pieces, x->scratch);
  piece.steps = T - 2;
  piece.input += 2 * N;
  piece.target += 2 * N;
  piece.weight += 2 * N;
  piece.start = x->end;
  generator_loss(&x->shape, x->block, &piece, NULL, pieces + 2 * N, x->scratch);
  for (int i = 0; i < T * N; i++) CU_ASSERT_EQUAL(whole[i], pieces[i]);
  example_close(x);
}

static void token_losses_sum_to_the_loss(void) {
  example *x = example_open(one_layer, (generator_dropout){0});
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
  example *x = example_open(one_layer, (generator_dropout){0});
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
      TEST(gradient_agrees_with_differences_four_layers_untied),
      TEST(gradient_agrees_with_differences_under_dropout),
      TEST(gradient_agrees_with_differences_under_every_dropout),
      TEST(gradient_agrees_with_differences_over_running_text),
      TEST(gradient_agrees_with_differences_with_facts),
      TEST(carried_states_give_the_whole_texts_losses),
      TEST(token_losses_sum_to_the_loss),
      TEST(gradients_add_up),
  };
  return SUITE_RUN("generator", tests);
}
