#include "math/generator.h"

#include <cblas.h>
#include <math.h>

#include "math/kernel.h"
#include "math/lstm.h"
#include "math/rows.h"
#include "math/softmax.h"

/* Rows of logits that exist at a time: 128 × 2,500 floats stay in a core's second-level cache. */
enum { LOGIT_ROWS = 128 };

static int input_width(const generator_shape *s, int layer) { return layer == 0 ? s->embedding : s->hidden; }

generator_parameters generator_at(const generator_shape *s, float *block) {
  const int64_t gates = 4 * (int64_t)s->hidden;
  generator_parameters p = {0};
  float *at = block;
  p.embedding = at;
  at += (int64_t)s->vocabulary * s->embedding;
  for (int l = 0; l < s->layers; l++) {
    p.input[l] = at;
    at += input_width(s, l) * gates;
    p.recurrent[l] = at;
    at += s->hidden * gates;
    p.bias[l] = at;
    at += gates;
    p.condition[l] = at;
    at += s->condition * gates;
  }
  if (s->hidden != s->embedding) {
    p.projection = at;
    at += (int64_t)s->hidden * s->embedding;
  }
  p.output_bias = at;
  return p;
}

int64_t generator_count(const generator_shape *s) {
  const int64_t gates = 4 * (int64_t)s->hidden;
  int64_t count = (int64_t)s->vocabulary * (s->embedding + 1);
  for (int l = 0; l < s->layers; l++) count += gates * (input_width(s, l) + s->hidden + 1 + s->condition);
  if (s->hidden != s->embedding) count += (int64_t)s->hidden * s->embedding;
  return count;
}

static void draw(random_stream *r, float *out, int64_t count, float limit) {
  for (int64_t i = 0; i < count; i++) out[i] = (2 * random_unit(r) - 1) * limit;
}

void generator_initialise(const generator_shape *s, uint64_t seed, float *block) {
  random_stream r = random_open(seed, RANDOM_WEIGHTS, 0, 0);
  const int64_t gates = 4 * (int64_t)s->hidden;
  memset(block, 0, (size_t)generator_count(s) * sizeof *block);
  const generator_parameters p = generator_at(s, block);
  draw(&r, p.embedding, (int64_t)s->vocabulary * s->embedding, 0.1f);
  for (int l = 0; l < s->layers; l++) {
    draw(&r, p.input[l], input_width(s, l) * gates, 1 / sqrtf((float)input_width(s, l)));
    draw(&r, p.recurrent[l], s->hidden * gates, 1 / sqrtf((float)s->hidden));
    for (int k = 0; k < s->hidden; k++) p.bias[l][s->hidden + k] = 1;
  }
  if (p.projection != NULL) draw(&r, p.projection, (int64_t)s->hidden * s->embedding, 1 / sqrtf((float)s->hidden));
}

/* Everything that the forward pass leaves for the backward pass. */
typedef struct workspace {
  float *embedded;                       /* [T·N, E], with dropout */
  float *embedded_mask;                  /* [N, E] */
  float *base[GENERATOR_LAYERS_MOST];    /* [N, 4H]: gate bias of each sequence; later its gradient */
  float *gates[GENERATOR_LAYERS_MOST];   /* [T·N, 4H]: activations, later gradients */
  float *cell[GENERATOR_LAYERS_MOST];    /* [(T+1)·N, H]: row block 0 is the state before the first token */
  float *state[GENERATOR_LAYERS_MOST];   /* [(T+1)·N, H], likewise */
  float *dropped[GENERATOR_LAYERS_MOST]; /* [T·N, H]: hidden states after dropout */
  float *mask[GENERATOR_LAYERS_MOST];    /* [N, H] */
  float *d_dropped;                      /* [T·N, max(E, H)] */
  float *d_input;                        /* [T·N, max(E, H)] */
  float *d_hidden, *d_cell;              /* [N, H] */
  float *logits;                         /* [LOGIT_ROWS, V] */
  float *top, *d_top;                    /* [LOGIT_ROWS, E] */
  float *rows;                           /* [LOGIT_ROWS, H] */
  float *turned;                         /* [4H, H]: a layer's recurrent matrix, transposed */
} workspace;

static workspace lay_out(const generator_shape *s, int sequences, int steps, kernel_scratch *scratch) {
  const int64_t n = sequences, rows = n * steps, h = s->hidden, e = s->embedding, wide = e > h ? e : h;
  workspace w;
  memset(&w, 0, sizeof w);
  w.embedded = kernel_take(scratch, rows * e);
  w.embedded_mask = kernel_take(scratch, n * e);
  for (int l = 0; l < s->layers; l++) {
    w.base[l] = kernel_take(scratch, n * 4 * h);
    w.gates[l] = kernel_take(scratch, rows * 4 * h);
    w.cell[l] = kernel_take(scratch, (rows + n) * h);
    w.state[l] = kernel_take(scratch, (rows + n) * h);
    w.dropped[l] = kernel_take(scratch, rows * h);
    w.mask[l] = kernel_take(scratch, n * h);
  }
  w.d_dropped = kernel_take(scratch, rows * wide);
  w.d_input = kernel_take(scratch, rows * wide);
  w.d_hidden = kernel_take(scratch, n * h);
  w.d_cell = kernel_take(scratch, n * h);
  w.logits = kernel_take(scratch, (int64_t)LOGIT_ROWS * s->vocabulary);
  w.top = kernel_take(scratch, LOGIT_ROWS * e);
  w.d_top = kernel_take(scratch, LOGIT_ROWS * e);
  w.rows = kernel_take(scratch, LOGIT_ROWS * h);
  w.turned = kernel_take(scratch, 4 * h * h);
  return w;
}

int64_t generator_scratch(const generator_shape *s, int sequences, int steps) {
  kernel_scratch counter = {NULL, 0};
  lay_out(s, sequences, steps, &counter);
  return counter.used;
}

/* C [m, n] = alpha op(A) op(B) + beta C, all row-major and dense. */
static void product(int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b, float beta,
                    float *c) {
  if (m == 0 || n == 0 || k == 0) return;
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k,
              1.0f, a, transpose_a ? m : k, b, transpose_b ? k : n, beta, c, n);
}

/* One mask per sequence: kept values are scaled up so that expectations stay. All 1 without dropout. */
static void fill_masks(const generator_batch *b, int width, uint32_t place, float *mask) {
  const float keep = 1 - b->dropout;
  for (int n = 0; n < b->sequences; n++) {
    float *row = mask + (int64_t)n * width;
    if (b->dropout <= 0) {
      for (int k = 0; k < width; k++) row[k] = 1;
      continue;
    }
    random_stream r = random_open(b->seed + place, RANDOM_DROPOUT, b->ids[n], b->step);
    for (int k = 0; k < width; k++) row[k] = random_unit(&r) < keep ? 1 / keep : 0;
  }
}

KERNEL static void multiply(float *restrict out, const float *restrict x, const float *restrict y, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] = x[i] * y[i];
}

KERNEL static void add(float *restrict out, const float *restrict x, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] += x[i];
}

KERNEL static void add_product(float *restrict out, const float *restrict x, const float *restrict y, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] += x[i] * y[i];
}

static void forward_layer(const generator_shape *s, const generator_parameters *p, const generator_batch *b, int l,
                          const float *input, workspace *w) {
  const int n = b->sequences, h = s->hidden;
  const size_t step = (size_t)n * (size_t)h;
  for (int i = 0; i < n; i++) memcpy(w->base[l] + (size_t)i * 4 * (size_t)h, p->bias[l], 4 * (size_t)h * sizeof(float));
  product(0, 0, n, 4 * h, s->condition, b->condition, p->condition[l], 1, w->base[l]);
  product(0, 0, b->steps * n, 4 * h, input_width(s, l), input, p->input[l], 0, w->gates[l]);
  memset(w->state[l], 0, step * sizeof(float));
  memset(w->cell[l], 0, step * sizeof(float));
  for (int t = 0; t < b->steps; t++) {
    float *gates = w->gates[l] + (size_t)t * 4 * step, *state = w->state[l] + (size_t)t * step;
    float *cell = w->cell[l] + (size_t)t * step;
    if (t > 0) rows_product(n, 4 * h, h, state, p->recurrent[l], gates);
    lstm_forward(n, h, gates, w->base[l], cell, cell + step, state + step);
  }
  for (int t = 0; t < b->steps; t++)
    multiply(w->dropped[l] + (size_t)t * step, w->state[l] + (size_t)(t + 1) * step, w->mask[l], n * h);
}

static void embed(const generator_shape *s, const generator_parameters *p, const generator_batch *b, workspace *w) {
  const int e = s->embedding;
  for (int row = 0; row < b->steps * b->sequences; row++)
    multiply(w->embedded + (int64_t)row * e, p->embedding + (int64_t)b->input[row] * e,
             w->embedded_mask + (int64_t)(row % b->sequences) * e, e);
}

/* A block of rows that have a target, gathered from all time steps. */
typedef struct logit_block {
  int count;
  int row[LOGIT_ROWS];
} logit_block;

/* Loss of one block; with a gradient also that of the rows, scattered into d_dropped. */
static double block_loss(const generator_shape *s, const generator_parameters *p, const generator_batch *b,
                         const logit_block *block, generator_parameters *g, float *token_loss, workspace *w) {
  const int h = s->hidden, e = s->embedding, v = s->vocabulary, m = block->count;
  const float *hidden = w->dropped[s->layers - 1];
  float *rows = p->projection != NULL ? w->rows : w->top;
  for (int i = 0; i < m; i++)
    memcpy(rows + (int64_t)i * h, hidden + (int64_t)block->row[i] * h, (size_t)h * sizeof(float));
  if (p->projection != NULL) product(0, 0, m, e, h, w->rows, p->projection, 0, w->top);
  product(0, 1, m, v, e, w->top, p->embedding, 0, w->logits);
  double loss = 0;
  for (int i = 0; i < m; i++) {
    const int row = block->row[i];
    const float weight = b->weight == NULL ? 1 : b->weight[row];
    const float one = softmax_loss(w->logits + (int64_t)i * v, p->output_bias, v, b->target[row], weight);
    if (token_loss != NULL) token_loss[row] = one;
    loss += (double)weight * one;
    if (g != NULL) add(g->output_bias, w->logits + (int64_t)i * v, v);
  }
  if (g == NULL) return loss;
  product(1, 0, v, e, m, w->logits, w->top, 1, g->embedding);
  float *d_rows = p->projection != NULL ? w->rows : w->d_top;
  product(0, 0, m, e, v, w->logits, p->embedding, 0, w->d_top);
  if (p->projection != NULL) {
    product(1, 0, h, e, m, w->rows, w->d_top, 1, g->projection);
    product(0, 1, m, h, e, w->d_top, p->projection, 0, w->rows);
  }
  for (int i = 0; i < m; i++)
    memcpy(w->d_dropped + (int64_t)block->row[i] * h, d_rows + (int64_t)i * h, (size_t)h * sizeof(float));
  return loss;
}

static double output_loss(const generator_shape *s, const generator_parameters *p, const generator_batch *b,
                          generator_parameters *g, float *token_loss, workspace *w) {
  const int rows = b->steps * b->sequences;
  if (g != NULL) memset(w->d_dropped, 0, (size_t)rows * (size_t)s->hidden * sizeof(float));
  double loss = 0;
  logit_block block = {0, {0}};
  for (int row = 0; row <= rows; row++) {
    if (block.count == LOGIT_ROWS || (row == rows && block.count > 0)) {
      loss += block_loss(s, p, b, &block, g, token_loss, w);
      block.count = 0;
    }
    if (row == rows) break;
    if (b->target[row] >= 0)
      block.row[block.count++] = row;
    else if (token_loss != NULL)
      token_loss[row] = 0;
  }
  return loss;
}

/* Back through time; gates become the gradients of their products, base the sum of these per sequence. */
static void backward_steps(const generator_shape *s, const generator_parameters *p, const generator_batch *b, int l,
                           workspace *w) {
  const int n = b->sequences, h = s->hidden;
  const size_t step = (size_t)n * (size_t)h;
  rows_transpose(h, 4 * h, p->recurrent[l], w->turned);
  memset(w->d_cell, 0, step * sizeof(float));
  memset(w->base[l], 0, 4 * step * sizeof(float));
  for (int t = b->steps - 1; t >= 0; t--) {
    float *gates = w->gates[l] + (size_t)t * 4 * step;
    const float *cell = w->cell[l] + (size_t)t * step;
    multiply(w->d_hidden, w->d_dropped + (size_t)t * step, w->mask[l], n * h);
    if (t + 1 < b->steps) rows_product(n, h, 4 * h, gates + 4 * step, w->turned, w->d_hidden);
    lstm_backward(n, h, gates, cell, cell + step, w->d_hidden, w->d_cell);
    add(w->base[l], gates, 4 * n * h);
  }
}

/* Gradients of a layer's parameters, each as one product over all time steps, and of its input into d_input. */
static void backward_layer(const generator_shape *s, const generator_parameters *p, const generator_batch *b, int l,
                           const float *input, generator_parameters *g, workspace *w) {
  const int n = b->sequences, h = s->hidden, rows = b->steps * n, width = input_width(s, l);
  const size_t step = (size_t)n * (size_t)h;
  backward_steps(s, p, b, l, w);
  product(1, 0, width, 4 * h, rows, input, w->gates[l], 1, g->input[l]);
  product(1, 0, h, 4 * h, rows - n, w->state[l] + step, w->gates[l] + 4 * step, 1, g->recurrent[l]);
  for (int i = 0; i < n; i++) add(g->bias[l], w->base[l] + (size_t)i * 4 * (size_t)h, 4 * h);
  product(1, 0, s->condition, 4 * h, n, b->condition, w->base[l], 1, g->condition[l]);
  product(0, 1, rows, width, 4 * h, w->gates[l], p->input[l], 0, w->d_input);
}

static void backward(const generator_shape *s, const generator_parameters *p, const generator_batch *b,
                     generator_parameters *g, workspace *w) {
  for (int l = s->layers - 1; l >= 0; l--) {
    backward_layer(s, p, b, l, l == 0 ? w->embedded : w->dropped[l - 1], g, w);
    float *swap = w->d_dropped;
    w->d_dropped = w->d_input;
    w->d_input = swap;
  }
  const int e = s->embedding;
  for (int row = 0; row < b->steps * b->sequences; row++)
    add_product(g->embedding + (int64_t)b->input[row] * e, w->d_dropped + (int64_t)row * e,
                w->embedded_mask + (int64_t)(row % b->sequences) * e, e);
}

double generator_loss(const generator_shape *s, const float *block, const generator_batch *b, float *gradient,
                      float *token_loss, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  workspace w = lay_out(s, b->sequences, b->steps, &memory);
  /* The block is only read: one function places the names for parameters and gradients alike. */
  const generator_parameters p = generator_at(s, (float *)(uintptr_t)block);
  fill_masks(b, s->embedding, 0, w.embedded_mask);
  for (int l = 0; l < s->layers; l++) fill_masks(b, s->hidden, 1 + (uint32_t)l, w.mask[l]);
  embed(s, &p, b, &w);
  for (int l = 0; l < s->layers; l++) forward_layer(s, &p, b, l, l == 0 ? w.embedded : w.dropped[l - 1], &w);
  if (gradient == NULL) return output_loss(s, &p, b, NULL, token_loss, &w);
  generator_parameters g = generator_at(s, gradient);
  const double loss = output_loss(s, &p, b, &g, token_loss, &w);
  backward(s, &p, b, &g, &w);
  return loss;
}
