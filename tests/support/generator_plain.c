#include "support/generator_plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

/* The mask that the kernel draws for one sequence: place 0 is the embedding, 1 + l the output of layer l. */
static void mask(const generator_batch *b, int n, uint32_t place, int width, double *out) {
  random_stream r = random_open(b->seed + place, RANDOM_DROPOUT, b->ids[n], b->step);
  const float keep = 1 - b->dropout;
  for (int k = 0; k < width; k++) {
    const float u = b->dropout > 0 ? random_unit(&r) : 0;
    out[k] = b->dropout <= 0 ? 1 : u < keep ? 1 / (double)keep : 0;
  }
}

/* Parameters of one layer, as in generator.h. */
typedef struct layer {
  int width;
  const double *input, *recurrent, *bias, *condition;
} layer;

static void cell_step(const generator_shape *s, const layer *p, const double *x, const float *condition, double *h,
                      double *c) {
  const int H = s->hidden;
  double *gate = calloc((size_t)(4 * H), sizeof *gate);
  for (int k = 0; k < 4 * H; k++) {
    gate[k] = p->bias[k];
    for (int i = 0; i < p->width; i++) gate[k] += x[i] * p->input[i * 4 * H + k];
    for (int i = 0; i < H; i++) gate[k] += h[i] * p->recurrent[i * 4 * H + k];
    for (int i = 0; i < s->condition; i++) gate[k] += (double)condition[i] * p->condition[i * 4 * H + k];
  }
  for (int k = 0; k < H; k++) {
    c[k] = sigmoid(gate[H + k]) * c[k] + sigmoid(gate[k]) * tanh(gate[3 * H + k]);
    h[k] = sigmoid(gate[2 * H + k]) * tanh(c[k]);
  }
  free(gate);
}

static double token_loss(const generator_shape *s, const double *embedding, const double *projection,
                         const double *bias, const double *hidden, int target) {
  double sum = 0, aim = 0;
  for (int v = 0; v < s->vocabulary; v++) {
    double logit = bias[v];
    for (int e = 0; e < s->embedding; e++) {
      double z = projection == NULL ? hidden[e] : 0;
      if (projection != NULL)
        for (int k = 0; k < s->hidden; k++) z += hidden[k] * projection[k * s->embedding + e];
      logit += z * embedding[v * s->embedding + e];
    }
    sum += exp(logit);
    if (v == target) aim = logit;
  }
  return log(sum) - aim;
}

double generator_plain_loss(const generator_shape *s, const double *block, const generator_batch *b) {
  enum { WIDE = 64 };
  if (s->embedding > WIDE || s->hidden > WIDE) abort();
  const int H = s->hidden, E = s->embedding, V = s->vocabulary;
  layer layers[GENERATOR_LAYERS_MOST];
  const double *at = block + V * E;
  for (int l = 0; l < s->layers; l++) {
    const int width = l == 0 ? E : H;
    layers[l] = (layer){width, at, at + width * 4 * H, at + (width + H) * 4 * H, at + (width + H + 1) * 4 * H};
    at += (width + H + 1 + s->condition) * 4 * H;
  }
  const double *projection = H != E ? at : NULL, *bias = H != E ? at + H * E : at;
  double loss = 0;
  for (int n = 0; n < b->sequences; n++) {
    double h[2][WIDE] = {{0}}, c[2][WIDE] = {{0}}, masks[3][WIDE], x[WIDE];
    mask(b, n, 0, E, masks[0]);
    for (int l = 0; l < s->layers; l++) mask(b, n, 1 + (uint32_t)l, H, masks[1 + l]);
    for (int t = 0; t < b->steps; t++) {
      const int row = t * b->sequences + n;
      for (int e = 0; e < E; e++) x[e] = block[b->input[row] * E + e] * masks[0][e];
      for (int l = 0; l < s->layers; l++) {
        cell_step(s, &layers[l], x, b->condition + n * s->condition, h[l], c[l]);
        for (int k = 0; k < H; k++) x[k] = h[l][k] * masks[1 + l][k];
      }
      if (b->target[row] < 0) continue;
      loss +=
          (b->weight != NULL ? (double)b->weight[row] : 1) * token_loss(s, block, projection, bias, x, b->target[row]);
    }
  }
  return loss;
}
