#include <string.h>

#include "math/als.h"
#include "math/als_row.h"
#include "math/kernel.h"

KERNEL static void item_residual(const als_interactions *m, const float *user, const float *item, int stride,
                                 float *part) {
  for (int32_t u = 0; u < m->count; u++) {
    const float *x = user + (int64_t)u * stride;
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      float *row = part + (int64_t)m->item[j] * 2 * stride;
      const float w = als_row_weight(m, j);
      const float gap = als_row_target(m, j) - lanes_dot(x, item + (int64_t)m->item[j] * stride, stride);
      lanes_add(row, w * gap, x, stride);
      lanes *square = (lanes *)(row + stride);
      for (int i = 0; i < stride / LANES; i++) square[i] += w * ((const lanes *)x)[i] * ((const lanes *)x)[i];
    }
  }
}

KERNEL static void item_product(const als_interactions *m, const float *user, const float *direction, int stride,
                                float *part) {
  for (int32_t u = 0; u < m->count; u++) {
    const float *x = user + (int64_t)u * stride;
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const int64_t at = (int64_t)m->item[j] * stride;
      lanes_add(part + at, als_row_weight(m, j) * lanes_dot(x, direction + at, stride), x, stride);
    }
  }
}

KERNEL static void descent_start(const als_descent *d, const float *part) {
  for (int32_t i = 0; i < d->rows; i++) {
    const int64_t at = (int64_t)i * d->stride;
    memcpy(d->residual + at, part + 2 * at, (size_t)d->stride * sizeof *part);
    memcpy(d->inverse + at, part + 2 * at + d->stride, (size_t)d->stride * sizeof *part);
    d->norm[i] = als_row_start(d->base, d->lambda[i], d->stride, d->solution + at, d->direction + at, d->residual + at,
                               d->inverse + at);
  }
}

KERNEL static void descent_step(const als_descent *d, const float *product) {
  for (int32_t i = 0; i < d->rows; i++) {
    const int64_t at = (int64_t)i * d->stride;
    d->norm[i] = als_row_step(d->base, d->lambda[i], d->stride, d->norm[i], d->solution + at, d->direction + at,
                              d->residual + at, d->inverse + at, product + at);
  }
}

/* A function that is compiled more than once is found by other files under one name only with gcc, not with clang. */

void als_item_residual(const als_interactions *m, const float *user, const float *item, int stride, float *part) {
  item_residual(m, user, item, stride, part);
}

void als_item_product(const als_interactions *m, const float *user, const float *direction, int stride, float *part) {
  item_product(m, user, direction, stride, part);
}

void als_descent_start(const als_descent *d, const float *part) { descent_start(d, part); }

void als_descent_step(const als_descent *d, const float *product) { descent_step(d, product); }
