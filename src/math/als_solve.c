#include <string.h>

#include "math/als.h"
#include "math/als_row.h"
#include "math/kernel.h"

/* Interactions are taken GROUP at a time: so many rows of the other table are multiplied at once, each with a sum of
 * its own, and so many are added to a sum while it stays in a register. Rows to come are fetched while those before
 * them are worked on; a row's later passes find them in the cache, unless there are too many. */
enum {
  GROUP = 8,
  AHEAD = 16,                    /* interactions between fetching and use */
  KEPT_FLOATS = 1 << 16,         /* what of the other table is still near in the next pass */
  LINE = 64 / (int)sizeof(float) /* floats of a line of the cache */
};

/* A group of interactions; those that are missing at the end of a row have weight 0. */
typedef struct group {
  const float *z[GROUP];
  _Alignas(32) float weight[GROUP], target[GROUP], factor[GROUP];
} group;

static inline __attribute__((always_inline)) void group_take(group *g, const als_interactions *m, const float *other,
                                                             int stride, int64_t from, int64_t end) {
  for (int i = 0; i < GROUP; i++) {
    const int64_t j = from + i < end ? from + i : end - 1;
    g->z[i] = other + (int64_t)m->item[j] * stride;
    g->weight[i] = from + i < end ? als_row_weight(m, j) : 0;
    g->target[i] = als_row_target(m, j);
  }
}

static inline __attribute__((always_inline)) void group_fetch(const als_interactions *m, const float *other, int stride,
                                                              int64_t from, int64_t end) {
  for (int64_t j = from; j < from + GROUP && j < end; j++) {
    const float *z = other + (int64_t)m->item[j] * stride;
    for (int c = 0; c < stride; c += LINE) __builtin_prefetch(z + c, 0, 3);
  }
}

/* factor = x·z */
static inline __attribute__((always_inline)) void group_dot(group *g, const float *x, int stride) {
  lanes sum[GROUP] = {{0}};
  for (int c = 0; c < stride; c += LANES) {
    const lanes v = *(const lanes *)(x + c);
    for (int i = 0; i < GROUP; i++) sum[i] += v * *(const lanes *)(g->z[i] + c);
  }
  lanes_sums(sum, g->factor);
}

/* out += Σ factor z */
static inline __attribute__((always_inline)) void group_add(const group *g, int stride, float *out) {
  for (int c = 0; c < stride; c += LANES) {
    lanes sum = *(const lanes *)(out + c);
    for (int i = 0; i < GROUP; i++) sum += g->factor[i] * *(const lanes *)(g->z[i] + c);
    *(lanes *)(out + c) = sum;
  }
}

/* The same, and square += Σ weight z². */
static inline __attribute__((always_inline)) void group_add_both(const group *g, int stride, float *out,
                                                                 float *square) {
  for (int c = 0; c < stride; c += LANES) {
    lanes sum = *(const lanes *)(out + c), squares = *(const lanes *)(square + c);
    for (int i = 0; i < GROUP; i++) {
      const lanes z = *(const lanes *)(g->z[i] + c);
      sum += g->factor[i] * z;
      squares += g->weight[i] * z * z;
    }
    *(lanes *)(out + c) = sum;
    *(lanes *)(square + c) = squares;
  }
}

/* residual += Σ w (t − x·z) z and square += Σ w z² over interactions [from, end) of a row; fetches up to `last`. */
static inline __attribute__((always_inline)) void pass_residual(const als_interactions *m, int64_t from, int64_t end,
                                                                const float *other, int stride, const float *x,
                                                                float *residual, float *square) {
  const int64_t last = m->offset[m->count];
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    group_fetch(m, other, stride, j + AHEAD, last);
    group_take(&g, m, other, stride, j, end);
    group_dot(&g, x, stride);
    for (int i = 0; i < GROUP; i++) g.factor[i] = g.weight[i] * (g.target[i] - g.factor[i]);
    group_add_both(&g, stride, residual, square);
  }
}

/* product += Σ w (p·z) z for the direction p. */
static inline __attribute__((always_inline)) void pass_product(const als_interactions *m, int64_t from, int64_t end,
                                                               const float *other, int stride, const float *direction,
                                                               float *product) {
  const int is_far = (end - from) * stride > KEPT_FLOATS;
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    if (is_far) group_fetch(m, other, stride, j + AHEAD, end);
    group_take(&g, m, other, stride, j, end);
    group_dot(&g, direction, stride);
    for (int i = 0; i < GROUP; i++) g.factor[i] *= g.weight[i];
    group_add(&g, stride, product);
  }
}

/* Inlined once for each stride that is known beforehand. Returns what is left of the norm. */
static inline __attribute__((always_inline)) float solve_row(const als_interactions *m, int32_t r, const float *other,
                                                             int stride, const float *base, float lambda, int steps,
                                                             float *x, float *scratch) {
  float *residual = scratch, *inverse = scratch + stride, *direction = scratch + 2 * (int64_t)stride;
  float *product = scratch + 3 * (int64_t)stride;
  const int64_t from = m->offset[r], end = m->offset[r + 1];
  memset(scratch, 0, 2 * (size_t)stride * sizeof *scratch);
  if (m->prior != NULL && lambda > 0)
    for (int c = 0; c < stride; c++) residual[c] = lambda * m->prior[(int64_t)r * stride + c];
  pass_residual(m, from, end, other, stride, x, residual, inverse);
  const float first = als_row_start(base, lambda, stride, x, direction, residual, inverse);
  float norm = first;
  for (int step = 0; step < steps && norm > 0; step++) {
    memset(product, 0, (size_t)stride * sizeof *product);
    pass_product(m, from, end, other, stride, direction, product);
    norm = als_row_step(base, lambda, stride, norm, x, direction, residual, inverse, product);
  }
  return first > 0 ? norm / first : 0;
}

KERNEL static void solve_rows(const als_interactions *m, const float *other, int stride, const float *base,
                              const float *lambda, int steps, float *solution, float *residual_left, float *scratch) {
  for (int32_t r = 0; r < m->count; r++) {
    float *x = solution + (int64_t)r * stride, left = 0;
    switch (stride) {
      case 64: left = solve_row(m, r, other, 64, base, lambda[r], steps, x, scratch); break;
      case 128: left = solve_row(m, r, other, 128, base, lambda[r], steps, x, scratch); break;
      default: left = solve_row(m, r, other, stride, base, lambda[r], steps, x, scratch); break;
    }
    if (residual_left != NULL) residual_left[r] = left;
  }
}

/* A function that is compiled more than once is found by other files under one name only with gcc, not with clang. */

int64_t als_solve_scratch(int stride) { return 4 * (int64_t)stride; }

void als_solve_rows(const als_interactions *m, const float *other, int stride, const float *base, const float *lambda,
                    int steps, float *solution, float *residual, float *scratch) {
  solve_rows(m, other, stride, base, lambda, steps, solution, residual, scratch);
}
