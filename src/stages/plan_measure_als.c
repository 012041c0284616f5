/* The recommender's kernels, on a made-up matrix as dense as the job's. */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "math/als.h"
#include "math/als_exact.h"
#include "math/symmetric.h"
#include "math/topk.h"
#include "recommend/recommender.h"
#include "stages/plan_measure.h"

enum {
  EVENTS = 200000,       /* in the made-up matrix, about */
  FLOATS_MOST = 1 << 24, /* of its table of items */
  KEPT = 10,
  EXACT = 32
};

typedef struct bench {
  const plan_numbers *n;
  als_interactions seen;
  int32_t items;
  int stride;
  float *item, *user, *part, *base, *lambda, *left, *scratch;
  uint16_t *packed;
} bench;

/* Items are drawn so that few take most of the events, as they do. */
static item_row draw_item(uint64_t *state, int32_t items) {
  *state = hash_mix(*state + 1);
  const double u = (double)(*state >> 11) * 0x1p-53;
  return (item_row)(u * u * u * (items - 1));
}

static status take(bench *b, arena *a) {
  const plan_numbers *n = b->n;
  const double degree = fmax(1, n->pairs / fmax(1, n->users));
  const int32_t users = (int32_t)fmax(8, EVENTS / degree);
  const int64_t each = (int64_t)fmin(degree + 0.5, EVENTS);
  b->stride = n->stride;
  b->items = (int32_t)fmax(16, fmin(n->items, FLOATS_MOST / b->stride));
  int64_t *offset = NULL;
  item_row *item = NULL;
  float *weight = NULL;
  TRY(ARENA(a, users + 1, &offset));
  TRY(ARENA(a, users * each, &item));
  TRY(ARENA(a, users * each, &weight));
  TRY(ARENA(a, (int64_t)b->items * b->stride, &b->item));
  TRY(ARENA(a, (int64_t)b->items * b->stride, &b->part));
  TRY(ARENA(a, (int64_t)users * b->stride, &b->user));
  TRY(ARENA(a, b->stride, &b->base));
  TRY(ARENA(a, (int64_t)b->items * als_packed_stride(b->stride), &b->packed));
  TRY(ARENA(a, users, &b->lambda));
  TRY(ARENA(a, users, &b->left));
  const int64_t block = (int64_t)b->stride * (b->stride > ALS_BLOCK ? b->stride : ALS_BLOCK);
  TRY(ARENA(a, block + als_solve_scratch(b->stride), &b->scratch));
  uint64_t state = 7;
  for (int32_t u = 0; u < users; u++) {
    for (int64_t j = 0; j < each; j++) {
      item[u * each + j] = draw_item(&state, b->items);
      weight[u * each + j] = 1;
    }
    offset[u + 1] = (u + 1) * each;
    b->lambda[u] = 1;
  }
  for (int64_t i = 0; i < (int64_t)b->items * b->stride; i++)
    b->item[i] = (float)(hash_mix((uint64_t)i) % 1000) * 1e-4f;
  als_pack(b->item, b->items, b->stride, b->packed);
  for (int c = 0; c < b->stride; c++) b->base[c] = c < n->width ? 1 : ALS_FROZEN;
  b->seen = (als_interactions){.count = users, .offset = offset, .item = item, .weight = weight};
  return STATUS_OK;
}

static void measure_passes(bench *b, plan_rates *r) {
  const double events = (double)b->seen.offset[b->seen.count];
  const size_t bytes = (size_t)b->seen.count * (size_t)b->stride * sizeof(float);
  plan_clock solve = {0}, product = {0};
  while (plan_clock_goes_on(&solve)) {
    memset(b->user, 0, bytes);
    als_solve_packed(&b->seen, b->packed, b->stride, b->base, b->lambda, b->n->steps, b->user, b->left, b->scratch);
  }
  r->als_event = solve.least / events / (b->n->steps + 1);
  while (plan_clock_goes_on(&product)) als_item_product(&b->seen, b->user, b->item, b->stride, b->part);
  r->als_item = product.least / events;
}

/* Two rotations and one Gram matrix a sweep. */
static status measure_rows(bench *b, arena *a, plan_rates *r) {
  const int w = b->n->width;
  float *vectors = NULL;
  double *gram = NULL, *values = NULL, *wide = NULL, *scratch = NULL;
  int *ints = NULL;
  TRY(ARENA(a, w * w, &vectors));
  TRY(ARENA(a, w * w, &gram));
  TRY(ARENA(a, w, &values));
  TRY(ARENA(a, symmetric_scratch(w), &wide));
  TRY(ARENA(a, symmetric_scratch_int(w), &ints));
  TRY(ARENA(a, als_exact_scratch(b->stride), &scratch));
  for (int i = 0; i < w; i++) vectors[i * w + i] = 1;
  plan_clock turn = {0}, eigen = {0}, exact = {0};
  while (plan_clock_goes_on(&turn)) {
    als_rotate(b->user, b->seen.count, w, b->stride, vectors, b->scratch);
    als_rotate(b->user, b->seen.count, w, b->stride, vectors, b->scratch);
    memset(gram, 0, (size_t)w * (size_t)w * sizeof *gram);
    als_gram(b->user, b->seen.count, w, b->stride, gram, b->scratch);
  }
  r->als_row = turn.least / b->seen.count;
  while (plan_clock_goes_on(&eigen)) {
    for (int i = 0; i < w * w; i++) gram[i] = 1.0 / (1 + i / w + i % w) + (i / w == i % w);
    TRY(symmetric_eigen(w, gram, values, wide, ints));
  }
  r->eigen = eigen.least;
  const int users = b->seen.count < EXACT ? b->seen.count : EXACT;
  while (plan_clock_goes_on(&exact))
    for (int u = 0; u < users; u++)
      als_exact_row(&b->seen, u, b->item, b->stride, b->base, 1, b->user + (int64_t)u * b->stride, scratch);
  r->exact = exact.least / users;
  return STATUS_OK;
}

/* A block of users against one panel of items after another, as rankings do it. */
static void score_panels(const bench *b, int users, float *panel, item_row *best, float *score) {
  for (int u = 0; u < users; u++) topk_clear(KEPT, best + u * KEPT, score + u * KEPT);
  for (item_row first = 0; first < b->items; first += RECOMMENDER_PANEL) {
    const int count = b->items - first < RECOMMENDER_PANEL ? b->items - first : RECOMMENDER_PANEL;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, users, count, b->n->width, 1, b->user, b->stride,
                b->item + (int64_t)first * b->stride, b->stride, 0, panel, RECOMMENDER_PANEL);
    for (int u = 0; u < users; u++) {
      float *row = panel + u * RECOMMENDER_PANEL;
      for (int i = count; i % TOPK_GROUP != 0; i++) row[i] = -HUGE_VALF;
      topk_panel(row, NULL, count, first, KEPT, best + u * KEPT, score + u * KEPT);
    }
  }
}

static status measure_scores(bench *b, arena *a, plan_rates *r) {
  const int users = b->seen.count < RECOMMENDER_USERS ? b->seen.count : RECOMMENDER_USERS;
  item_row *best = NULL;
  float *score = NULL, *panel = NULL;
  TRY(ARENA(a, users * KEPT, &best));
  TRY(ARENA(a, users * KEPT, &score));
  TRY(ARENA(a, RECOMMENDER_USERS * RECOMMENDER_PANEL, &panel));
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) score_panels(b, users, panel, best, score);
  r->score = clock.least / users / b->items;
  return STATUS_OK;
}

status plan_measure_als(const plan_numbers *n, arena *a, plan_rates *r) {
  bench b = {.n = n};
  TRY(take(&b, a));
  measure_passes(&b, r);
  TRY(measure_rows(&b, a, r));
  return measure_scores(&b, a, r);
}
