/* Where the writer's parameters stand, and how they begin. */
#include <math.h>
#include <string.h>

#include "math/generator.h"

static int input_width(const generator_shape *s, int layer) { return layer == 0 ? s->embedding : s->hidden; }

static float *take(float *block, int64_t *used, int64_t count) {
  float *piece = block == NULL ? NULL : block + *used;
  *used += count;
  return piece;
}

/* Places the names one after another; returns the floats taken. `block` may be NULL to count only.
 *   start  of each bucket, and the end */
static int64_t place(const generator_shape *s, float *block, generator_parameters *p, int64_t *start) {
  const int64_t gates = 4 * (int64_t)s->hidden, e = s->embedding, h = s->hidden, v = s->vocabulary, d = s->facts;
  int64_t used = 0;
  *start++ = used;
  p->embedding = take(block, &used, v * e);
  for (int l = 0; l < s->layers; l++) {
    *start++ = used;
    p->input[l] = take(block, &used, input_width(s, l) * gates);
    p->recurrent[l] = take(block, &used, h * gates);
    p->bias[l] = take(block, &used, gates);
    p->condition[l] = take(block, &used, s->condition * gates);
    p->facts[l] = take(block, &used, d * h);
  }
  *start++ = used;
  p->read_input = take(block, &used, e * d);
  p->read_recurrent = take(block, &used, h * d);
  p->read_bias = take(block, &used, d);
  *start++ = used;
  if (!s->untied && h != e) p->projection = take(block, &used, h * e);
  if (s->untied)
    p->output = take(block, &used, v * h);
  else
    p->output = p->embedding;
  p->output_bias = take(block, &used, v);
  *start = used;
  return used;
}

generator_parameters generator_at(const generator_shape *s, float *block) {
  generator_parameters p = {0};
  int64_t start[GENERATOR_BUCKETS_MOST + 1];
  place(s, block, &p, start);
  return p;
}

int64_t generator_count(const generator_shape *s) {
  generator_parameters none = {0};
  int64_t start[GENERATOR_BUCKETS_MOST + 1];
  return place(s, NULL, &none, start);
}

int generator_buckets(const generator_shape *s, int64_t *start) {
  generator_parameters none = {0};
  place(s, NULL, &none, start);
  return s->layers + 3;
}

static void draw(random_stream *r, float *out, int64_t count, float limit) {
  for (int64_t i = 0; i < count; i++) out[i] = (2 * random_unit(r) - 1) * limit;
}

void generator_initialise(const generator_shape *s, uint64_t seed, float *block) {
  random_stream r = random_open(seed, RANDOM_WEIGHTS, 0, 0);
  const int64_t gates = 4 * (int64_t)s->hidden, h = s->hidden, d = s->facts;
  const float even = 1 / sqrtf((float)s->hidden);
  memset(block, 0, (size_t)generator_count(s) * sizeof *block);
  const generator_parameters p = generator_at(s, block);
  draw(&r, p.embedding, (int64_t)s->vocabulary * s->embedding, 0.1f);
  for (int l = 0; l < s->layers; l++) {
    draw(&r, p.input[l], input_width(s, l) * gates, 1 / sqrtf((float)input_width(s, l)));
    draw(&r, p.recurrent[l], h * gates, even);
    for (int k = 0; k < s->hidden; k++) p.bias[l][s->hidden + k] = 1;
  }
  if (p.projection != NULL) draw(&r, p.projection, h * s->embedding, even);
  if (s->untied) draw(&r, p.output, s->vocabulary * h, 0.1f);
  for (int l = 0; l < s->layers; l++) draw(&r, p.facts[l], d * h, 0.1f);
  draw(&r, p.read_input, s->embedding * d, even);
  draw(&r, p.read_recurrent, h * d, even);
  for (int k = 0; k < s->facts; k++) p.read_bias[k] = 2;
}
