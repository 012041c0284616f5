#include <string.h>

#include "math/als.h"
#include "math/als_row.h"
#include "math/kernel.h"

/* Interactions are taken GROUP at a time: so many rows of the other table are multiplied at once, each with a sum of
 * its own, and so many are added to a sum while it stays in a register. Rows to come are fetched while those before
 * them are worked on: into the second cache, which waits for more lines at a time than the first. A row's later passes
 * find them there unless there are too many. */
enum {
  GROUP = 8,
  AHEAD = 16,           /* interactions between fetching and use */
  NEAR_BYTES = 1 << 19, /* what of the other table is still near in the next pass */
  LINE = 64,            /* bytes of a line of the cache */
  PAIR = 2 * LANES      /* columns of a vector of a packed row */
};

typedef uint32_t lanes_bits __attribute__((vector_size(64), may_alias));

/* One of the two is NULL, and the compiler knows which. A packed row is vectors of column c in the lower half of lane c
 * and of column LANES + c in its upper half: two instructions make them floats, where neighbours in memory take four.
 */
typedef struct table {
  const char *whole, *packed;
  int stride;
} table;

/* A group of interactions; those that are missing at the end of a row have weight 0. */
typedef struct group {
  const char *z[GROUP];
  _Alignas(32) float weight[GROUP], target[GROUP], factor[GROUP];
} group;

static inline __attribute__((always_inline)) int row_bytes(const table *t) {
  if (t->packed == NULL) return t->stride * (int)sizeof(float);
  return als_packed_stride(t->stride) * (int)sizeof(uint16_t);
}

/* Columns [c, c + LANES) of a row of the other table. */
static inline __attribute__((always_inline)) void columns(const table *t, const char *z, int c, lanes *out) {
  if (t->packed == NULL)
    *out = ((const lanes *)z)[c / LANES];
  else if (c % PAIR == 0)
    *out = (lanes)(((const lanes_bits *)z)[c / PAIR] << 16);
  else
    *out = (lanes)(((const lanes_bits *)z)[c / PAIR] & 0xFFFF0000U);
}

static inline __attribute__((always_inline)) void group_take(group *g, const als_interactions *m, const table *t,
                                                             int64_t from, int64_t end) {
  const char *first = t->packed != NULL ? t->packed : t->whole;
  for (int i = 0; i < GROUP; i++) {
    const int64_t j = from + i < end ? from + i : end - 1;
    g->z[i] = first + (int64_t)m->item[j] * row_bytes(t);
    g->weight[i] = from + i < end ? als_row_weight(m, j) : 0;
    g->target[i] = als_row_target(m, j);
  }
}

static inline __attribute__((always_inline)) void group_fetch(const als_interactions *m, const table *t, int64_t from,
                                                              int64_t end) {
  const char *first = t->packed != NULL ? t->packed : t->whole;
  for (int64_t j = from; j < from + GROUP && j < end; j++)
    for (int at = 0; at < row_bytes(t); at += LINE)
      __builtin_prefetch(first + (int64_t)m->item[j] * row_bytes(t) + at, 0, 2);
}

static inline __attribute__((always_inline)) void dot_at(const group *g, const table *t, int c, const float *x,
                                                         lanes *sum) {
  const lanes v = *(const lanes *)(x + c);
  lanes z;
  for (int i = 0; i < GROUP; i++) {
    columns(t, g->z[i], c, &z);
    sum[i] += v * z;
  }
}

/* factor = x·z */
static inline __attribute__((always_inline)) void group_dot(group *g, const table *t, const float *x) {
  lanes sum[GROUP] = {{0}};
  int c = 0;
  for (; c + PAIR <= t->stride; c += PAIR) {
    dot_at(g, t, c, x, sum);
    dot_at(g, t, c + LANES, x, sum);
  }
  if (c < t->stride) dot_at(g, t, c, x, sum);
  lanes_sums(sum, g->factor);
}

static inline __attribute__((always_inline)) void add_at(const group *g, const table *t, int c, float *out) {
  lanes sum = *(const lanes *)(out + c), z;
  for (int i = 0; i < GROUP; i++) {
    columns(t, g->z[i], c, &z);
    sum += g->factor[i] * z;
  }
  *(lanes *)(out + c) = sum;
}

/* out += Σ factor z */
static inline __attribute__((always_inline)) void group_add(const group *g, const table *t, float *out) {
  int c = 0;
  for (; c + PAIR <= t->stride; c += PAIR) {
    add_at(g, t, c, out);
    add_at(g, t, c + LANES, out);
  }
  if (c < t->stride) add_at(g, t, c, out);
}

static inline __attribute__((always_inline)) void add_both_at(const group *g, const table *t, int c, float *out,
                                                              float *square) {
  lanes sum = *(const lanes *)(out + c), squares = *(const lanes *)(square + c), z;
  for (int i = 0; i < GROUP; i++) {
    columns(t, g->z[i], c, &z);
    sum += g->factor[i] * z;
    squares += g->weight[i] * z * z;
  }
  *(lanes *)(out + c) = sum;
  *(lanes *)(square + c) = squares;
}

/* The same, and square += Σ weight z². */
static inline __attribute__((always_inline)) void group_add_both(const group *g, const table *t, float *out,
                                                                 float *square) {
  int c = 0;
  for (; c + PAIR <= t->stride; c += PAIR) {
    add_both_at(g, t, c, out, square);
    add_both_at(g, t, c + LANES, out, square);
  }
  if (c < t->stride) add_both_at(g, t, c, out, square);
}

/* residual += Σ w (t − x·z) z and square += Σ w z² over interactions [from, end) of a row; fetches up to `last`. */
static inline __attribute__((always_inline)) void pass_residual(const als_interactions *m, int64_t from, int64_t end,
                                                                const table *t, const float *x, float *residual,
                                                                float *square) {
  const int64_t last = m->offset[m->count];
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    group_fetch(m, t, j + AHEAD, last);
    group_take(&g, m, t, j, end);
    group_dot(&g, t, x);
    for (int i = 0; i < GROUP; i++) g.factor[i] = g.weight[i] * (g.target[i] - g.factor[i]);
    group_add_both(&g, t, residual, square);
  }
}

/* product += Σ w (p·z) z for the direction p; or, of a product NULL, returns Σ w (p·z)². */
static inline __attribute__((always_inline)) float pass_product(const als_interactions *m, int64_t from, int64_t end,
                                                                const table *t, const float *direction,
                                                                float *product) {
  const int stays = (end - from) * row_bytes(t) <= NEAR_BYTES;
  float curvature = 0;
  group g;
  for (int64_t j = from; j < end; j += GROUP) {
    if (!stays) group_fetch(m, t, j + AHEAD, end);
    group_take(&g, m, t, j, end);
    group_dot(&g, t, direction);
    for (int i = 0; i < GROUP; i++) {
      const float factor = g.weight[i] * g.factor[i];
      if (product == NULL) curvature += factor * g.factor[i];
      g.factor[i] = factor;
    }
    if (product != NULL) group_add(&g, t, product);
  }
  return curvature;
}

/* Returns what is left of the norm; where nobody `asks`, the last step takes no product, only its length. */
static inline __attribute__((always_inline)) float solve_row(const als_interactions *m, int32_t r, const table *t,
                                                             const float *base, float lambda, int steps, int asks,
                                                             float *x, float *scratch) {
  const int stride = t->stride;
  float *residual = scratch, *inverse = scratch + stride, *direction = scratch + 2 * (int64_t)stride;
  float *product = scratch + 3 * (int64_t)stride;
  const int64_t from = m->offset[r], end = m->offset[r + 1];
  memset(scratch, 0, 2 * (size_t)stride * sizeof *scratch);
  if (m->prior != NULL && lambda > 0)
    for (int c = 0; c < stride; c++) residual[c] = lambda * m->prior[(int64_t)r * stride + c];
  pass_residual(m, from, end, t, x, residual, inverse);
  const float first = als_row_start(base, lambda, stride, x, direction, residual, inverse);
  const int whole = asks ? steps : steps - 1;
  float norm = first;
  for (int step = 0; step < whole && norm > 0; step++) {
    memset(product, 0, (size_t)stride * sizeof *product);
    pass_product(m, from, end, t, direction, product);
    norm = als_row_step(base, lambda, stride, norm, x, direction, residual, inverse, product);
  }
  if (whole < steps && norm > 0)
    als_row_last(base, lambda, stride, norm, pass_product(m, from, end, t, direction, NULL), x, direction);
  return first > 0 ? norm / first : 0;
}

/* Inlined once for each kind of table, and for each stride that is known beforehand. */
static inline __attribute__((always_inline)) void solve(const als_interactions *m, const float *whole,
                                                        const uint16_t *packed, int stride, const float *base,
                                                        const float *lambda, int steps, float *solution,
                                                        float *residual, float *scratch) {
  const char *w = (const char *)whole, *p = (const char *)packed;
  const table t = {w, p, stride}, narrow = {w, p, 64}, wide = {w, p, 128};
  const int asks = residual != NULL;
  for (int32_t r = 0; r < m->count; r++) {
    float *x = solution + (int64_t)r * stride, left = 0;
    switch (stride) {
      case 64: left = solve_row(m, r, &narrow, base, lambda[r], steps, asks, x, scratch); break;
      case 128: left = solve_row(m, r, &wide, base, lambda[r], steps, asks, x, scratch); break;
      default: left = solve_row(m, r, &t, base, lambda[r], steps, asks, x, scratch); break;
    }
    if (asks) residual[r] = left;
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

static inline __attribute__((always_inline)) void round_columns(const float *from, lanes_bits *out) {
  const lanes_bits bits = *(const lanes_bits *)from;
  *out = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

KERNEL static void pack(const float *whole, int64_t rows, int stride, uint16_t *packed) {
  const int size = als_packed_stride(stride);
  for (int64_t r = 0; r < rows; r++) {
    const float *from = whole + r * stride;
    lanes_bits *to = (lanes_bits *)(packed + r * size);
    for (int c = 0; c < stride; c += PAIR) {
      lanes_bits low, high = {0};
      round_columns(from + c, &low);
      if (c + LANES < stride) round_columns(from + c + LANES, &high);
      to[c / PAIR] = low | high << 16;
    }
  }
}

/* A function that is compiled more than once is found by other files under one name only with gcc, not with clang. */

int64_t als_solve_scratch(int stride) { return 4 * (int64_t)stride; }

void als_pack(const float *whole, int64_t rows, int stride, uint16_t *packed) { pack(whole, rows, stride, packed); }

void als_solve_rows(const als_interactions *m, const float *other, int stride, const float *base, const float *lambda,
                    int steps, float *solution, float *residual, float *scratch) {
  solve_rows(m, other, stride, base, lambda, steps, solution, residual, scratch);
}

void als_solve_packed(const als_interactions *m, const uint16_t *other, int stride, const float *base,
                      const float *lambda, int steps, float *solution, float *residual, float *scratch) {
  solve_packed(m, other, stride, base, lambda, steps, solution, residual, scratch);
}
