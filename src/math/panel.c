#include "math/panel.h"

#include "math/kernel.h"
#include "math/lanes.h"

/* A strip of columns is summed in registers: half of AVX-512's, all but a few of AVX2's. Rows of the panel lie anywhere
 * in memory, so those of the entries to come are asked for AHEAD of time. */
enum { STRIP = 8, AHEAD = 4 };

static inline __attribute__((always_inline)) void strip(const item_row *item, const float *weight, int64_t count,
                                                        const float *panel, float *out) {
  lanes sum[STRIP] = {{0}};
  for (int64_t j = 0; j < count; j++) {
    const int64_t next = j + AHEAD < count ? j + AHEAD : count - 1;
    const float *later = panel + (int64_t)item[next] * PANEL_WIDTH;
    for (int v = 0; v < STRIP; v++) __builtin_prefetch(later + v * LANES);
    const lanes *row = (const lanes *)(panel + (int64_t)item[j] * PANEL_WIDTH);
    const float factor = weight == NULL ? 1.0f : weight[j];
    for (int v = 0; v < STRIP; v++) sum[v] += factor * row[v];
  }
  for (int v = 0; v < STRIP; v++) ((lanes *)out)[v] = sum[v];
}

KERNEL static void panel_rows(const als_interactions *m, int32_t from, int32_t users, const float *panel,
                              float *score) {
  for (int32_t u = 0; u < users; u++) {
    const int64_t first = m->offset[from + u], count = m->offset[from + u + 1] - first;
    const float *weight = m->weight == NULL ? NULL : m->weight + first;
    for (int column = 0; column < PANEL_WIDTH; column += STRIP * LANES)
      strip(m->item + first, weight, count, panel + column, score + (int64_t)u * PANEL_WIDTH + column);
  }
}

void panel_score(const als_interactions *m, int32_t from, int32_t users, const float *panel, float *score) {
  panel_rows(m, from, users, panel, score);
}
