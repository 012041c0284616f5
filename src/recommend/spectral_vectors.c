#include "recommend/spectral_vectors.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "data/partition.h"
#include "math/ritz.h"
#include "recommend/column_panel.h"

enum {
  BLOCK = SPECTRAL_COLUMNS,
  DEGREE = 8 /* of a polynomial between two Rayleigh-Ritz steps at most */
};

/* What a polynomial may enlarge the first vector by, against the last: the rest of it in other columns, of a size of
 * rounding, must stay small in them. */
static const double MOST = 1e4;

static const double STILL = 1e-5; /* an eigenvalue that moves less, relative to the first, has arrived */

/* Columns in progress. Those that come next are combinations (rows of `turn`) of the columns of x. */
typedef struct search {
  const history *history;
  const spectral_matrix *matrix;
  int width;               /* columns, a multiple of BLOCK */
  column_panel x, y, next; /* [items, width]; y = W x; what x becomes */
  tree_sum *sum;           /* XᵀX, then XᵀY */
  double *grams;           /* [2, width, width] */
  float *turn;             /* [width, width] */
  double *value;           /* [width] */
  float *scratch[2];       /* [items, BLOCK] */
  double *small, *wide;
  int *ints;
  double edge; /* eigenvalues up to here are damped */
  int degree;
} search;

static status take_memory(search *s, arena *a) {
  const history *h = s->history;
  const int64_t w = s->width, square = w * w;
  TRY(column_panel_create(h->comm, h->items, s->width, s->width, BLOCK, a, &s->x));
  TRY(column_panel_create(h->comm, h->items, s->width, s->width, BLOCK, a, &s->y));
  TRY(column_panel_create(h->comm, h->items, s->width, s->width, BLOCK, a, &s->next));
  TRY(tree_sum_create(TREE_SUM_F64, 2 * square, h->item_parts, a, &s->sum));
  TRY(ARENA(a, 2 * square, &s->grams));
  TRY(ARENA(a, square, &s->turn));
  TRY(ARENA(a, w, &s->value));
  for (int i = 0; i < 2; i++) TRY(ARENA(a, (int64_t)h->items * BLOCK, &s->scratch[i]));
  TRY(ARENA(a, 2 * RITZ_BLOCK * w, &s->small));
  TRY(ARENA(a, ritz_scratch(s->width), &s->wide));
  return ARENA(a, ritz_scratch_int(s->width), &s->ints);
}

/* Rows of a block times a factor each: between W's basis and P's. */
static void scale_rows(item_row items, const float *factor, float *block) {
  for (int64_t i = 0; i < items; i++)
    for (int c = 0; c < BLOCK; c++) block[i * BLOCK + c] *= factor[i];
}

static void random_columns(void *context, int32_t first, int count, float *out) {
  const search *s = context;
  const history *h = s->history;
  for (int64_t i = 0; i < h->items; i++) {
    random_stream r = random_open(h->seed, RANDOM_SPECTRUM, h->item_id[i].low, (uint32_t)(first / BLOCK));
    for (int c = 0; c < count; c++) out[i * BLOCK + c] = random_normal(&r);
  }
}

static void product_columns(void *context, int32_t first, int count, float *out) {
  search *s = context;
  float *in = s->scratch[0];
  for (int64_t i = 0; i < s->matrix->items; i++)
    for (int c = 0; c < count; c++)
      in[i * BLOCK + c] = s->matrix->inverse_root[i] * s->x.memory[i * s->width + first + c];
  spectral_matrix_step(s->matrix, in, 1, 0, in, 0, NULL, out);
  scale_rows(s->matrix->items, s->matrix->root, out);
}

/* out = columns of `from` turned by rows [first, first + BLOCK) of `turn`. */
static void turned(const search *s, const float *from, int32_t first, float *out) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, s->matrix->items, BLOCK, s->width, 1, from, s->width,
              s->turn + (int64_t)first * s->width, s->width, 0, out, BLOCK);
  watchdog_pulse();
}

static void turned_columns(void *context, int32_t first, int count, float *out) {
  const search *s = context;
  (void)count;
  turned(s, s->x.memory, first, out);
}

/* T_degree(2 W / edge − 1) of the turned columns: of size 1 at most on [0, edge], and growing fast above it. */
static void filtered_columns(void *context, int32_t first, int count, float *out) {
  search *s = context;
  const item_row items = s->matrix->items;
  const float *factor = s->matrix->inverse_root;
  (void)count;
  float *now = s->scratch[0], *next = s->scratch[1];
  turned(s, s->x.memory, first, now);
  turned(s, s->y.memory, first, next);
  const float scale = (float)(2 / s->edge);
  for (int64_t i = 0; i < items; i++)
    for (int64_t c = i * BLOCK; c < (i + 1) * BLOCK; c++) {
      now[c] *= factor[i];
      next[c] = scale * (factor[i] * next[c]) - now[c];
    }
  for (int k = 2; k <= s->degree; k++) {
    spectral_matrix_step(s->matrix, next, 2 * scale, -2, next, -1, now, now);
    float *last = now;
    now = next;
    next = last;
  }
  memcpy(out, next, (size_t)items * BLOCK * sizeof *out);
  scale_rows(items, s->matrix->root, out);
}

static status push_grams(search *s) {
  const history *h = s->history;
  const comm *c = h->comm;
  const int last = (int)partition_start(h->item_parts, c->size, c->rank + 1);
  for (int q = (int)partition_start(h->item_parts, c->size, c->rank); q < last; q++) {
    const int64_t from = partition_start(h->items, h->item_parts, q),
                  to = partition_start(h->items, h->item_parts, q + 1);
    const float *x = s->x.memory + from * s->width, *y = s->y.memory + from * s->width;
    double *leaf = NULL;
    TRY(tree_sum_leaf(s->sum, q, (void **)&leaf));
    ritz_gram((int32_t)(to - from), s->width, x, x, leaf, s->small);
    ritz_gram((int32_t)(to - from), s->width, x, y, leaf + (int64_t)s->width * s->width, s->small);
    tree_sum_push(s->sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* From x: y, and the turn to W's best eigenvectors in the span of x, the same on all ranks. */
static status turn_to_best(search *s) {
  const comm *c = s->history->comm;
  const int64_t square = (int64_t)s->width * s->width;
  column_panel_forget(&s->y);
  TRY(column_panel_fill(&s->y, 0, s->width, product_columns, s));
  TRY_ALL(c, push_grams(s));
  TRY(tree_sum_finish(s->sum, c, s->grams));
  TRY_ALL(c, c->rank == 0 ? ritz_solve(s->width, s->grams, s->grams + square, s->turn, s->value, s->wide, s->ints)
                          : STATUS_OK);
  comm_broadcast(c, s->turn, square * (int64_t)sizeof *s->turn, 0);
  comm_broadcast(c, s->value, s->width * (int64_t)sizeof *s->value, 0);
  return STATUS_OK;
}

static status replace_columns(search *s, column_source source) {
  column_panel_forget(&s->next);
  TRY(column_panel_fill(&s->next, 0, s->width, source, s));
  const column_panel old = s->x;
  s->x = s->next;
  s->next = old;
  return STATUS_OK;
}

/* How the next polynomial damps. Its degree is 0 where there is nothing to damp: the columns hold all of W. */
static void choose_filter(search *s) {
  s->edge = s->value[s->width - 1];
  s->degree = 0;
  if (!(s->edge > 1e-7 * s->value[0])) return;
  const double top = acosh(fmax(1, 2 * s->value[0] / s->edge - 1));
  s->degree = 2;
  while (s->degree < DEGREE && cosh((s->degree + 1) * top) <= MOST) s->degree++;
}

static int has_arrived(const search *s, int wanted, double *before) {
  double moved = 0;
  for (int i = 0; i < wanted; i++) {
    moved = fmax(moved, fabs(s->value[i] - before[i]));
    before[i] = s->value[i];
  }
  return moved <= STILL * s->value[0];
}

/* Iterates until no wanted eigenvalue moves. */
static status iterate(search *s, int wanted, int iterations, arena *a, int *done) {
  double *before = NULL;
  TRY_ALL(s->history->comm, ARENA(a, s->width, &before));
  TRY(column_panel_fill(&s->x, 0, s->width, random_columns, s));
  TRY(turn_to_best(s));
  for (*done = 0; *done < iterations && !has_arrived(s, wanted, before); (*done)++) {
    choose_filter(s);
    if (s->degree == 0) break;
    TRY(replace_columns(s, filtered_columns));
    TRY(turn_to_best(s));
  }
  /* Once more from columns that are orthonormal already, as the second pass of CholeskyQR2: to the last digits. */
  TRY(replace_columns(s, turned_columns));
  return turn_to_best(s);
}

static status find(search *s, int wanted, int iterations, arena *a, spectral_vectors *out) {
  const history *h = s->history;
  arena scratch = {0};
  column_panel vectors;
  status result = STATUS_OK;
  TRY_ALL_DONE(h->comm, result, take_memory(s, &scratch));
  TRY_DONE(result, iterate(s, wanted, iterations, &scratch, &out->iterations));
  TRY_ALL_DONE(h->comm, result, column_panel_create(h->comm, h->items, wanted, wanted, BLOCK, a, &vectors));
  TRY_DONE(result, column_panel_fill(&vectors, 0, wanted, turned_columns, s));
  memcpy(out->value, s->value, (size_t)wanted * sizeof *out->value);
  out->vector = vectors.memory;
done:
  arena_free(&scratch);
  return result;
}

status spectral_vectors_find(const history *h, const spectral_matrix *m, spectral_goal goal, arena *a,
                             spectral_vectors *out) {
  const int wanted = goal.vectors < h->items ? goal.vectors : h->items;
  const int64_t most = (int64_t)wanted + goal.oversampling, columns = most < h->items ? most : h->items;
  search s = {.history = h, .matrix = m, .width = (int)((columns + BLOCK - 1) / BLOCK * BLOCK)};
  *out = (spectral_vectors){.count = wanted};
  TRY_ALL(h->comm, ARENA(a, wanted, &out->value));
  return wanted > 0 ? find(&s, wanted, goal.iterations, a, out) : STATUS_OK;
}
