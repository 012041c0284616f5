#include "math/discriminator.h"

#include <cblas.h>
#include <math.h>

#include "math/kernel.h"

typedef struct parameters {
  float *embedding;                    /* [V, D] */
  float *filter[DISCRIMINATOR_WIDTHS]; /* [F, w·D] */
  float *bias[DISCRIMINATOR_WIDTHS];   /* [F] */
  float *hidden, *hidden_bias;         /* [U, Q], [U] */
  float *output, *output_bias;         /* [U], [1] */
} parameters;

/* What one text leaves for its backward pass. */
typedef struct workspace {
  float *windows;    /* [T, WIDTHS·D]: the tokens from each place on; width w reads the first w·D columns */
  float *d_text;     /* [T + WIDTHS, D] */
  float *response;   /* [T, F] */
  float *pooled;     /* [WIDTHS·F] values before the ReLU */
  float *place;      /* [WIDTHS·F] where each was largest */
  float *features;   /* [Q]: after ReLU and dropout, then the condition */
  float *d_features; /* [Q] */
  float *mask;       /* [WIDTHS·F] */
  float *hidden;     /* [U] */
  float *d_hidden;   /* [U] */
} workspace;

static int pooled_count(const discriminator_shape *s) { return DISCRIMINATOR_WIDTHS * s->filters; }
static int feature_count(const discriminator_shape *s) { return pooled_count(s) + s->condition; }

/* Names the places of a block; returns its length. */
static int64_t lay_parameters(const discriminator_shape *s, float *block, parameters *p) {
  int64_t used = 0;
  p->embedding = block;
  used += (int64_t)s->vocabulary * s->embedding;
  for (int i = 0; i < DISCRIMINATOR_WIDTHS; i++) {
    p->filter[i] = block + used;
    used += (int64_t)s->filters * (i + 1) * s->embedding;
    p->bias[i] = block + used;
    used += s->filters;
  }
  p->hidden = block + used;
  used += (int64_t)s->hidden * feature_count(s);
  p->hidden_bias = block + used;
  used += s->hidden;
  p->output = block + used;
  used += s->hidden;
  p->output_bias = block + used;
  return used + 1;
}

int64_t discriminator_count(const discriminator_shape *s) {
  float nothing = 0;
  parameters p;
  return lay_parameters(s, &nothing, &p);
}

static void draw(random_stream *r, float *out, int64_t count, float limit) {
  for (int64_t i = 0; i < count; i++) out[i] = (2 * random_unit(r) - 1) * limit;
}

void discriminator_initialise(const discriminator_shape *s, uint64_t seed, float *block) {
  random_stream r = random_open(seed, RANDOM_DISCRIMINATOR, 0, 0);
  parameters p;
  memset(block, 0, (size_t)lay_parameters(s, block, &p) * sizeof *block);
  draw(&r, p.embedding, (int64_t)s->vocabulary * s->embedding, 0.5f);
  for (int i = 0; i < DISCRIMINATOR_WIDTHS; i++) {
    const int wide = (i + 1) * s->embedding;
    draw(&r, p.filter[i], (int64_t)s->filters * wide, sqrtf(3.0f / (float)wide));
  }
  draw(&r, p.hidden, (int64_t)s->hidden * feature_count(s), sqrtf(3.0f / (float)feature_count(s)));
  draw(&r, p.output, s->hidden, sqrtf(3.0f / (float)s->hidden));
}

static workspace lay_out(const discriminator_shape *s, int steps, kernel_scratch *scratch) {
  const int64_t d = s->embedding, pooled = pooled_count(s);
  workspace w;
  w.windows = kernel_take(scratch, steps * DISCRIMINATOR_WIDTHS * d);
  w.d_text = kernel_take(scratch, (steps + DISCRIMINATOR_WIDTHS) * d);
  w.response = kernel_take(scratch, (int64_t)steps * s->filters);
  w.pooled = kernel_take(scratch, pooled);
  w.place = kernel_take(scratch, pooled);
  w.features = kernel_take(scratch, feature_count(s));
  w.d_features = kernel_take(scratch, feature_count(s));
  w.mask = kernel_take(scratch, pooled);
  w.hidden = kernel_take(scratch, s->hidden);
  w.d_hidden = kernel_take(scratch, s->hidden);
  return w;
}

int64_t discriminator_scratch(const discriminator_shape *s, int steps) {
  kernel_scratch counter = {NULL, 0};
  lay_out(s, steps, &counter);
  return counter.used;
}

KERNEL static void add_row_scaled(float *restrict out, float by, const float *restrict x, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] += by * x[i];
}

/* Largest response of each filter over the places of a text, the earliest where there are several. */
KERNEL static void pool(const float *restrict response, int places, int filters, float *restrict best,
                        float *restrict at) {
  for (int f = 0; f < filters; f++) {
    best[f] = response[f];
    at[f] = 0;
  }
  for (int t = 1; t < places; t++) {
    const float *restrict row = response + (size_t)t * (size_t)filters;
    const float here = (float)t;
#pragma omp simd
    for (int f = 0; f < filters; f++) {
      const int better = row[f] > best[f];
      best[f] = better ? row[f] : best[f];
      at[f] = better ? here : at[f];
    }
  }
}

/* The tokens from each place on, zeros behind the last. */
static void fill_windows(const discriminator_shape *s, const parameters *p, const int32_t *token, int length,
                         float *windows) {
  const size_t d = (size_t)s->embedding;
  for (int t = 0; t < length; t++)
    for (int i = 0; i < DISCRIMINATOR_WIDTHS; i++) {
      float *cell = windows + ((size_t)t * DISCRIMINATOR_WIDTHS + (size_t)i) * d;
      if (t + i < length)
        memcpy(cell, p->embedding + (size_t)token[t + i] * d, d * sizeof *cell);
      else
        memset(cell, 0, d * sizeof *cell);
    }
}

static void fill_mask(const discriminator_batch *b, int n, int count, float *mask) {
  for (int i = 0; i < count; i++) mask[i] = 1;
  if (b->dropout <= 0) return;
  random_stream r = random_open(b->seed, RANDOM_DROPOUT, b->ids[n], b->step);
  for (int i = 0; i < count; i++) mask[i] = random_unit(&r) < 1 - b->dropout ? 1 / (1 - b->dropout) : 0;
}

/* Log-odds of text n. */
static float forward(const discriminator_shape *s, const parameters *p, const discriminator_batch *b, int n,
                     workspace *w) {
  const int length = b->length[n], d = s->embedding, f = s->filters, q = feature_count(s), pooled = pooled_count(s);
  fill_windows(s, p, b->token + (int64_t)n * b->steps, length, w->windows);
  for (int i = 0; i < DISCRIMINATOR_WIDTHS; i++) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, length, f, (i + 1) * d, 1, w->windows,
                DISCRIMINATOR_WIDTHS * d, p->filter[i], (i + 1) * d, 0, w->response, f);
    pool(w->response, length, f, w->pooled + i * f, w->place + i * f);
    add_row_scaled(w->pooled + i * f, 1, p->bias[i], f);
  }
  fill_mask(b, n, pooled, w->mask);
  for (int i = 0; i < pooled; i++) w->features[i] = w->pooled[i] > 0 ? w->pooled[i] * w->mask[i] : 0;
  memcpy(w->features + pooled, b->condition + (int64_t)n * s->condition, (size_t)s->condition * sizeof(float));
  memcpy(w->hidden, p->hidden_bias, (size_t)s->hidden * sizeof(float));
  cblas_sgemv(CblasRowMajor, CblasNoTrans, s->hidden, q, 1, p->hidden, q, w->features, 1, 1, w->hidden, 1);
  float odds = p->output_bias[0];
  for (int u = 0; u < s->hidden; u++) {
    w->hidden[u] = w->hidden[u] > 0 ? w->hidden[u] : 0;
    odds += w->hidden[u] * p->output[u];
  }
  return odds;
}

/* Only the place where a filter was largest has a gradient. */
static void backward_filters(const discriminator_shape *s, const parameters *p, const parameters *g, workspace *w) {
  const int d = s->embedding;
  for (int i = 0; i < DISCRIMINATOR_WIDTHS; i++)
    for (int f = 0; f < s->filters; f++) {
      const int k = i * s->filters + f, wide = (i + 1) * d;
      if (w->pooled[k] <= 0 || w->d_features[k] == 0) continue;
      const float change = w->d_features[k] * w->mask[k];
      const int64_t place = (int64_t)w->place[k];
      add_row_scaled(g->filter[i] + (int64_t)f * wide, change, w->windows + place * DISCRIMINATOR_WIDTHS * d, wide);
      g->bias[i][f] += change;
      add_row_scaled(w->d_text + place * d, change, p->filter[i] + (int64_t)f * wide, wide);
    }
}

static void backward(const discriminator_shape *s, const parameters *p, const discriminator_batch *b, int n,
                     float d_odds, const parameters *g, workspace *w) {
  const int d = s->embedding, q = feature_count(s), length = b->length[n];
  g->output_bias[0] += d_odds;
  for (int u = 0; u < s->hidden; u++) {
    g->output[u] += d_odds * w->hidden[u];
    w->d_hidden[u] = w->hidden[u] > 0 ? d_odds * p->output[u] : 0;
    g->hidden_bias[u] += w->d_hidden[u];
  }
  cblas_sger(CblasRowMajor, s->hidden, q, 1, w->d_hidden, 1, w->features, 1, g->hidden, q);
  cblas_sgemv(CblasRowMajor, CblasTrans, s->hidden, q, 1, p->hidden, q, w->d_hidden, 1, 0, w->d_features, 1);
  memset(w->d_text, 0, (size_t)(length + DISCRIMINATOR_WIDTHS) * (size_t)d * sizeof(float));
  backward_filters(s, p, g, w);
  const int32_t *token = b->token + (int64_t)n * b->steps;
  for (int t = 0; t < length; t++)
    add_row_scaled(g->embedding + (int64_t)token[t] * d, 1, w->d_text + (int64_t)t * d, d);
}

double discriminator_loss(const discriminator_shape *s, const float *block, const discriminator_batch *b,
                          float *gradient, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  workspace w = lay_out(s, b->steps, &memory);
  parameters p, g;
  lay_parameters(s, (float *)(uintptr_t)block, &p); /* read only */
  if (gradient != NULL) lay_parameters(s, gradient, &g);
  double loss = 0;
  for (int n = 0; n < b->texts; n++) {
    const double odds = (double)forward(s, &p, b, n, &w), label = (double)b->label[n];
    /* log(1 + e^x) − label x, without overflow */
    loss += fmax(odds, 0) + log1p(exp(-fabs(odds))) - label * odds;
    if (gradient != NULL) backward(s, &p, b, n, (float)(1 / (1 + exp(-odds)) - label), &g, &w);
  }
  return loss;
}

void discriminator_score(const discriminator_shape *s, const float *block, const discriminator_batch *b, float *score,
                         float *scratch) {
  kernel_scratch memory = {scratch, 0};
  workspace w = lay_out(s, b->steps, &memory);
  parameters p;
  lay_parameters(s, (float *)(uintptr_t)block, &p); /* read only */
  for (int n = 0; n < b->texts; n++) score[n] = forward(s, &p, b, n, &w);
}
