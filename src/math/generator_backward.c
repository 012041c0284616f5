/* The writer's backward pass through time and layers. */
#include "math/generator_pass.h"
#include "math/lstm.h"
#include "math/vectors.h"

/* Gradient of the states of step t, from the layer above and from the step after. */
static void gather(generator_pass *w, int l, int t) {
  const generator_shape *s = w->shape;
  const int n = w->batch->sequences, h = s->hidden;
  const int64_t step = (int64_t)n * h, facts = (int64_t)n * s->facts;
  const float *mask = generator_dropout_at(w, 1 + l, t), *from = w->d_dropped + t * step;
  if (mask != NULL)
    vectors_multiply(w->d_hidden, from, mask, step);
  else
    memcpy(w->d_hidden, from, (size_t)step * sizeof(float));
  if (l + 1 == s->layers && w->batch->slowness > 0) generator_penalty_step(w, t);
  if (t + 1 == w->batch->steps) return;
  generator_back_step(w, n, w->gates[l] + (t + 1) * 4 * step, &w->recurrent[l], w->d_hidden);
  if (l == 0) generator_product(0, 1, n, h, s->facts, w->read + (t + 1) * facts, w->p.read_recurrent, 1, w->d_hidden);
}

/* Back through time; gates become the gradients of their products, base the sum of these per sequence. */
static void backward_steps(generator_pass *w, int l) {
  const int n = w->batch->sequences, h = w->shape->hidden;
  const int64_t step = (int64_t)n * h;
  generator_turn(w, &w->recurrent[l]);
  memset(w->d_cell, 0, (size_t)step * sizeof(float));
  memset(w->base[l], 0, 4 * (size_t)step * sizeof(float));
  for (int t = w->batch->steps - 1; t >= 0; t--) {
    float *gates = w->gates[l] + t * 4 * step;
    const float *cell = w->cell[l] + t * step;
    gather(w, l, t);
    lstm_backward(n, h, gates, cell, cell + step, w->d_hidden, w->d_cell,
                  w->extra[l] == NULL ? NULL : w->extra[l] + t * step);
    if (l == 0 && w->extra[0] != NULL) generator_facts_step_back(w, t);
    vectors_add(w->base[l], gates, 4 * step);
    model_hook_pulse(w->batch->hook);
  }
}

static void recurrent_gradient(generator_pass *w, int l, generator_parameters *g) {
  const int h = w->shape->hidden;
  if (w->batch->dropout.recurrent <= 0) {
    generator_outer(w, h, w->state[l], g->recurrent[l]);
    return;
  }
  memset(w->turned, 0, 4 * (size_t)h * (size_t)h * sizeof(float));
  generator_outer(w, h, w->state[l], w->turned);
  generator_dropout_recurrent(w, l, w->turned, g->recurrent[l]);
}

/* Gradients of a layer's parameters, each as one product over all time steps, and of its input into d_input. */
static void backward_layer(generator_pass *w, int l, const float *input, generator_parameters *g) {
  const generator_shape *s = w->shape;
  const int n = w->batch->sequences, gates = 4 * s->hidden, rows = w->batch->steps * n;
  backward_steps(w, l);
  generator_outer_right(w, rows, gates, w->gates[l]);
  generator_outer(w, generator_input_width(s, l), input, g->input[l]);
  recurrent_gradient(w, l, g);
  for (int i = 0; i < n; i++) vectors_add(g->bias[l], w->base[l] + (int64_t)i * gates, gates);
  generator_product(1, 0, s->condition, gates, n, w->batch->condition, w->base[l], 1, g->condition[l]);
  generator_back(w, rows, w->gates[l], &w->input[l], w->d_input);
  if (s->facts == 0) return;
  generator_facts_layer_back(w, l, g);
  if (l == 0) generator_facts_end(w, g);
}

static void embedding_gradient(generator_pass *w, generator_parameters *g) {
  const generator_batch *b = w->batch;
  const int e = w->shape->embedding;
  for (int t = 0; t < b->steps; t++) {
    const float *mask = generator_dropout_at(w, 0, t);
    for (int n = 0; n < b->sequences; n++) {
      const int64_t row = (int64_t)t * b->sequences + n;
      float *from = w->d_dropped + row * e;
      if (mask != NULL) vectors_multiply(from, from, mask + (int64_t)n * e, e);
      vectors_add_scaled(g->embedding + (int64_t)b->input[row] * e,
                         w->token_kept == NULL ? 1 : w->token_kept[b->input[row]], from, e);
    }
  }
}

void generator_backward(generator_pass *w, generator_parameters *g) {
  for (int l = w->shape->layers - 1; l >= 0; l--) {
    backward_layer(w, l, l == 0 ? w->embedded : w->dropped[l - 1], g);
    float *swap = w->d_dropped;
    w->d_dropped = w->d_input;
    w->d_input = swap;
    model_hook_done(w->batch->hook, 1 + l);
  }
  model_hook_done(w->batch->hook, 1 + w->shape->layers);
  embedding_gradient(w, g);
  model_hook_done(w->batch->hook, 0);
}
