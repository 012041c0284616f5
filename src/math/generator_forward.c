/* The writer's forward pass up to the last layer's states. */
#include "math/generator_pass.h"
#include "math/lstm.h"
#include "math/vectors.h"

static void embed(generator_pass *w) {
  const generator_batch *b = w->batch;
  const int e = w->shape->embedding;
  for (int t = 0; t < b->steps; t++) {
    const float *mask = generator_dropout_at(w, 0, t);
    for (int n = 0; n < b->sequences; n++) {
      const int64_t row = (int64_t)t * b->sequences + n;
      const int token = b->input[row];
      float *out = w->embedded + row * e;
      memset(out, 0, (size_t)e * sizeof *out);
      vectors_add_scaled(out, w->token_kept == NULL ? 1 : w->token_kept[token], w->p.embedding + (int64_t)token * e, e);
      if (mask != NULL) vectors_multiply(out, out, mask + (int64_t)n * e, e);
    }
  }
}

static void start(generator_pass *w, int l) {
  const size_t count = (size_t)w->batch->sequences * (size_t)w->shape->hidden, bytes = count * sizeof(float);
  const float *from = w->batch->start;
  if (from == NULL) {
    memset(w->cell[l], 0, bytes);
    memset(w->state[l], 0, bytes);
  } else {
    memcpy(w->cell[l], from + 2 * (size_t)l * count, bytes);
    memcpy(w->state[l], from + (2 * (size_t)l + 1) * count, bytes);
  }
}

static void finish(generator_pass *w, int l) {
  const generator_batch *b = w->batch;
  const size_t count = (size_t)b->sequences * (size_t)w->shape->hidden, last = (size_t)b->steps * count;
  memcpy(b->end + 2 * (size_t)l * count, w->cell[l] + last, count * sizeof(float));
  memcpy(b->end + (2 * (size_t)l + 1) * count, w->state[l] + last, count * sizeof(float));
}

static void run_steps(generator_pass *w, int l) {
  const generator_batch *b = w->batch;
  const int n = b->sequences, h = w->shape->hidden;
  const size_t step = (size_t)n * (size_t)h;
  for (int t = 0; t < b->steps; t++) {
    float *gates = w->gates[l] + (size_t)t * 4 * step, *state = w->state[l] + (size_t)t * step;
    float *cell = w->cell[l] + (size_t)t * step;
    if (t > 0 || b->start != NULL) generator_ahead(w, n, state, &w->recurrent[l], 1, gates);
    if (l == 0 && w->extra[0] != NULL) generator_facts_step(w, t);
    lstm_forward(n, h, gates, w->base[l], cell, w->extra[l] == NULL ? NULL : w->extra[l] + (size_t)t * step,
                 cell + step, state + step);
    if (w->mask[1 + l].share > 0)
      vectors_multiply(w->dropped[l] + (size_t)t * step, state + step, generator_dropout_at(w, 1 + l, t),
                       (int64_t)step);
  }
}

static void forward_layer(generator_pass *w, int l, const float *input) {
  const generator_shape *s = w->shape;
  const generator_batch *b = w->batch;
  const int n = b->sequences, gates = 4 * s->hidden;
  for (int i = 0; i < n; i++)
    memcpy(w->base[l] + (size_t)i * (size_t)gates, w->p.bias[l], (size_t)gates * sizeof(float));
  generator_product(0, 0, n, gates, s->condition, b->condition, w->p.condition[l], 1, w->base[l]);
  generator_ahead(w, b->steps * n, input, &w->input[l], 0, w->gates[l]);
  start(w, l);
  if (s->facts > 0 && l == 0) generator_facts_begin(w);
  if (s->facts > 0 && l > 0) generator_facts_layer(w, l);
  run_steps(w, l);
}

void generator_forward(generator_pass *w) {
  generator_dropout_draw(w);
  embed(w);
  for (int l = 0; l < w->shape->layers; l++) forward_layer(w, l, l == 0 ? w->embedded : w->dropped[l - 1]);
  for (int l = 0; l < w->shape->layers && w->batch->end != NULL; l++) finish(w, l);
}
