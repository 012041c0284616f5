#include "support/generator_plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE = GENERATOR_PLAIN_WIDE, MOST = GENERATOR_LAYERS_MOST };

typedef struct layer {
  int width;
  const double *input, *recurrent, *bias, *condition, *facts;
} layer;

/* One sequence at work. */
typedef struct sequence {
  const generator_shape *s;
  const generator_batch *b;
  int n;
  const double *embedding, *read_input, *read_recurrent, *read_bias, *projection, *output, *bias;
  layer layers[MOST];
  double *recurrent[MOST]; /* after dropout */
  double h[MOST][WIDE], c[MOST][WIDE], d[WIDE];
  double loss;
} sequence;

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double kept(random_stream *r, float share) {
  const float keep = 1 - share;
  return share <= 0 ? 1 : random_unit(r) < keep ? 1 / (double)keep : 0;
}

static const double *take(const double **at, int count) {
  const double *here = *at;
  *at += count;
  return here;
}

/* The parameters in the order of generator.h. */
static void open_block(const generator_shape *s, const double *block, sequence *q) {
  const int H = s->hidden, E = s->embedding, V = s->vocabulary, D = s->facts;
  q->embedding = take(&block, V * E);
  for (int l = 0; l < s->layers; l++) {
    layer *p = &q->layers[l];
    p->width = l == 0 ? E : H;
    p->input = take(&block, p->width * 4 * H);
    p->recurrent = take(&block, H * 4 * H);
    p->bias = take(&block, 4 * H);
    p->condition = take(&block, s->condition * 4 * H);
    p->facts = take(&block, D * H);
  }
  q->read_input = take(&block, E * D);
  q->read_recurrent = take(&block, H * D);
  q->read_bias = take(&block, D);
  q->projection = s->untied || H == E ? NULL : take(&block, H * E);
  q->output = s->untied ? take(&block, V * H) : q->embedding;
  q->bias = block;
}

/* U after dropout: places 8 + l of the masks of a step. */
static void thin(sequence *q, int l) {
  const int count = 4 * q->s->hidden * q->s->hidden;
  random_stream r = random_open(q->b->seed + 8 + (uint64_t)l, RANDOM_DROPOUT, UINT64_MAX, q->b->step);
  q->recurrent[l] = malloc((size_t)count * sizeof(double));
  for (int i = 0; i < count; i++) q->recurrent[l][i] = q->layers[l].recurrent[i] * kept(&r, q->b->dropout.recurrent);
}

/* Multiplies x by the mask of a place: 0 the embedding, 1 + l the states of layer l. */
static void drop(const sequence *q, int place, int t, int width, double *x) {
  const generator_dropout *o = &q->b->dropout;
  const float share = place == 0 ? o->input : place == q->s->layers ? o->output : o->between;
  const uint64_t name = q->b->seed + (uint64_t)place + (o->per_step ? 16 * ((uint64_t)t + 1) : 0);
  random_stream r = random_open(name, RANDOM_DROPOUT, q->b->ids == NULL ? 0 : q->b->ids[q->n], q->b->step);
  for (int k = 0; k < width; k++) x[k] *= kept(&r, share);
}

static void read_facts(sequence *q, const double *x) {
  const int D = q->s->facts;
  for (int k = 0; k < D; k++) {
    double gate = q->read_bias[k];
    for (int i = 0; i < q->s->embedding; i++) gate += x[i] * q->read_input[i * D + k];
    for (int i = 0; i < q->s->hidden; i++) gate += q->h[0][i] * q->read_recurrent[i * D + k];
    const double before = q->d[k];
    q->d[k] = sigmoid(gate) * before;
    q->loss += q->b->facts_jump * pow(100, before - q->d[k]);
  }
}

static void cell_step(sequence *q, int l, const double *x) {
  const generator_shape *s = q->s;
  const layer *p = &q->layers[l];
  const int H = s->hidden;
  const float *condition = q->b->condition + q->n * s->condition;
  double gate[4 * WIDE], *h = q->h[l], *c = q->c[l];
  for (int k = 0; k < 4 * H; k++) {
    gate[k] = p->bias[k];
    for (int i = 0; i < p->width; i++) gate[k] += x[i] * p->input[i * 4 * H + k];
    for (int i = 0; i < H; i++) gate[k] += h[i] * q->recurrent[l][i * 4 * H + k];
    for (int i = 0; i < s->condition; i++) gate[k] += (double)condition[i] * p->condition[i * 4 * H + k];
  }
  for (int k = 0; k < H; k++) {
    double extra = 0;
    for (int i = 0; i < s->facts; i++) extra += q->d[i] * p->facts[i * H + k];
    c[k] = sigmoid(gate[H + k]) * c[k] + sigmoid(gate[k]) * tanh(gate[3 * H + k]) + tanh(extra);
    h[k] = sigmoid(gate[2 * H + k]) * tanh(c[k]);
  }
}

static double token_loss(const sequence *q, const double *hidden, int target) {
  const generator_shape *s = q->s;
  const int width = s->untied ? s->hidden : s->embedding;
  double sum = 0, aim = 0;
  for (int v = 0; v < s->vocabulary; v++) {
    double logit = q->bias[v];
    for (int e = 0; e < width; e++) {
      double z = q->projection == NULL ? hidden[e] : 0;
      if (q->projection != NULL)
        for (int k = 0; k < s->hidden; k++) z += hidden[k] * q->projection[k * s->embedding + e];
      logit += z * q->output[v * width + e];
    }
    sum += exp(logit);
    if (v == target) aim = logit;
  }
  return log(sum) - aim;
}

static void step(sequence *q, int t, int steps) {
  const generator_shape *s = q->s;
  const generator_batch *b = q->b;
  const int row = t * b->sequences + q->n, top = s->layers - 1, H = s->hidden;
  double x[WIDE], before[WIDE], all_facts = 0;
  const double loss = q->loss;
  random_stream r = random_open(b->seed + 15, RANDOM_DROPOUT, UINT64_MAX, b->step);
  double token = 0;
  for (int v = 0; v <= b->input[row]; v++) token = kept(&r, b->dropout.token);
  for (int e = 0; e < s->embedding; e++) x[e] = q->embedding[b->input[row] * s->embedding + e] * token;
  drop(q, 0, t, s->embedding, x);
  memcpy(before, q->h[top], sizeof before);
  if (s->facts > 0) read_facts(q, x);
  for (int l = 0; l < s->layers; l++) {
    cell_step(q, l, x);
    memcpy(x, q->h[l], (size_t)H * sizeof *x);
    drop(q, 1 + l, t, H, x);
  }
  if (t >= steps) q->loss = loss; /* what comes after the last target does not count */
  for (int k = 0; k < s->facts; k++) all_facts += q->d[k];
  if (t + 1 == steps) q->loss += b->facts_left * all_facts;
  if (b->target[row] < 0) return;
  q->loss += (b->weight != NULL ? (double)b->weight[row] : 1) * token_loss(q, x, b->target[row]);
  for (int k = 0; k < H; k++) {
    q->loss += b->activation * x[k] * x[k] / H;
    if (t > 0) q->loss += b->slowness * (q->h[top][k] - before[k]) * (q->h[top][k] - before[k]) / H;
  }
}

double generator_plain_loss(const generator_shape *s, const double *block, const generator_batch *b, double *end) {
  const int H = s->hidden;
  sequence q = {.s = s, .b = b};
  if (s->embedding > WIDE || H > WIDE || s->facts > WIDE) abort();
  open_block(s, block, &q);
  for (int l = 0; l < s->layers; l++) thin(&q, l);
  for (q.n = 0; q.n < b->sequences; q.n++) {
    int steps = b->steps;
    while (steps > 0 && b->target[(steps - 1) * b->sequences + q.n] < 0) steps--;
    for (int k = 0; k < s->facts; k++) q.d[k] = (double)b->facts[q.n * s->facts + k];
    for (int l = 0; l < s->layers; l++)
      for (int k = 0; k < H; k++) {
        const int at = (2 * l * b->sequences + q.n) * H + k;
        q.c[l][k] = b->start == NULL ? 0 : (double)b->start[at];
        q.h[l][k] = b->start == NULL ? 0 : (double)b->start[at + b->sequences * H];
      }
    for (int t = 0; t < b->steps; t++) step(&q, t, steps);
    for (int l = 0; l < s->layers && end != NULL; l++) {
      memcpy(end + (2 * l * b->sequences + q.n) * H, q.c[l], (size_t)H * sizeof *end);
      memcpy(end + ((2 * l + 1) * b->sequences + q.n) * H, q.h[l], (size_t)H * sizeof *end);
    }
  }
  for (int l = 0; l < s->layers; l++) free(q.recurrent[l]);
  return q.loss;
}
