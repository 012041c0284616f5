#include "recommend/spectral_matrix.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"

/* Sum of the weights of each row; binary: their number. */
static double row_sum(const spectral_rows *m, int32_t r) {
  if (m->weight == NULL) return (double)(m->offset[r + 1] - m->offset[r]);
  double sum = 0;
  for (int64_t j = m->offset[r]; j < m->offset[r + 1]; j++) sum += (double)m->weight[j];
  return sum;
}

static status scale_rows(arena *a, spectral_rows *m) {
  float *scale = NULL;
  TRY(ARENA(a, m->rows, &scale));
  for (int32_t r = 0; r < m->rows; r++) {
    const double sum = row_sum(m, r);
    scale[r] = sum > 0 ? (float)(1 / sum) : 0;
  }
  m->scale = scale;
  return STATUS_OK;
}

status spectral_matrix_create(const node_matrix *m, int binary, arena *a, spectral_matrix *out) {
  *out = (spectral_matrix){.users = m->users, .items = m->items};
  out->by_user = (spectral_rows){m->users, m->user_offset, m->item, binary ? NULL : m->user_weight, NULL};
  out->by_item = (spectral_rows){m->items, m->item_offset, m->user, binary ? NULL : m->item_weight, NULL};
  TRY(scale_rows(a, &out->by_user));
  TRY(scale_rows(a, &out->by_item));
  TRY(ARENA(a, m->items, &out->root));
  TRY(ARENA(a, m->items, &out->inverse_root));
  for (item_row i = 0; i < m->items; i++) {
    const double sum = row_sum(&out->by_item, i);
    out->root[i] = (float)sqrt(sum);
    out->inverse_root[i] = sum > 0 ? (float)(1 / sqrt(sum)) : 0;
  }
  return ARENA(a, (int64_t)m->users * SPECTRAL_COLUMNS, &out->user_block);
}

void spectral_matrix_step(const spectral_matrix *s, const float *in, float factor, float keep, const float *same,
                          float back, const float *before, float *out) {
  spectral_product(&s->by_user, in, s->user_block);
  spectral_step(&s->by_item, s->user_block, factor, keep, same, back, before, out);
  watchdog_pulse();
}

void spectral_matrix_polynomial(const spectral_matrix *s, const double *coefficient, int degree, const float *in,
                                float *out) {
  const int64_t count = (int64_t)s->items * SPECTRAL_COLUMNS;
  for (int64_t i = 0; i < count; i++) out[i] = (float)coefficient[degree] * in[i];
  /* The product reads all of `out` before any of it is written: by way of the users. */
  for (int k = degree - 1; k >= 0; k--) spectral_matrix_step(s, out, 1, (float)coefficient[k], in, 0, NULL, out);
}

void spectral_matrix_columns(const spectral_matrix *s, item_row first, int count, float *out) {
  const spectral_rows *items = &s->by_item;
  memset(s->user_block, 0, (size_t)s->users * SPECTRAL_COLUMNS * sizeof *s->user_block);
  memset(out, 0, (size_t)s->items * SPECTRAL_COLUMNS * sizeof *out);
  for (int c = 0; c < count; c++) {
    const item_row i = first + c;
    for (int64_t j = items->offset[i]; j < items->offset[i + 1]; j++) {
      const int32_t u = items->column[j];
      const float weight = items->weight == NULL ? 1 : items->weight[j];
      s->user_block[(int64_t)u * SPECTRAL_COLUMNS + c] = s->by_user.scale[u] * (weight * s->inverse_root[i]);
    }
  }
  for (int32_t u = 0; u < s->users; u++) {
    const float *row = s->user_block + (int64_t)u * SPECTRAL_COLUMNS;
    int touched = 0;
    for (int c = 0; c < count; c++) touched |= row[c] != 0;
    if (touched) spectral_scatter(&s->by_user, u, row, out);
  }
  for (item_row i = 0; i < s->items; i++)
    for (int c = 0; c < SPECTRAL_COLUMNS; c++) out[(int64_t)i * SPECTRAL_COLUMNS + c] *= items->scale[i];
  watchdog_pulse();
}
