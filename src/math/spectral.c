#include "math/spectral.h"

#include <stddef.h>

#include "math/kernel.h"
#include "math/lanes.h"

enum { VECTORS = SPECTRAL_COLUMNS / LANES, AHEAD = 8 /* entries */ };

static inline __attribute__((always_inline)) const lanes *row_of(const float *block, int64_t r) {
  return (const lanes *)(block + r * SPECTRAL_COLUMNS);
}

static inline __attribute__((always_inline)) void near(const float *block, int64_t r) {
  for (int v = 0; v < VECTORS; v++) __builtin_prefetch(block + r * SPECTRAL_COLUMNS + v * LANES);
}

/* Sum over the entries [from, to) of a row. */
static inline __attribute__((always_inline)) void gather(const spectral_rows *m, int64_t from, int64_t to, int64_t end,
                                                         const float *in, lanes sum[VECTORS]) {
  for (int v = 0; v < VECTORS; v++) sum[v] = (lanes){0};
  for (int64_t j = from; j < to; j++) {
    if (j + AHEAD < end) near(in, m->column[j + AHEAD]);
    const lanes *row = row_of(in, m->column[j]);
    if (m->weight == NULL)
      for (int v = 0; v < VECTORS; v++) sum[v] += row[v];
    else
      for (int v = 0; v < VECTORS; v++) sum[v] += m->weight[j] * row[v];
  }
}

KERNEL static void spectral_product_kernel(const spectral_rows *m, const float *in, float *out) {
  const int64_t end = m->offset[m->rows];
  for (int32_t r = 0; r < m->rows; r++) {
    lanes sum[VECTORS];
    gather(m, m->offset[r], m->offset[r + 1], end, in, sum);
    lanes *to = (lanes *)(out + (int64_t)r * SPECTRAL_COLUMNS);
    for (int v = 0; v < VECTORS; v++) to[v] = m->scale[r] * sum[v];
  }
}

void spectral_product(const spectral_rows *m, const float *in, float *out) { spectral_product_kernel(m, in, out); }

KERNEL static void spectral_step_kernel(const spectral_rows *m, const float *in, float factor, float keep,
                                        const float *same, float back, const float *before, float *out) {
  const int64_t end = m->offset[m->rows];
  for (int32_t r = 0; r < m->rows; r++) {
    lanes sum[VECTORS];
    gather(m, m->offset[r], m->offset[r + 1], end, in, sum);
    const float scale = factor * m->scale[r];
    const lanes *beside = row_of(same, r);
    lanes *to = (lanes *)(out + (int64_t)r * SPECTRAL_COLUMNS);
    for (int v = 0; v < VECTORS; v++) {
      lanes value = scale * sum[v] + keep * beside[v];
      if (before != NULL) value += back * row_of(before, r)[v];
      to[v] = value;
    }
  }
}

void spectral_step(const spectral_rows *m, const float *in, float factor, float keep, const float *same, float back,
                   const float *before, float *out) {
  spectral_step_kernel(m, in, factor, keep, same, back, before, out);
}

KERNEL static void spectral_scatter_kernel(const spectral_rows *m, int32_t r, const float *in, float *out) {
  lanes row[VECTORS];
  for (int v = 0; v < VECTORS; v++) row[v] = row_of(in, 0)[v];
  for (int64_t j = m->offset[r]; j < m->offset[r + 1]; j++) {
    lanes *to = (lanes *)(out + (int64_t)m->column[j] * SPECTRAL_COLUMNS);
    const float weight = m->weight == NULL ? 1.0F : m->weight[j];
    for (int v = 0; v < VECTORS; v++) to[v] += weight * row[v];
  }
}

void spectral_scatter(const spectral_rows *m, int32_t r, const float *in, float *out) {
  spectral_scatter_kernel(m, r, in, out);
}
