#include "math/beam.h"

#include <math.h>

#include "math/kernel.h"
#include "math/lstm.h"
#include "math/rows.h"
#include "math/softmax.h"
#include "math/vectors.h"

/* The log probability of what must not be written. */
#define CLOSED -1e30f

typedef struct workspace {
  float *base[GENERATOR_LAYERS_MOST];  /* [K, 4H]: bias and condition, the same in each row */
  float *cell[GENERATOR_LAYERS_MOST];  /* [K, H] */
  float *state[GENERATOR_LAYERS_MOST]; /* [K, H] */
  float *facts, *read;                 /* [K, D] */
  float *input;                        /* [K, max(E, H)] */
  float *extra;                        /* [K, H] */
  float *gates;                        /* [K, 4H] */
  float *moved;                        /* [K, max(H, D)] */
  float *turned;                       /* [top width, V]: softmax weights, transposed */
  float *logits;                       /* [K, V] */
} workspace;

static int top_width(const generator_shape *s) { return s->untied ? s->hidden : s->embedding; }

static workspace lay_out(const generator_shape *s, int width, kernel_scratch *scratch) {
  const int64_t k = width, h = s->hidden, e = s->embedding, d = s->facts;
  workspace w;
  memset(&w, 0, sizeof w);
  for (int l = 0; l < s->layers; l++) {
    w.base[l] = kernel_take(scratch, k * 4 * h);
    w.cell[l] = kernel_take(scratch, k * h);
    w.state[l] = kernel_take(scratch, k * h);
  }
  w.facts = kernel_take(scratch, k * d);
  w.read = kernel_take(scratch, k * d);
  w.input = kernel_take(scratch, k * (e > h ? e : h));
  w.extra = kernel_take(scratch, k * h);
  w.gates = kernel_take(scratch, k * 4 * h);
  w.moved = kernel_take(scratch, k * (h > d ? h : d));
  w.turned = kernel_take(scratch, (int64_t)top_width(s) * s->vocabulary);
  w.logits = kernel_take(scratch, k * s->vocabulary);
  return w;
}

int64_t beam_scratch(const generator_shape *s, int width) {
  kernel_scratch counter = {NULL, 0};
  lay_out(s, width, &counter);
  return counter.used;
}

/* Hypotheses that go on, and what they come from. */
typedef struct beam {
  int count;
  beam_text text[BEAM_WIDTH_MOST];
  int parent[BEAM_WIDTH_MOST];
} beam;

static void start(const generator_shape *s, const generator_parameters *p, const beam_request *q, workspace *w) {
  const int h = s->hidden;
  for (int l = 0; l < s->layers; l++) {
    memcpy(w->base[l], p->bias[l], 4 * (size_t)h * sizeof(float));
    rows_product(1, 4 * h, s->condition, q->condition, p->condition[l], w->base[l]);
    for (int k = 1; k < q->width; k++)
      memcpy(w->base[l] + (int64_t)k * 4 * h, w->base[l], 4 * (size_t)h * sizeof(float));
    memset(w->cell[l], 0, (size_t)h * sizeof(float));
    memset(w->state[l], 0, (size_t)h * sizeof(float));
  }
  if (s->facts > 0) memcpy(w->facts, q->facts, (size_t)s->facts * sizeof(float));
}

KERNEL static void let_go(int count, int width, const float *bias, const float *restrict read, float *restrict facts) {
  for (int i = 0; i < count; i++) facts[i] *= kernel_sigmoid(read[i] + bias[i % width]);
}

KERNEL static void squash_states(float *x, int count) {
  for (int i = 0; i < count; i++) x[i] = kernel_tanh(x[i]);
}

/* d of this step, from the tokens in `input` and the first layer's states before it. */
static void step_facts(const generator_shape *s, const generator_parameters *p, int rows, workspace *w) {
  const int d = s->facts;
  memset(w->read, 0, (size_t)(rows * d) * sizeof(float));
  rows_product(rows, d, s->embedding, w->input, p->read_input, w->read);
  rows_product(rows, d, s->hidden, w->state[0], p->read_recurrent, w->read);
  let_go(rows * d, d, p->read_bias, w->read, w->facts);
}

static void step_layer(const generator_shape *s, const generator_parameters *p, int l, int rows, workspace *w) {
  const int h = s->hidden;
  memset(w->gates, 0, (size_t)rows * 4 * (size_t)h * sizeof(float));
  rows_product(rows, 4 * h, l == 0 ? s->embedding : h, w->input, p->input[l], w->gates);
  rows_product(rows, 4 * h, h, w->state[l], p->recurrent[l], w->gates);
  if (s->facts > 0) {
    memset(w->extra, 0, (size_t)(rows * h) * sizeof(float));
    rows_product(rows, h, s->facts, w->facts, p->facts[l], w->extra);
    squash_states(w->extra, rows * h);
  }
  lstm_forward(rows, h, w->gates, w->base[l], w->cell[l], s->facts > 0 ? w->extra : NULL, w->cell[l], w->state[l]);
  memcpy(w->input, w->state[l], (size_t)(rows * h) * sizeof(float));
}

/* Log probabilities of all next tokens of all hypotheses, in `logits`. */
static void step(const generator_shape *s, const generator_parameters *p, const beam *b, int begin, workspace *w) {
  const int e = s->embedding, v = s->vocabulary, rows = b->count;
  for (int k = 0; k < rows; k++) {
    const beam_text *t = &b->text[k];
    const int32_t last = t->count > 0 ? t->token[t->count - 1] : begin;
    memcpy(w->input + (int64_t)k * e, p->embedding + (int64_t)last * e, (size_t)e * sizeof(float));
  }
  if (s->facts > 0) step_facts(s, p, rows, w);
  for (int l = 0; l < s->layers; l++) step_layer(s, p, l, rows, w);
  const float *top = w->input;
  if (p->projection != NULL) {
    memset(w->gates, 0, (size_t)(rows * e) * sizeof(float));
    rows_product(rows, e, s->hidden, w->input, p->projection, w->gates);
    top = w->gates;
  }
  memset(w->logits, 0, (size_t)rows * (size_t)v * sizeof(float));
  rows_product(rows, v, top_width(s), top, w->turned, w->logits);
  for (int k = 0; k < rows; k++) {
    float *row = w->logits + (int64_t)k * v;
    const float all = softmax_normaliser(row, p->output_bias, v);
    for (int i = 0; i < v; i++) row[i] -= all;
  }
}

/* Closes what would write `no_repeat` tokens in a row that stand in the text already. */
static void close_repeats(const beam_request *q, const beam_text *t, float *log_probability) {
  const int before = q->no_repeat - 1, last = t->count - before;
  for (int i = 0; q->no_repeat > 0 && i < last; i++)
    if (memcmp(t->token + i, t->token + last, (size_t)before * sizeof *t->token) == 0)
      log_probability[t->token[i + before]] = CLOSED;
}

typedef struct candidate {
  double key, log_probability; /* key: with what the bonus adds */
  int parent, token;
} candidate;

static int count_token(const beam_text *t, int token) {
  int count = 0;
  for (int i = 0; i < t->count; i++) count += t->token[i] == token;
  return count;
}

/* Closes what a text may not go on with: tokens that it has had, and </s> while others are to come, if all must. */
static void close_tokens(const beam_request *q, const beam_text *t, int vocabulary, int all, float *log_probability) {
  for (int v = 0; v < vocabulary; v++) {
    if (q->times[v] == BEAM_FREE) continue;
    const int left = q->times[v] - count_token(t, v);
    if (left <= 0)
      log_probability[v] = CLOSED;
    else if (all)
      log_probability[q->end] = CLOSED;
  }
}

/* Tokens of the text that had to be written. */
static int covered(const beam_request *q, const beam_text *t) {
  int count = 0;
  for (int i = 0; i < t->count; i++) count += q->times[t->token[i]] != BEAM_FREE;
  return count;
}

/* The best continuations of all hypotheses, the best first; of equals the first. */
static int best(const beam *b, const beam_request *q, int vocabulary, const float *logits, candidate *out, int most) {
  int count = 0;
  for (int k = 0; k < b->count; k++) {
    const double base = b->text[k].log_probability + q->bonus * covered(q, &b->text[k]);
    for (int v = 0; v < vocabulary; v++) {
      const float own = logits[(int64_t)k * vocabulary + v];
      const double key = base + (double)own + (q->times[v] != BEAM_FREE ? q->bonus : 0);
      if (own <= CLOSED || (count == most && key <= out[count - 1].key)) continue;
      int at = count < most ? count++ : most - 1;
      for (; at > 0 && out[at - 1].key < key; at--) out[at] = out[at - 1];
      out[at] = (candidate){key, b->text[k].log_probability + (double)own, k, v};
    }
  }
  return count;
}

/* Puts an ended text in its place; returns how many there are. */
static int rank(beam_text *out, int count, int most, const beam_text *text) {
  if (count == most && out[most - 1].score >= text->score) return count;
  int at = count < most ? count++ : most - 1;
  for (; at > 0 && out[at - 1].score < text->score; at--) out[at] = out[at - 1];
  out[at] = *text;
  return count;
}

static void gather(float *x, int width, const beam *b, float *moved) {
  for (int k = 0; k < b->count; k++)
    memcpy(moved + (int64_t)k * width, x + (int64_t)b->parent[k] * width, (size_t)width * sizeof(float));
  memcpy(x, moved, (size_t)(b->count * width) * sizeof(float));
}

/* Texts that go on take the states of those that they come from. */
static void move(const generator_shape *s, const beam *b, workspace *w) {
  for (int l = 0; l < s->layers; l++) {
    gather(w->cell[l], s->hidden, b, w->moved);
    gather(w->state[l], s->hidden, b, w->moved);
  }
  if (s->facts > 0) gather(w->facts, s->facts, b, w->moved);
}

/* Continuations become the next beam, or end; returns how many have ended so far. */
static int advance(const beam_request *q, const candidate *from, int candidates, beam *b, beam_text *out, int ended) {
  const beam before = *b;
  b->count = 0;
  for (int i = 0; i < candidates && b->count < q->width; i++) {
    beam_text text = before.text[from[i].parent];
    text.log_probability = from[i].log_probability;
    text.score = text.log_probability / (text.count + 1);
    if (from[i].token == q->end) {
      ended = rank(out, ended, q->texts, &text);
      continue;
    }
    if (text.count == q->tokens) continue;
    text.token[text.count++] = from[i].token;
    b->parent[b->count] = from[i].parent;
    b->text[b->count++] = text;
  }
  return ended;
}

static int search(const generator_shape *s, const generator_parameters *p, const beam_request *q, int all,
                  beam_text *out, workspace *w) {
  beam b = {.count = 1};
  int ended = 0;
  start(s, p, q, w);
  while (b.count > 0 && b.text[0].count <= q->tokens) {
    candidate from[2 * BEAM_WIDTH_MOST];
    step(s, p, &b, q->begin, w);
    for (int k = 0; k < b.count; k++) {
      float *row = w->logits + (int64_t)k * s->vocabulary;
      close_tokens(q, &b.text[k], s->vocabulary, all, row);
      close_repeats(q, &b.text[k], row);
    }
    const int candidates = best(&b, q, s->vocabulary, w->logits, from, 2 * q->width);
    ended = advance(q, from, candidates, &b, out, ended);
    if (ended == q->texts && b.count > 0 && b.text[0].log_probability / (q->tokens + 1) < out[ended - 1].score) break;
    move(s, &b, w);
  }
  return ended;
}

int beam_search(const generator_shape *s, const float *block, const beam_request *q, beam_text *out, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  workspace w = lay_out(s, q->width, &memory);
  /* The block is only read: one function places the names for parameters and gradients alike. */
  const generator_parameters p = generator_at(s, (float *)(uintptr_t)block);
  rows_transpose(s->vocabulary, top_width(s), p.output, w.turned);
  const int ended = search(s, &p, q, 1, out, &w);
  return ended > 0 ? ended : search(s, &p, q, 0, out, &w);
}
