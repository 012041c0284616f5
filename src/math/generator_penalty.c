/* Regularisers of the last layer's states: activation, and its change over time. */
#include "math/generator_pass.h"
#include "math/vectors.h"

static int has_target(const generator_batch *b, int t, int n) {
  return t < b->steps && b->target[(int64_t)t * b->sequences + n] >= 0;
}

static double squares(const float *x, const float *before, int count) {
  double sum = 0;
  for (int k = 0; k < count; k++) {
    const double one = (double)x[k] - (before == NULL ? 0 : (double)before[k]);
    sum += one * one;
  }
  return sum;
}

double generator_penalty(generator_pass *w, int learn) {
  const generator_batch *b = w->batch;
  const int h = w->shape->hidden, last = w->shape->layers - 1;
  const int64_t step = (int64_t)b->sequences * h;
  double loss = 0;
  for (int t = 0; t < b->steps; t++)
    for (int n = 0; n < b->sequences; n++) {
      if (!has_target(b, t, n)) continue;
      const int64_t at = t * step + (int64_t)n * h;
      const float *state = w->state[last] + step + at;
      if (b->activation > 0) {
        loss += (double)b->activation / h * squares(w->dropped[last] + at, NULL, h);
        if (learn) vectors_add_scaled(w->d_dropped + at, 2 * b->activation / (float)h, w->dropped[last] + at, h);
      }
      if (b->slowness > 0 && t > 0) loss += (double)b->slowness / h * squares(state, state - step, h);
    }
  return loss;
}

void generator_penalty_step(generator_pass *w, int t) {
  const generator_batch *b = w->batch;
  const int h = w->shape->hidden;
  const int64_t step = (int64_t)b->sequences * h;
  const float by = 2 * b->slowness / (float)h;
  for (int n = 0; n < b->sequences; n++) {
    const float *state = w->state[w->shape->layers - 1] + (t + 1) * step + (int64_t)n * h;
    float *gradient = w->d_hidden + (int64_t)n * h;
    if (t > 0 && has_target(b, t, n)) {
      vectors_add_scaled(gradient, by, state, h);
      vectors_add_scaled(gradient, -by, state - step, h);
    }
    if (has_target(b, t + 1, n)) {
      vectors_add_scaled(gradient, by, state, h);
      vectors_add_scaled(gradient, -by, state + step, h);
    }
  }
}
