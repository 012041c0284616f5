/* What the solvers of math/als share: one row's interactions, and the few steps of conjugate gradients between the
 * passes over them. Private to math. */
#ifndef MATH_ALS_ROW_H
#define MATH_ALS_ROW_H

#include "math/als.h"
#include "math/lanes.h"

static inline __attribute__((always_inline)) float als_row_weight(const als_interactions *m, int64_t j) {
  return m->weight != NULL ? m->weight[j] : 1;
}

static inline __attribute__((always_inline)) float als_row_target(const als_interactions *m, int64_t j) {
  return m->target != NULL ? m->target[j] : 1;
}

/* residual holds Σ w (t − x·z) z and inverse Σ w z²: takes the diagonal in, makes the first direction; returns the
 * norm. */
static inline __attribute__((always_inline)) float als_row_start(const float *base, float lambda, int stride,
                                                                 float *solution, float *direction, float *residual,
                                                                 float *inverse) {
  const lanes *b = (const lanes *)base;
  lanes *x = (lanes *)solution, *d = (lanes *)direction, *r = (lanes *)residual, *m = (lanes *)inverse, sum = {0};
  const int solved = lambda < 0 ? 0 : -1;
  for (int i = 0; i < stride / LANES; i++) {
    const lanes diagonal = b[i] + lambda, whole = diagonal + m[i];
    if (lambda < 0) x[i] = (lanes)((lanes_mask)x[i] & (b[i] < 0));
    m[i] = (lanes)((lanes_mask)(1 / whole) & (b[i] >= 0) & (whole > 0) & solved);
    r[i] -= diagonal * x[i];
    d[i] = m[i] * r[i];
    sum += r[i] * d[i];
  }
  return lanes_sum(&sum);
}

/* product holds Σ w (p·z) z for the direction p. Returns the new norm. */
static inline __attribute__((always_inline)) float als_row_step(const float *base, float lambda, int stride, float norm,
                                                                float *solution, float *direction, float *residual,
                                                                const float *inverse, const float *product) {
  const lanes *p = (const lanes *)direction, *q = (const lanes *)product, *b = (const lanes *)base;
  lanes curved = {0}, left = {0};
  for (int i = 0; i < stride / LANES; i++) curved += p[i] * (q[i] + (b[i] + lambda) * p[i]);
  const float curvature = lanes_sum(&curved);
  if (!(curvature > 0) || !(norm > 0)) return 0; /* nothing left to descend */
  const float length = norm / curvature;
  lanes *x = (lanes *)solution, *r = (lanes *)residual, *d = (lanes *)direction;
  const lanes *m = (const lanes *)inverse;
  for (int i = 0; i < stride / LANES; i++) {
    x[i] += length * d[i];
    r[i] -= length * (q[i] + (b[i] + lambda) * d[i]);
    left += r[i] * r[i] * m[i];
  }
  const float after = lanes_sum(&left), turn = after / norm;
  for (int i = 0; i < stride / LANES; i++) d[i] = r[i] * m[i] + turn * d[i];
  return after;
}

/* The last step where nobody asks what it leaves; `curved` is Σ w (p·z)² for the direction p. */
static inline __attribute__((always_inline)) void als_row_last(const float *base, float lambda, int stride, float norm,
                                                               float curved, float *solution, const float *direction) {
  const lanes *p = (const lanes *)direction, *b = (const lanes *)base;
  lanes sum = {0};
  for (int i = 0; i < stride / LANES; i++) sum += p[i] * ((b[i] + lambda) * p[i]);
  const float curvature = curved + lanes_sum(&sum);
  if (!(curvature > 0)) return;
  const float length = norm / curvature;
  lanes *x = (lanes *)solution;
  for (int i = 0; i < stride / LANES; i++) x[i] += length * p[i];
}

#endif
