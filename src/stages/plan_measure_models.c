/* The kernels of models that score items by items, on a made-up matrix. */
#include <cblas.h>
#include <math.h>

#include "base/settings.h"
#include "math/panel.h"
#include "math/spectral.h"
#include "recommend/neighbours.h"
#include "stages/bench_matrix.h"
#include "stages/plan_measure.h"

enum { SEED = 3, ITEMS_MOST = 20000, EVENTS = 300000, ORDER = 384, USERS = 128, ROWS = 16 };

static status measure_gemm(arena *a, plan_rates *r) {
  float *x = NULL, *y = NULL;
  TRY(ARENA(a, ORDER * ORDER, &x));
  TRY(ARENA(a, ORDER * ORDER, &y));
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock))
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, ORDER, ORDER, ORDER, 1, x, ORDER, x, ORDER, 0, y, ORDER);
  r->gemm = clock.least / (2.0 * ORDER * ORDER * ORDER);
  return STATUS_OK;
}

static status measure_panel(const bench_matrix *m, arena *a, plan_rates *r) {
  float *panel = NULL, *score = NULL;
  const int32_t users = m->rows < USERS ? m->rows : USERS;
  const als_interactions seen = {.count = m->rows, .offset = m->offset, .item = m->column, .weight = m->value};
  TRY(ARENA(a, (int64_t)m->columns * PANEL_WIDTH, &panel));
  TRY(ARENA(a, USERS * PANEL_WIDTH, &score));
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) panel_score(&seen, 0, users, panel, score);
  r->panel = clock.least / (double)m->offset[users] / PANEL_WIDTH;
  return STATUS_OK;
}

static status measure_product(const bench_matrix *m, arena *a, plan_rates *r) {
  float *in = NULL, *out = NULL, *scale = NULL;
  TRY(ARENA(a, (int64_t)m->columns * SPECTRAL_COLUMNS, &in));
  TRY(ARENA(a, (int64_t)m->rows * SPECTRAL_COLUMNS, &out));
  TRY(ARENA(a, m->rows, &scale));
  const spectral_rows rows = {.rows = m->rows, .offset = m->offset, .column = m->column, .scale = scale};
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) spectral_product(&rows, in, out);
  r->product = clock.least / (double)m->offset[m->rows] / SPECTRAL_COLUMNS;
  return STATUS_OK;
}

static double pairs_of(const bench_matrix *by_user, const bench_matrix *by_item, int32_t item) {
  double pairs = 0;
  for (int64_t j = by_item->offset[item]; j < by_item->offset[item + 1]; j++) {
    const int32_t user = by_item->column[j];
    pairs += (double)(by_user->offset[user + 1] - by_user->offset[user]);
  }
  return pairs;
}

static status measure_pairs(const bench_matrix *m, arena *a, plan_rates *r) {
  settings *s = NULL;
  bench_matrix turned;
  neighbours n;
  neighbour *found = NULL;
  double pairs = 0;
  TRY(settings_create(a, &s));
  TRY(bench_matrix_transpose(m, a, &turned));
  const neighbours_side by_item = {turned.rows, turned.offset, turned.column, turned.value},
                        by_user = {m->rows, m->offset, m->column, m->value};
  TRY(neighbours_create(by_item, by_user, s, 1, a, &n));
  TRY(ARENA(a, n.count, &found));
  for (int32_t i = 0; i < ROWS; i++) pairs += pairs_of(m, &turned, i * (turned.rows / ROWS));
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock))
    for (int32_t i = 0; i < ROWS; i++) neighbours_find(&n, i * (turned.rows / ROWS), found);
  r->pair = clock.least / fmax(1, pairs);
  return STATUS_OK;
}

status plan_measure_models(const plan_numbers *n, arena *a, plan_rates *r) {
  bench_matrix m;
  const double items = fmax(ROWS, fmin(n->items, ITEMS_MOST)), degree = fmax(2, n->pairs / fmax(1, n->users));
  TRY(bench_matrix_draw(SEED, (int32_t)fmax(64, EVENTS / degree), (int32_t)items, EVENTS, a, &m));
  TRY(measure_gemm(a, r));
  TRY(measure_panel(&m, a, r));
  TRY(measure_product(&m, a, r));
  return measure_pairs(&m, a, r);
}
