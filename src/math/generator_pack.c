/* The writer's weights as operands of bf16 products. */
#include "math/bf16.h"
#include "math/generator_pass.h"

static const uint16_t *take(const uint16_t *packed, int64_t *used, int64_t count) {
  const uint16_t *piece = packed == NULL ? NULL : packed + *used;
  *used += (count + 31) / 32 * 32;
  return piece;
}

static generator_matrix matrix(int depth, int width, const float *plain, const uint16_t *packed, int64_t *used) {
  generator_matrix m = {.depth = depth, .width = width, .plain = plain};
  m.ahead = take(packed, used, bf16_available() ? bf16_right_count(depth, width) : 0);
  m.back = take(packed, used, bf16_available() ? bf16_right_count(width, depth) : 0);
  return m;
}

/* The order of the pack; returns its length. */
static int64_t place(generator_pass *w, const uint16_t *packed) {
  const generator_shape *s = w->shape;
  int64_t used = 0;
  for (int l = 0; l < s->layers; l++) {
    w->input[l] = matrix(generator_input_width(s, l), 4 * s->hidden, w->p.input[l], packed, &used);
    w->recurrent[l] = matrix(s->hidden, 4 * s->hidden, w->p.recurrent[l], packed, &used);
  }
  if (!s->untied && s->hidden != s->embedding)
    w->projection = matrix(s->hidden, s->embedding, w->p.projection, packed, &used);
  w->top = matrix(generator_top_width(s), s->vocabulary, w->p.output, packed, &used);
  return used;
}

void generator_pack_matrices(generator_pass *w) { place(w, w->batch->packed); }

int64_t generator_pack_count(const generator_shape *s) {
  generator_pass w = {.shape = s};
  return bf16_available() ? place(&w, NULL) : 0;
}

/* The packs are ours to write here; everybody else only reads them. */
static uint16_t *writable(const uint16_t *packed) { return (uint16_t *)(uintptr_t)packed; }

static void pack(const generator_matrix *m, const float *plain) {
  bf16_right(m->depth, m->width, plain, m->width, writable(m->ahead));
  bf16_right_transposed(m->width, m->depth, plain, m->width, writable(m->back));
}

void generator_pack(const generator_shape *s, const float *block, const generator_batch *b, float *scratch,
                    uint16_t *packed) {
  generator_batch packing = *b;
  packing.packed = packed;
  generator_pass w = {.shape = s, .batch = &packing};
  w.p = generator_at(s, (float *)(uintptr_t)block);
  place(&w, packed);
  for (int l = 0; l < s->layers; l++) {
    pack(&w.input[l], w.input[l].plain);
    if (b->dropout.recurrent > 0) generator_dropout_thin(&w, l, scratch);
    pack(&w.recurrent[l], b->dropout.recurrent > 0 ? scratch : w.recurrent[l].plain);
  }
  if (w.p.projection != NULL) pack(&w.projection, w.projection.plain);
  /* The softmax weights stand as [V, E]: transposed for the way ahead. */
  bf16_right_transposed(w.top.depth, w.top.width, w.top.plain, w.top.depth, writable(w.top.ahead));
  bf16_right(w.top.width, w.top.depth, w.top.plain, w.top.depth, writable(w.top.back));
}
