/* The writer's facts: the reading gate of the SC-LSTM and what follows from it. */
#include <math.h>

#include "math/generator_pass.h"
#include "math/rows.h"
#include "math/vectors.h"

/* The base of the penalty of large steps. */
static const float jump_base = 100;

/* r from its product and bias, then d of this step. */
KERNEL static void read_facts(int rows, int width, const float *bias, float *restrict read,
                              const float *restrict before, float *restrict after) {
  for (int n = 0; n < rows; n++)
    for (int k = 0; k < width; k++) {
      const int i = n * width + k;
      read[i] = kernel_sigmoid(read[i] + bias[k]);
      after[i] = read[i] * before[i];
    }
}

/* `carried` in: gradient of d_t by later steps, out: of d_{t-1}; `read` in: r, out: gradient of its product. */
KERNEL static void read_facts_back(int count, const float *restrict d_facts, const float *restrict before,
                                   float *restrict read, float *restrict carried) {
  for (int i = 0; i < count; i++) {
    const float r = read[i], d = d_facts[i] + carried[i];
    carried[i] = d * r;
    read[i] = d * before[i] * r * (1 - r);
  }
}

KERNEL static void squash_facts(float *x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) x[i] = kernel_tanh(x[i]);
}

void generator_facts_begin(generator_pass *w) {
  const generator_shape *s = w->shape;
  const generator_batch *b = w->batch;
  memcpy(w->facts, b->facts, (size_t)b->sequences * (size_t)s->facts * sizeof *w->facts);
  generator_product(0, 0, b->steps * b->sequences, s->facts, s->embedding, w->embedded, w->p.read_input, 0, w->read);
}

void generator_facts_step(generator_pass *w, int t) {
  const generator_shape *s = w->shape;
  const generator_batch *b = w->batch;
  const int n = b->sequences, d = s->facts, h = s->hidden;
  const int64_t step = (int64_t)n * d, cells = (int64_t)n * h;
  float *read = w->read + t * step, *before = w->facts + t * step, *extra = w->extra[0] + t * cells;
  if (t > 0 || b->start != NULL) rows_product(n, d, h, w->state[0] + t * cells, w->p.read_recurrent, read);
  read_facts(n, d, w->p.read_bias, read, before, before + step);
  generator_product(0, 0, n, h, d, before + step, w->p.facts[0], 0, extra);
  squash_facts(extra, cells);
}

void generator_facts_layer(generator_pass *w, int l) {
  const generator_shape *s = w->shape;
  const int rows = w->batch->steps * w->batch->sequences;
  const float *after = w->facts + (int64_t)w->batch->sequences * s->facts;
  generator_product(0, 0, rows, s->hidden, s->facts, after, w->p.facts[l], 0, w->extra[l]);
  squash_facts(w->extra[l], (int64_t)rows * s->hidden);
}

/* Steps of a sequence: up to its last target. */
static int length(const generator_batch *b, int n) {
  int t = b->steps;
  while (t > 0 && b->target[(int64_t)(t - 1) * b->sequences + n] < 0) t--;
  return t;
}

double generator_facts_loss(generator_pass *w, int learn) {
  const generator_batch *b = w->batch;
  const int d = w->shape->facts;
  const int64_t step = (int64_t)b->sequences * d;
  double loss = 0;
  if (learn) memset(w->d_facts, 0, (size_t)(b->steps * step) * sizeof *w->d_facts);
  for (int n = 0; n < b->sequences; n++) {
    const int steps = length(b, n);
    for (int t = 0; t < steps; t++)
      for (int k = 0; k < d; k++) {
        float *at = w->facts + (t + 1) * step + n * d + k, *gradient = w->d_facts + t * step + n * d + k;
        const float jump = b->facts_jump * powf(jump_base, at[-step] - at[0]), slope = jump * logf(jump_base);
        const float left = t + 1 == steps ? b->facts_left : 0;
        loss += (double)(jump + left * at[0]);
        if (!learn) continue;
        gradient[0] += left - slope;
        if (t > 0) gradient[-step] += slope;
      }
  }
  return loss;
}

void generator_facts_layer_back(generator_pass *w, int l, generator_parameters *g) {
  const generator_shape *s = w->shape;
  const int rows = w->batch->steps * w->batch->sequences;
  const float *after = w->facts + (int64_t)w->batch->sequences * s->facts;
  generator_product(1, 0, s->facts, s->hidden, rows, after, w->extra[l], 1, g->facts[l]);
  if (l > 0) generator_product(0, 1, rows, s->facts, s->hidden, w->extra[l], w->p.facts[l], 1, w->d_facts);
}

void generator_facts_step_back(generator_pass *w, int t) {
  const generator_shape *s = w->shape;
  const int n = w->batch->sequences, d = s->facts, h = s->hidden;
  const int64_t step = (int64_t)n * d;
  if (t + 1 == w->batch->steps) memset(w->d_carried, 0, (size_t)step * sizeof *w->d_carried);
  generator_product(0, 1, n, d, h, w->extra[0] + (int64_t)t * n * h, w->p.facts[0], 1, w->d_facts + t * step);
  read_facts_back((int)step, w->d_facts + t * step, w->facts + t * step, w->read + t * step, w->d_carried);
}

void generator_facts_end(generator_pass *w, generator_parameters *g) {
  const generator_shape *s = w->shape;
  const int rows = w->batch->steps * w->batch->sequences, d = s->facts;
  generator_product(1, 0, s->embedding, d, rows, w->embedded, w->read, 1, g->read_input);
  generator_product(1, 0, s->hidden, d, rows, w->state[0], w->read, 1, g->read_recurrent);
  for (int i = 0; i < rows; i++) vectors_add(g->read_bias, w->read + (int64_t)i * d, d);
  generator_product(0, 1, rows, s->embedding, d, w->read, w->p.read_input, 1, w->d_input);
}
