#include <string.h>

#include "math/als.h"
#include "math/als_row.h"
#include "math/kernel.h"

/* Interactions are taken GROUP at a time: so many rows of the other table are multiplied at once, each with a sum of
 * its own, and so many are added to a sum while it stays in a register. Rows to come are fetched while those before
 * them are worked on. A row's later passes find them in the cache, or, of a packed table, unpacked in scratch memory,
 * unless there are too many. */
enum {
  GROUP = 8,
  AHEAD = 16,            /* interactions between fetching and use */
  NEAR_FLOATS = 1 << 16, /* what of the other table is still near in the next pass */
  LINE = 64              /* bytes of a line of the cache */
};

typedef uint16_t packed_lanes __attribute__((vector_size(32), may_alias));
typedef uint32_t lanes_bits __attribute__((vector_size(64), may_alias));

/* One of the two is NULL, and the compiler knows which. */
typedef struct table {
  const float *whole;
  const uint16_t *packed;
  int stride;
} table;

/* A group of interactions; those that are missing at the end of a row have weight 0. */
typedef struct group {
  const float *z[GROUP];
  _Alignas(32) float weight[GROUP], target[GROUP], factor[GROUP];
} group;

static inline __attribute__((always_inline)) const float *take_row(const table *t, int32_t at, float *unpacked) {
  if (t->packed == NULL) return t->whole + (int64_t)at * t->stride;
  const uint16_t *row = t->packed + (int64_t)at * t->stride;
  for (int c = 0; c < t->stride; c += LANES)
    *(lanes_bits *)(unpacked + c) = __builtin_convertvector(*(const packed_lanes *)(row + c), lanes_bits) << 16;
  return unpacked;
}

/* unpacked [GROUP, stride]: where rows of a packed table go; with `is_there` they stand there already. */
static inline __attribute__((always_inline)) void group_take(group *g, const als_interactions *m, const table *t,
                                                             int64_t from, int64_t end, float *unpacked, int is_there) {
  for (int i = 0; i < GROUP; i++) {
    const int64_t j = from + i < end ? from + i : end - 1;
    g->z[i] = is_there ? unpacked + i * t->stride : take_row(t, m->item[j], unpacked + i * t->stride);
    g->weight[i] = from + i < end ? als_row_weight(m, j) : 0;
    g->target[i] = als_row_target(m, j);
  }
}

static inline __attribute__((always_inline)) void group_fetch(const als_interactions *m, const table *t, int64_t from,
                                                              int64_t end) {
  const char *first = t->packed != NULL ? (const char *)t->packed : (const char *)t->whole;
  const int bytes = t->stride * (t->packed != NULL ? (int)sizeof *t->packed : (int)sizeof *t->whole);
  for (int64_t j = from; j < from + GROUP && j < end; j++)
    for (int at = 0; at < bytes; at += LINE) __builtin_prefetch(first + (int64_t)m->item[j] * bytes + at, 0, 3);
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

/* Whether a row's part of the other table is still near in the next pass. */
static inline __attribute__((always_inline)) int is_near(int64_t from, int64_t end, int stride) {
  return (end - from + GROUP - 1) / GROUP * GROUP * stride <= NEAR_FLOATS;
}

/* residual += Σ w (t − x·z) z and square += Σ w z² over interactions [from, end) of a row; fetches up to `last`. */
static inline __attribute__((always_inline)) void pass_residual(const als_interactions *m, int64_t from, int64_t end,
                                                                const table *t, const float *x, float *residual,
                                                                float *square, float *unpacked) {
  const int64_t last = m->offset[m->count];
  const int stays = is_near(from, end, t->stride);
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    group_fetch(m, t, j + AHEAD, last);
    group_take(&g, m, t, j, end, stays ? unpacked + (j - from) * t->stride : unpacked, 0);
    group_dot(&g, x, t->stride);
    for (int i = 0; i < GROUP; i++) g.factor[i] = g.weight[i] * (g.target[i] - g.factor[i]);
    group_add_both(&g, t->stride, residual, square);
  }
}

/* product += Σ w (p·z) z for the direction p. */
static inline __attribute__((always_inline)) void pass_product(const als_interactions *m, int64_t from, int64_t end,
                                                               const table *t, const float *direction, float *product,
                                                               float *unpacked) {
  const int stays = is_near(from, end, t->stride);
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    if (!stays) group_fetch(m, t, j + AHEAD, end);
    if (t->packed != NULL && stays)
      group_take(&g, m, t, j, end, unpacked + (j - from) * t->stride, 1);
    else
      group_take(&g, m, t, j, end, unpacked, 0);
    group_dot(&g, direction, t->stride);
    for (int i = 0; i < GROUP; i++) g.factor[i] *= g.weight[i];
    group_add(&g, t->stride, product);
  }
}

/* Returns what is left of the norm. */
static inline __attribute__((always_inline)) float solve_row(const als_interactions *m, int32_t r, const table *t,
                                                             const float *base, float lambda, int steps, float *x,
                                                             float *scratch) {
  const int stride = t->stride;
  float *residual = scratch, *inverse = scratch + stride, *direction = scratch + 2 * (int64_t)stride;
  float *product = scratch + 3 * (int64_t)stride, *unpacked = scratch + 4 * (int64_t)stride;
  const int64_t from = m->offset[r], end = m->offset[r + 1];
  memset(scratch, 0, 2 * (size_t)stride * sizeof *scratch);
  if (m->prior != NULL && lambda > 0)
    for (int c = 0; c < stride; c++) residual[c] = lambda * m->prior[(int64_t)r * stride + c];
  pass_residual(m, from, end, t, x, residual, inverse, unpacked);
  const float first = als_row_start(base, lambda, stride, x, direction, residual, inverse);
  float norm = first;
  for (int step = 0; step < steps && norm > 0; step++) {
    memset(product, 0, (size_t)stride * sizeof *product);
    pass_product(m, from, end, t, direction, product, unpacked);
    norm = als_row_step(base, lambda, stride, norm, x, direction, residual, inverse, product);
  }
  return first > 0 ? norm / first : 0;
}

/* Inlined once for each kind of table, and for each stride that is known beforehand. */
static inline __attribute__((always_inline)) void solve(const als_interactions *m, const float *whole,
                                                        const uint16_t *packed, int stride, const float *base,
                                                        const float *lambda, int steps, float *solution,
                                                        float *residual, float *scratch) {
  const table t = {whole, packed, stride}, narrow = {whole, packed, 64}, wide = {whole, packed, 128};
  for (int32_t r = 0; r < m->count; r++) {
    float *x = solution + (int64_t)r * stride, left = 0;
    switch (stride) {
      case 64: left = solve_row(m, r, &narrow, base, lambda[r], steps, x, scratch); break;
      case 128: left = solve_row(m, r, &wide, base, lambda[r], steps, x, scratch); break;
      default: left = solve_row(m, r, &t, base, lambda[r], steps, x, scratch); break;
    }
    if (residual != NULL) residual[r] = left;
  }
}

KERNEL static void solve_rows(const als_interactions *m, const float *other, int stride, const float *base,
                              const float *lambda, int steps, float *solution, float *residual, float *scratch) {
  solve(m, other, NULL, stride, base, lambda, steps, solution, residual, scratch);
}

KERNEL static void solve_packed(const als_interactions *m, const uint16_t *other, int stride, const float *base,
                                const float *lambda, int steps, float *solution, float *residual, float *scratch) {
  solve(m, NULL, other, stride, base, lambda, steps, solution, residual, scratch);
}

KERNEL static void pack(const float *whole, int64_t count, uint16_t *packed) {
  for (int64_t i = 0; i < count; i += LANES) {
    const lanes_bits bits = *(const lanes_bits *)(whole + i);
    *(packed_lanes *)(packed + i) = __builtin_convertvector((bits + 0x7FFF + (bits >> 16 & 1)) >> 16, packed_lanes);
  }
}

/* A function that is compiled more than once is found by other files under one name only with gcc, not with clang. */

int64_t als_solve_scratch(int stride) {
  const int64_t least = GROUP * (int64_t)stride;
  return 4 * (int64_t)stride + (least > NEAR_FLOATS ? least : NEAR_FLOATS);
}

void als_pack(const float *whole, int32_t rows, int stride, uint16_t *packed) {
  pack(whole, (int64_t)rows * stride, packed);
}

void als_solve_rows(const als_interactions *m, const float *other, int stride, const float *base, const float *lambda,
                    int steps, float *solution, float *residual, float *scratch) {
  solve_rows(m, other, stride, base, lambda, steps, solution, residual, scratch);
}

void als_solve_packed(const als_interactions *m, const uint16_t *other, int stride, const float *base,
                      const float *lambda, int steps, float *solution, float *residual, float *scratch) {
  solve_packed(m, other, stride, base, lambda, steps, solution, residual, scratch);
}
