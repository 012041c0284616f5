#include <math.h>

#include "base/clock.h"
#include "comm/dense_inverse.h"
#include "recommend/als_recommender.h"
#include "recommend/ranking.h"
#include "stages/bench.h"
#include "stages/bench_history.h"

/* Settings of models are what a job that sets none has. */
enum { SEED = 42, KEEP = 20, EASE_BLOCK = 256 };

static status make_history(const bench *b, arena *a, history *out) {
  return bench_history_make(b->comm, SEED, (int32_t)b->users, (int32_t)b->items, b->events, a, out);
}

static status make_model(const bench *b, const history *h, arena *a, als_model *m) {
  settings *s = NULL;
  TRY_ALL(b->comm, settings_create(a, &s));
  als_model_options o = als_model_options_of(s, ALS_MODEL_RANKING);
  o.width = b->width;
  TRY(als_model_create(h, &o, a, m));
  return als_model_users(m);
}

static double events_of(const history *h) {
  int64_t events = 0;
  for (int p = 0; p < h->count; p++) events += h->seen[p].offset[h->seen[p].count];
  comm_sum_i64(h->comm, &events, 1);
  return (double)events;
}

/* Seconds for both half-sweeps to fetch a row of the other side for every interaction once, and nothing else. */
static status gather_bound(const bench *b, const history *h, const als_model *m, double *seconds) {
  const int row = als_packed_stride(m->stride) * (int)sizeof(uint16_t);
  double of_items = 0, of_users = 0;
  TRY(bench_gather_rate(b->comm, b->items, row, b->repeats, &of_items));
  TRY(bench_gather_rate(b->comm, b->users, row, b->repeats, &of_users));
  *seconds = events_of(h) * row * (1 / of_items + 1 / of_users) / 1e9;
  return STATUS_OK;
}

static status time_epochs(bench *b, const history *h, als_model *m) {
  double seconds[BENCH_REPEATS_MOST], slowest[BENCH_REPEATS_MOST], bound = 0;
  for (int r = 0; r < b->repeats; r++) {
    const double began = clock_cpu();
    TRY(als_model_items(m));
    TRY(als_model_users(m));
    const double mine = clock_cpu() - began;
    seconds[r] = bench_sum(h->comm, mine);
    slowest[r] = bench_most(h->comm, mine);
  }
  TRY(gather_bound(b, h, m, &bound));
  bench_add(b, &(bench_figure){.name = "ALS epoch",
                               .unit = "CPU s",
                               .value = bench_median(seconds, b->repeats),
                               .ceiling = bound,
                               .bound = "rows gathered once, no more",
                               .less_is_better = 1});
  if (b->comm->size > 1)
    bench_add(b, &(bench_figure){.name = "ALS epoch, the busiest rank",
                                 .unit = "CPU s",
                                 .value = bench_median(slowest, b->repeats),
                                 .ceiling = bound / b->comm->size,
                                 .bound = "rows gathered once, no more",
                                 .less_is_better = 1});
  return STATUS_OK;
}

status bench_als(bench *b) {
  arena a = {0};
  als_model m = {0};
  history h;
  status result = make_history(b, &a, &h);
  if (result == STATUS_OK) result = make_model(b, &h, &a, &m);
  if (result == STATUS_OK) result = time_epochs(b, &h, &m);
  als_model_free(&m);
  arena_free(&a);
  return result;
}

static status time_ranking(bench *b, const history *h, als_model *m, arena *a) {
  double seconds[BENCH_REPEATS_MOST], sgemm = 0;
  ranking_term term = {.kind = &als_recommender, .weight = 1};
  als_model_complete(m);
  TRY_ALL(b->comm, als_recommender_adopt(m, a, &term.model));
  const int64_t **offset = NULL;
  const item_row **hidden = NULL;
  TRY_ALL(b->comm, ARENA(a, h->count, &offset));
  TRY_ALL(b->comm, ARENA(a, h->count, &hidden));
  for (int p = 0; p < h->count; p++) {
    offset[p] = h->seen[p].offset;
    hidden[p] = h->seen[p].item;
  }
  const ranking_filter filter = {.offset = offset, .hidden = hidden};
  for (int r = 0; r < b->repeats; r++) {
    ranking found;
    const arena_mark before = arena_here(a);
    const double began = clock_cpu();
    TRY(ranking_find(h, &term, 1, &filter, KEEP, a, &found));
    seconds[r] = bench_sum(b->comm, clock_cpu() - began);
    arena_release(a, before);
  }
  TRY(bench_sgemm_rate(b->comm, b->repeats, &sgemm));
  const double flops = 2.0 * b->width * (double)b->items * (double)b->users;
  bench_add(b, &(bench_figure){.name = "scoring all items for all users, best 20",
                               .unit = "GFLOP/s",
                               .value = flops / bench_median(seconds, b->repeats) / 1e9,
                               .ceiling = sgemm,
                               .bound = "sgemm"});
  return STATUS_OK;
}

status bench_topk(bench *b) {
  arena a = {0};
  als_model m = {0};
  history h;
  status result = make_history(b, &a, &h);
  if (result == STATUS_OK) result = make_model(b, &h, &a, &m);
  if (result == STATUS_OK) result = time_ranking(b, &h, &m, &a);
  als_model_free(&m);
  arena_free(&a);
  return result;
}

/* Columns of a matrix that is well conditioned: what a Gram matrix with a strong diagonal looks like. */
static void columns(void *self, int32_t first, int count, int64_t *sum, int64_t stride) {
  const bench *b = self;
  if (b->comm->rank != 0) return;
  for (int c = 0; c < count; c++)
    for (int64_t r = first + c; r < b->items; r++) sum[c * stride + r] = ((first + c) * 31 + r * 17) % 13;
}

static status invert(bench *b, const grid *g, arena *a, double *seconds) {
  dense_matrix m;
  TRY(dense_create(g, (int32_t)b->items, EASE_BLOCK, a, &m));
  TRY(dense_fill(&m, columns, b, 1, 13 * (double)b->items));
  const double began = clock_cpu();
  TRY(dense_inverse(&m));
  *seconds = bench_sum(b->comm, clock_cpu() - began);
  return STATUS_OK;
}

status bench_ease(bench *b) {
  arena a = {0};
  double seconds = 0, sgemm = 0;
  int rows = 0, across = 0;
  grid g;
  grid_shape(b->comm->size, &rows, &across);
  grid_open(b->comm, rows, across, &g);
  status result = invert(b, &g, &a, &seconds);
  grid_close(&g);
  arena_free(&a);
  TRY(result);
  TRY(bench_sgemm_rate(b->comm, b->repeats, &sgemm));
  bench_add(b, &(bench_figure){.name = "EASE, factorising and inverting",
                               .unit = "GFLOP/s",
                               .value = pow((double)b->items, 3) / seconds / 1e9,
                               .ceiling = sgemm,
                               .bound = "sgemm"});
  return STATUS_OK;
}
