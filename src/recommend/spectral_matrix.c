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

/* scale_r = mean^(power − by) sum_r^−power: a row of mean sum counts as if the power were `by`. */
static status take_scale(const spectral_rows *m, double power, double by, arena *a, float **out) {
  double whole = 0, rows = 0;
  TRY(ARENA(a, m->rows, out));
  for (int32_t r = 0; r < m->rows; r++) {
    const double sum = row_sum(m, r);
    whole += sum;
    rows += sum > 0;
  }
  const double factor = whole > 0 ? pow(whole / rows, power - by) : 0;
  for (int32_t r = 0; r < m->rows; r++) {
    const double sum = row_sum(m, r);
    (*out)[r] = sum > 0 ? (float)(factor * pow(sum, -power)) : 0;
  }
  return STATUS_OK;
}

static status take_filter(const spectral_rows *by_user, const spectral_rows *by_item, spectral_powers power,
                          spectral_powers by, arena *a, spectral_filter *out) {
  float *user = NULL, *item = NULL;
  TRY(take_scale(by_user, power.user, by.user, a, &user));
  TRY(take_scale(by_item, power.input, by.input, a, &item));
  TRY(take_scale(by_item, power.output, by.output, a, &out->before));
  out->by_user = *by_user;
  out->by_item = *by_item;
  out->by_user.scale = user;
  out->by_item.scale = item;
  return STATUS_OK;
}

status spectral_matrix_create(const node_matrix *m, int binary, spectral_powers powers, arena *a,
                              spectral_matrix *out) {
  static const spectral_powers walk = {1, 1, 0.5}, symmetric = {1, 0.5, 0.5};
  const spectral_rows by_user = {m->users, m->user_offset, m->item, binary ? NULL : m->user_weight, NULL},
                      by_item = {m->items, m->item_offset, m->user, binary ? NULL : m->item_weight, NULL};
  *out = (spectral_matrix){.users = m->users, .items = m->items};
  TRY(take_filter(&by_user, &by_item, walk, walk, a, &out->walk));
  TRY(take_filter(&by_user, &by_item, powers, symmetric, a, &out->linear));
  out->inverse_root = out->walk.before;
  TRY(ARENA(a, m->items, &out->root));
  for (item_row i = 0; i < m->items; i++) out->root[i] = (float)sqrt(row_sum(&by_item, i));
  return ARENA(a, (int64_t)m->users * SPECTRAL_COLUMNS, &out->user_block);
}

void spectral_matrix_step(const spectral_matrix *s, const float *in, float factor, float keep, const float *same,
                          float back, const float *before, float *out) {
  spectral_product(&s->walk.by_user, in, s->user_block);
  spectral_step(&s->walk.by_item, s->user_block, factor, keep, same, back, before, out);
  watchdog_pulse();
}

void spectral_matrix_polynomial(const spectral_matrix *s, const double *coefficient, int degree, const float *in,
                                float *out) {
  const int64_t count = (int64_t)s->items * SPECTRAL_COLUMNS;
  for (int64_t i = 0; i < count; i++) out[i] = (float)coefficient[degree] * in[i];
  /* The product reads all of `out` before any of it is written: by way of the users. */
  for (int k = degree - 1; k >= 0; k--) spectral_matrix_step(s, out, 1, (float)coefficient[k], in, 0, NULL, out);
}

static void multiply_rows(item_row items, const float *factor, float *block) {
  for (int64_t i = 0; i < items; i++)
    for (int c = 0; c < SPECTRAL_COLUMNS; c++) block[i * SPECTRAL_COLUMNS + c] *= factor[i];
}

void spectral_matrix_linear(const spectral_matrix *s, float *in, float *out) {
  multiply_rows(s->items, s->linear.before, in);
  spectral_product(&s->linear.by_user, in, s->user_block);
  spectral_product(&s->linear.by_item, s->user_block, out);
  watchdog_pulse();
}

void spectral_matrix_columns(const spectral_matrix *s, const spectral_filter *f, item_row first, int count,
                             float *out) {
  const spectral_rows *items = &f->by_item;
  memset(s->user_block, 0, (size_t)s->users * SPECTRAL_COLUMNS * sizeof *s->user_block);
  memset(out, 0, (size_t)s->items * SPECTRAL_COLUMNS * sizeof *out);
  for (int c = 0; c < count; c++) {
    const item_row i = first + c;
    for (int64_t j = items->offset[i]; j < items->offset[i + 1]; j++) {
      const int32_t u = items->column[j];
      const float weight = items->weight == NULL ? 1 : items->weight[j];
      s->user_block[(int64_t)u * SPECTRAL_COLUMNS + c] = f->by_user.scale[u] * (weight * f->before[i]);
    }
  }
  for (int32_t u = 0; u < s->users; u++) {
    const float *row = s->user_block + (int64_t)u * SPECTRAL_COLUMNS;
    int touched = 0;
    for (int c = 0; c < count; c++) touched |= row[c] != 0;
    if (touched) spectral_scatter(&f->by_user, u, row, out);
  }
  multiply_rows(s->items, items->scale, out);
  watchdog_pulse();
}
