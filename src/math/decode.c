#include "math/decode.h"

#include <cblas.h>
#include <math.h>

#include "base/random.h"
#include "math/kernel.h"
#include "math/lstm.h"
#include "math/softmax.h"

/* Every product has this many rows, used or not, so that a row's bits are the same in any company. */
enum { BLOCK_ROWS = 64, CHUNK = 64 };

/* A logit that stands for "not this one". */
#define CLOSED -1e30f

/* A row of the block at work on a request. */
typedef struct writer_row {
  const decode_request *request; /* NULL: idle */
  decode_result *result;
  random_stream random;
  uint32_t missing; /* slots still to come */
  int columns_left; /* of the budget, what missing slots need already taken off */
  int input;        /* last token */
  double log_probability;
} writer_row;

typedef struct workspace {
  float *embedded;                                                   /* [BLOCK_ROWS, E] */
  float *base[GENERATOR_LAYERS_MOST];                                /* [BLOCK_ROWS, 4H] */
  float *cell[GENERATOR_LAYERS_MOST], *state[GENERATOR_LAYERS_MOST]; /* [BLOCK_ROWS, H] */
  float *gates;                                                      /* [BLOCK_ROWS, 4H] */
  float *top;                                                        /* [BLOCK_ROWS, E] */
  float *logits;                                                     /* [BLOCK_ROWS, V] */
  float *weights;                                                    /* [V] */
  float *chunk;                                                      /* [V / CHUNK + 1]: sums of weights */
} workspace;

static workspace lay_out(const generator_shape *s, kernel_scratch *scratch) {
  const int64_t rows = BLOCK_ROWS, h = s->hidden, e = s->embedding;
  workspace w;
  memset(&w, 0, sizeof w);
  w.embedded = kernel_take(scratch, rows * e);
  for (int l = 0; l < s->layers; l++) {
    w.base[l] = kernel_take(scratch, rows * 4 * h);
    w.cell[l] = kernel_take(scratch, rows * h);
    w.state[l] = kernel_take(scratch, rows * h);
  }
  w.gates = kernel_take(scratch, rows * 4 * h);
  w.top = kernel_take(scratch, rows * e);
  w.logits = kernel_take(scratch, rows * s->vocabulary);
  w.weights = kernel_take(scratch, s->vocabulary);
  w.chunk = kernel_take(scratch, s->vocabulary / CHUNK + 1);
  return w;
}

int64_t decode_scratch(const generator_shape *s, int rows) {
  (void)rows; /* the block is of one size */
  kernel_scratch counter = {NULL, 0};
  lay_out(s, &counter);
  return counter.used;
}

static int bits(uint32_t set) {
  int count = 0;
  for (; set != 0; set &= set - 1) count++;
  return count;
}

KERNEL static void add_scaled(float *restrict out, float by, const float *restrict x, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) out[i] += by * x[i];
}

/* Puts a request in a row of the block: state 0, gate bias from its condition, which is mostly zeros. */
static void start_row(const generator_shape *s, const generator_parameters *p, const decode_vocabulary *v,
                      uint64_t seed, int place, const decode_request *q, decode_result *result, writer_row *row,
                      workspace *w) {
  const size_t h = (size_t)s->hidden;
  *row = (writer_row){.request = q, .result = result, .missing = q->required, .input = v->begin};
  row->random = random_open(seed, RANDOM_GENERATE, q->id, q->attempt);
  row->columns_left = q->max_columns;
  for (int i = 0; i < SLOT_COUNT; i++)
    if (q->required & SLOT_BIT(i)) row->columns_left -= q->slot_columns[i];
  result->count = 0;
  result->log_probability = 0;
  for (int l = 0; l < s->layers; l++) {
    float *base = w->base[l] + (size_t)place * 4 * h;
    memcpy(base, p->bias[l], 4 * h * sizeof *base);
    for (int c = 0; c < s->condition; c++)
      if (q->condition[c] != 0) add_scaled(base, q->condition[c], p->condition[l] + (size_t)c * 4 * h, 4 * s->hidden);
    memset(w->cell[l] + (size_t)place * h, 0, h * sizeof(float));
    memset(w->state[l] + (size_t)place * h, 0, h * sizeof(float));
  }
}

static void product(int transpose_b, int n, int k, const float *a, const float *b, float beta, float *c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, BLOCK_ROWS, n, k, 1.0f, a, k, b,
              transpose_b ? k : n, beta, c, n);
}

/* Logits of the next token for all rows of the block. */
static void advance(const generator_shape *s, const generator_parameters *p, const writer_row *rows, workspace *w) {
  const int h = s->hidden, e = s->embedding;
  for (int i = 0; i < BLOCK_ROWS; i++) {
    const int token = rows[i].request != NULL ? rows[i].input : 0;
    memcpy(w->embedded + (int64_t)i * e, p->embedding + (int64_t)token * e, (size_t)e * sizeof(float));
  }
  const float *input = w->embedded;
  for (int l = 0; l < s->layers; l++) {
    product(0, 4 * h, l == 0 ? e : h, input, p->input[l], 0, w->gates);
    product(0, 4 * h, h, w->state[l], p->recurrent[l], 1, w->gates);
    lstm_forward(BLOCK_ROWS, h, w->gates, w->base[l], w->cell[l], NULL, w->cell[l], w->state[l]);
    input = w->state[l];
  }
  if (p->projection != NULL) {
    product(0, e, h, input, p->projection, 0, w->top);
    input = w->top;
  }
  product(1, s->vocabulary, s->untied ? h : e, input, p->output, 0, w->logits);
}

/* weight[v] = p(v)^(1/temperature) where v is open, else 0; sums per chunk. Returns the open mass at temperature 1. */
KERNEL static float weigh(const float *restrict logits, float normaliser, float sharpness,
                          const uint8_t *restrict forbidden, const uint8_t *restrict columns, int room, int count,
                          float *restrict weights, float *restrict chunks) {
  float mass = 0;
  for (int first = 0; first < count; first += CHUNK) {
    const int last = first + CHUNK < count ? first + CHUNK : count;
    float sum = 0;
#pragma omp simd reduction(+ : mass, sum)
    for (int v = first; v < last; v++) {
      const float x = logits[v] - normaliser;
      const int open = (forbidden[v] == 0) & (columns[v] <= room) & (logits[v] > 0.5f * CLOSED);
      const float one = open ? kernel_exp(x * sharpness) : 0.0f;
      mass += open ? kernel_exp(x) : 0.0f;
      weights[v] = one;
      sum += one;
    }
    chunks[first / CHUNK] = sum;
  }
  return mass;
}

/* Opens a slot or </s>, on which forbidden tokens and columns have no say. Returns its mass. */
static float open_special(int token, float logit, float normaliser, float sharpness, workspace *w) {
  const float one = expf((logit - normaliser) * sharpness);
  w->weights[token] = one;
  w->chunk[token / CHUNK] += one;
  return expf(logit - normaliser);
}

static int draw(const workspace *w, int count, float share) {
  const int chunks = (count + CHUNK - 1) / CHUNK;
  float total = 0, passed = 0;
  for (int c = 0; c < chunks; c++) total += w->chunk[c];
  const float aim = share * total;
  int chosen = 0, c = 0;
  for (; c + 1 < chunks && passed + w->chunk[c] <= aim; c++) passed += w->chunk[c];
  /* Rounding may leave the aim just behind the chunk's last weight: then that one is it. */
  for (int v = c * CHUNK; v < count; v++) {
    if (w->weights[v] <= 0) continue;
    chosen = v;
    passed += w->weights[v];
    if (passed > aim) break;
  }
  if (w->weights[chosen] > 0) return chosen;
  for (int v = count - 1; v > 0; v--)
    if (w->weights[v] > 0) return v;
  return 0;
}

static int largest(const float *weights, int count) {
  int best = 0;
  for (int v = 1; v < count; v++)
    if (weights[v] > weights[best]) best = v;
  return best;
}

/* The next token of a row, or -1: the masks leave nothing that the model would say. */
static int choose(const decode_vocabulary *v, int count, writer_row *row, float *logits, float normaliser, workspace *w,
                  float *logit) {
  const decode_request *q = row->request;
  const float sharpness = q->temperature > 0 ? 1 / q->temperature : 1;
  float slot_logit[SLOT_COUNT];
  const float end_logit = logits[v->end];
  for (int i = 0; i < SLOT_COUNT; i++) {
    slot_logit[i] = logits[v->slot_token[i]];
    logits[v->slot_token[i]] = CLOSED;
  }
  logits[v->end] = CLOSED;
  logits[v->begin] = CLOSED;
  const int tokens_left = q->max_tokens - row->result->count, needed = bits(row->missing) + 1;
  const int room = tokens_left > needed ? row->columns_left : -1;
  float mass = weigh(logits, normaliser, sharpness, q->forbidden, v->columns, room, count, w->weights, w->chunk);
  for (int i = 0; i < SLOT_COUNT; i++)
    if (row->missing & SLOT_BIT(i)) mass += open_special(v->slot_token[i], slot_logit[i], normaliser, sharpness, w);
  if (row->missing == 0) mass += open_special(v->end, end_logit, normaliser, sharpness, w);
  if (mass < DECODE_LEAST_MASS) return -1;
  const int token = q->temperature > 0 ? draw(w, count, random_unit(&row->random)) : largest(w->weights, count);
  *logit = token == v->end ? end_logit : v->slot[token] >= 0 ? slot_logit[v->slot[token]] : logits[token];
  return token;
}

/* One step of one row; 0 when the row has ended. */
static int step_row(const generator_shape *s, const generator_parameters *p, const decode_vocabulary *v, int place,
                    writer_row *row, workspace *w) {
  decode_result *r = row->result;
  float *logits = w->logits + (int64_t)place * s->vocabulary;
  const float normaliser = softmax_normaliser(logits, p->output_bias, s->vocabulary);
  int token;
  float logit;
  if (r->count < row->request->prefix_count) {
    token = row->request->prefix[r->count];
    logit = logits[token];
  } else {
    token = choose(v, s->vocabulary, row, logits, normaliser, w, &logit);
    if (token < 0) {
      r->count = 0;
      return 0;
    }
  }
  row->log_probability += logit - normaliser;
  if (token == v->end) {
    r->log_probability = (float)(row->log_probability / (r->count + 1));
    return 0;
  }
  r->token[r->count++] = token;
  row->input = token;
  if (v->slot[token] >= 0)
    row->missing &= ~SLOT_BIT(v->slot[token]);
  else
    row->columns_left -= v->columns[token];
  return 1;
}

void decode_batch(const generator_shape *s, const float *block, const decode_vocabulary *v, uint64_t seed,
                  const decode_request *requests, int count, decode_result *results, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  workspace w = lay_out(s, &memory);
  memset(scratch, 0, (size_t)memory.used * sizeof *scratch);
  const generator_parameters p = generator_at(s, (float *)(uintptr_t)block); /* read only */
  writer_row rows[BLOCK_ROWS] = {{0}};
  int next = 0, busy = 0;
  for (;;) {
    for (int i = 0; i < BLOCK_ROWS && next < count; i++) {
      if (rows[i].request != NULL) continue;
      start_row(s, &p, v, seed, i, &requests[next], &results[next], &rows[i], &w);
      next++;
      if (rows[i].columns_left < 0 || bits(rows[i].missing) >= rows[i].request->max_tokens)
        rows[i--].request = NULL; /* the slots alone are too many: the place stays free */
      else
        busy++;
    }
    if (busy == 0) return;
    advance(s, &p, rows, &w);
    for (int i = 0; i < BLOCK_ROWS; i++) {
      if (rows[i].request == NULL || step_row(s, &p, v, i, &rows[i], &w)) continue;
      rows[i].request = NULL;
      busy--;
    }
  }
}
