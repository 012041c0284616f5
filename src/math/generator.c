#include "math/generator.h"

#include "math/generator_pass.h"

static void lay_out_layer(generator_pass *w, int l, kernel_scratch *scratch) {
  const int64_t n = w->batch->sequences, rows = n * w->batch->steps, h = w->shape->hidden;
  w->base[l] = kernel_take(scratch, n * 4 * h);
  w->gates[l] = kernel_take(scratch, rows * 4 * h);
  w->cell[l] = kernel_take(scratch, (rows + n) * h);
  w->state[l] = kernel_take(scratch, (rows + n) * h);
  if (w->mask[1 + l].share > 0)
    w->dropped[l] = kernel_take(scratch, rows * h);
  else if (w->state[l] != NULL)
    w->dropped[l] = w->state[l] + n * h;
  if (w->shape->facts > 0) w->extra[l] = kernel_take(scratch, rows * h);
}

static generator_pass lay_out(const generator_shape *s, const generator_batch *b, kernel_scratch *scratch) {
  const int64_t n = b->sequences, rows = n * b->steps, h = s->hidden, e = s->embedding, wide = e > h ? e : h;
  generator_pass w;
  memset(&w, 0, sizeof w);
  w.shape = s;
  w.batch = b;
  generator_dropout_lay_out(&w, scratch);
  w.embedded = kernel_take(scratch, rows * e);
  for (int l = 0; l < s->layers; l++) lay_out_layer(&w, l, scratch);
  w.d_dropped = kernel_take(scratch, rows * wide);
  w.d_input = kernel_take(scratch, rows * wide);
  w.d_hidden = kernel_take(scratch, n * h);
  w.d_cell = kernel_take(scratch, n * h);
  const int64_t block = rows < GENERATOR_BLOCK_ROWS ? rows : GENERATOR_BLOCK_ROWS;
  if (b->packed == NULL) w.logits = kernel_take(scratch, block * s->vocabulary);
  w.top_states = kernel_take(scratch, block * wide);
  w.d_top = kernel_take(scratch, block * wide);
  w.rows = kernel_take(scratch, block * h);
  w.turned = kernel_take(scratch, 4 * h * h);
  w.read = kernel_take(scratch, rows * s->facts);
  w.facts = kernel_take(scratch, (rows + n) * s->facts);
  w.d_facts = kernel_take(scratch, rows * s->facts);
  w.d_carried = kernel_take(scratch, n * s->facts);
  generator_products_lay_out(&w, scratch);
  if (b->packed != NULL) generator_rounded_lay_out(&w, scratch);
  return w;
}

int64_t generator_scratch(const generator_shape *s, const generator_batch *b) {
  kernel_scratch counter = {NULL, 0};
  lay_out(s, b, &counter);
  return counter.used;
}

double generator_loss(const generator_shape *s, const float *block, const generator_batch *b, float *gradient,
                      float *token_loss, float *scratch) {
  kernel_scratch memory = {scratch, 0};
  generator_pass w = lay_out(s, b, &memory);
  const int learn = gradient != NULL;
  /* The block is only read: one function places the names for parameters and gradients alike. */
  w.p = generator_at(s, (float *)(uintptr_t)block);
  generator_pack_matrices(&w);
  generator_forward(&w);
  generator_parameters g = {0};
  if (learn) g = generator_at(s, gradient);
  double loss = generator_output(&w, learn ? &g : NULL, token_loss);
  if (s->facts > 0) loss += generator_facts_loss(&w, learn);
  if (b->activation > 0 || b->slowness > 0) loss += generator_penalty(&w, learn);
  if (!learn) return loss;
  model_hook_done(b->hook, s->layers + 2);
  generator_backward(&w, &g);
  return loss;
}
