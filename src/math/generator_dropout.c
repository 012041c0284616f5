/* Masks of the writer's dropout. Each is named by the seed, its place, and the sequence, or the step where it belongs
 * to all sequences: a lane draws what any other rank would. */
#include "math/generator_pass.h"
#include "math/uniform.h"
#include "math/vectors.h"

/* Places of masks: 0 embedded tokens, 1 + l states of layer l, then those of a whole step. */
enum { RECURRENT = 8, TOKEN = 15, PLACES = 16 };

generator_dropout generator_dropout_even(float share) {
  return (generator_dropout){.input = share, .between = share, .output = share};
}

static float share_at(const generator_pass *w, int place) {
  const generator_dropout *d = &w->batch->dropout;
  return place == 0 ? d->input : place == w->shape->layers ? d->output : d->between;
}

void generator_dropout_lay_out(generator_pass *w, kernel_scratch *scratch) {
  const generator_shape *s = w->shape;
  const generator_batch *b = w->batch;
  const int64_t rows = (int64_t)b->sequences * (b->dropout.per_step ? b->steps : 1);
  for (int i = 0; i <= s->layers; i++) {
    w->mask[i] = (generator_mask){share_at(w, i), i == 0 ? s->embedding : s->hidden, b->dropout.per_step, NULL};
    if (w->mask[i].share > 0) w->mask[i].kept = kernel_take(scratch, rows * w->mask[i].width);
  }
  if (b->dropout.token > 0) w->token_kept = kernel_take(scratch, s->vocabulary);
  for (int l = 0; l < s->layers && b->dropout.recurrent > 0 && b->packed == NULL; l++)
    w->thinned[l] = kernel_take(scratch, 4 * (int64_t)s->hidden * s->hidden);
}

KERNEL static void keep_some(float *mask, float keep, int64_t count) {
  const float kept = 1 / keep;
#pragma omp simd
  for (int64_t k = 0; k < count; k++) mask[k] = mask[k] < keep ? kept : 0;
}

static void fill(random_stream r, float share, int64_t count, float *mask) {
  uniform_fill(r, mask, count);
  keep_some(mask, 1 - share, count);
}

static void fill_rows(const generator_pass *w, int place) {
  const generator_batch *b = w->batch;
  const generator_mask *m = &w->mask[place];
  for (int t = 0; t < (m->per_step ? b->steps : 1); t++)
    for (int n = 0; n < b->sequences; n++) {
      const uint64_t name = b->seed + (uint64_t)place + (m->per_step ? PLACES * ((uint64_t)t + 1) : 0);
      fill(random_open(name, RANDOM_DROPOUT, b->ids[n], b->step), m->share, m->width,
           m->kept + ((int64_t)t * b->sequences + n) * m->width);
    }
}

static random_stream of_step(const generator_batch *b, int place) {
  return random_open(b->seed + (uint64_t)place, RANDOM_DROPOUT, UINT64_MAX, b->step);
}

void generator_dropout_draw(generator_pass *w) {
  const generator_shape *s = w->shape;
  const generator_batch *b = w->batch;
  for (int i = 0; i <= s->layers; i++)
    if (w->mask[i].share > 0) fill_rows(w, i);
  if (w->token_kept != NULL) fill(of_step(b, TOKEN), b->dropout.token, s->vocabulary, w->token_kept);
  for (int l = 0; l < s->layers; l++) {
    if (w->thinned[l] == NULL) continue;
    generator_dropout_thin(w, l, w->thinned[l]);
    w->recurrent[l].plain = w->thinned[l];
  }
}

void generator_dropout_thin(const generator_pass *w, int layer, float *out) {
  const int64_t count = 4 * (int64_t)w->shape->hidden * w->shape->hidden;
  fill(of_step(w->batch, RECURRENT + layer), w->batch->dropout.recurrent, count, out);
  vectors_multiply(out, out, w->p.recurrent[layer], count);
}

void generator_dropout_recurrent(const generator_pass *w, int layer, const float *thinned, float *gradient) {
  enum { PIECE = 4096 };
  float mask[PIECE];
  const int64_t count = 4 * (int64_t)w->shape->hidden * w->shape->hidden;
  random_stream r = of_step(w->batch, RECURRENT + layer);
  for (int64_t at = 0; at < count; at += PIECE, r.counter[0] += PIECE / 4) {
    const int64_t here = count - at < PIECE ? count - at : PIECE;
    fill(r, w->batch->dropout.recurrent, here, mask);
    vectors_add_product(gradient + at, thinned + at, mask, here);
  }
}

const float *generator_dropout_at(const generator_pass *w, int place, int t) {
  const generator_mask *m = &w->mask[place];
  return m->share <= 0 ? NULL : m->kept + (m->per_step ? (int64_t)t * w->batch->sequences * m->width : 0);
}
