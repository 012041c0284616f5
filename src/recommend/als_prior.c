#include "recommend/als_prior.h"

#include <string.h>

#include "base/watchdog.h"
#include "data/partition.h"

enum { STEPS = 20 /* of conjugate gradients a fit */ };

/* One side. Matrices are [columns, stride]. */
typedef struct prior_side {
  int32_t columns; /* 0: no features */
  int is_fitted;
  double *map; /* A */
  double ridge;
  double *diagonal; /* [columns] of Fᵀ Λ F + ridge */
  double *residual, *direction, *product;
  tree_sum *sum, *diagonal_sum;
} prior_side;

struct als_prior {
  prior_side side[2];
  float *rows;       /* [ALS_PRIOR_ROWS, stride] */
  double *predicted; /* [stride] */
};

/* Rows that are summed in one go: a partition of the users, or as many of the items. */
typedef struct prior_rows {
  const history_features *features;
  float *table;
  const float *lambda;
  int64_t from, to;
} prior_rows;

static prior_rows rows_of(const als_model *m, als_prior_side side, int part) {
  const history *h = m->history;
  if (side == ALS_PRIOR_ITEMS)
    return (prior_rows){.features = &h->item_features, .table = m->item, .lambda = m->item_lambda, .to = h->items};
  return (prior_rows){.features = &h->user_features[part],
                      .table = m->part[part].user,
                      .lambda = m->part[part].lambda,
                      .to = m->part[part].seen->count};
}

static status take_side(als_model *m, prior_side *s, int32_t columns, int leaves) {
  const int64_t whole = (int64_t)columns * m->stride;
  s->columns = columns;
  TRY(ARENA(m->arena, whole, &s->map));
  TRY(ARENA(m->arena, columns, &s->diagonal));
  TRY(ARENA(m->arena, whole, &s->residual));
  TRY(ARENA(m->arena, whole, &s->direction));
  TRY(ARENA(m->arena, whole, &s->product));
  TRY(tree_sum_create(TREE_SUM_F64, columns + 2, leaves, m->arena, &s->diagonal_sum));
  return tree_sum_create(TREE_SUM_F64, whole, leaves, m->arena, &s->sum);
}

/* out [columns + 2]: the diagonal of Fᵀ Λ F, Σ λ, and how many rows have one. */
static void add_diagonal(const prior_rows *r, int32_t columns, double *out) {
  const history_features *f = r->features;
  for (int64_t i = r->from; i < r->to; i++) {
    if (!(r->lambda[i] > 0)) continue;
    for (int64_t j = f->offset[i]; j < f->offset[i + 1]; j++)
      out[f->column[j]] += (double)r->lambda[i] * (double)f->value[j] * (double)f->value[j];
    out[columns] += (double)r->lambda[i];
    out[columns + 1] += 1;
  }
}

/* out += Fᵀ Λ (Y − F P), or Fᵀ Λ F P where there is no table. */
static void add_product(const prior_rows *r, const float *table, const double *matrix, int width, int stride,
                        double *predicted, double *out) {
  const history_features *f = r->features;
  for (int64_t i = r->from; i < r->to; i++) {
    if (!(r->lambda[i] > 0)) continue;
    memset(predicted, 0, (size_t)width * sizeof *predicted);
    for (int64_t j = f->offset[i]; j < f->offset[i + 1]; j++)
      for (int c = 0; c < width; c++) predicted[c] += (double)f->value[j] * matrix[(int64_t)f->column[j] * stride + c];
    for (int c = 0; c < width; c++) {
      if (table != NULL) predicted[c] = (double)table[i * stride + c] - predicted[c];
      predicted[c] *= (double)r->lambda[i];
    }
    for (int64_t j = f->offset[i]; j < f->offset[i + 1]; j++)
      for (int c = 0; c < width; c++) out[(int64_t)f->column[j] * stride + c] += (double)f->value[j] * predicted[c];
  }
}

/* Leaves of a side's sums: partitions of users; of items, on whatever rank, as every node holds them. */
static int first_leaf(const als_model *m, als_prior_side side, int rank) {
  const history *h = m->history;
  if (side == ALS_PRIOR_ITEMS) return (int)partition_start(h->item_parts, h->comm->size, rank);
  return h->first + (rank == h->comm->rank ? 0 : h->count);
}

static prior_rows leaf_rows(const als_model *m, als_prior_side side, int leaf) {
  const history *h = m->history;
  prior_rows r = rows_of(m, side, leaf - h->first);
  if (side != ALS_PRIOR_ITEMS) return r;
  r.from = partition_start(h->items, h->item_parts, leaf);
  r.to = partition_start(h->items, h->item_parts, leaf + 1);
  return r;
}

static status push_diagonals(als_model *m, als_prior_side side) {
  prior_side *s = &m->prior->side[side];
  const int rank = m->history->comm->rank;
  for (int leaf = first_leaf(m, side, rank); leaf < first_leaf(m, side, rank + 1); leaf++) {
    double *out = NULL;
    TRY(tree_sum_leaf(s->diagonal_sum, leaf, (void **)&out));
    const prior_rows r = leaf_rows(m, side, leaf);
    add_diagonal(&r, s->columns, out);
    tree_sum_push(s->diagonal_sum);
  }
  return STATUS_OK;
}

static status push_products(als_model *m, als_prior_side side, const double *matrix, int residual) {
  prior_side *s = &m->prior->side[side];
  const int rank = m->history->comm->rank;
  for (int leaf = first_leaf(m, side, rank); leaf < first_leaf(m, side, rank + 1); leaf++) {
    double *out = NULL;
    TRY(tree_sum_leaf(s->sum, leaf, (void **)&out));
    const prior_rows r = leaf_rows(m, side, leaf);
    add_product(&r, residual ? r.table : NULL, matrix, m->width, m->stride, m->prior->predicted, out);
    tree_sum_push(s->sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status prepare(als_model *m, als_prior_side side) {
  const comm *c = m->history->comm;
  prior_side *s = &m->prior->side[side];
  double *summed = NULL;
  if (s->columns == 0) return STATUS_OK;
  TRY_ALL(c, ARENA(m->arena, s->columns + 2, &summed));
  TRY_ALL(c, push_diagonals(m, side));
  TRY(tree_sum_finish(s->diagonal_sum, c, summed));
  const double mean = summed[s->columns + 1] > 0 ? summed[s->columns] / summed[s->columns + 1] : 0;
  s->ridge = mean / m->options.prior;
  for (int32_t f = 0; f < s->columns; f++) s->diagonal[f] = summed[f] + s->ridge;
  return STATUS_OK;
}

static status take_memory(als_model *m, const int64_t *columns) {
  TRY(ARENA(m->arena, 1, &m->prior));
  TRY(ARENA(m->arena, (int64_t)ALS_PRIOR_ROWS * m->stride, &m->prior->rows));
  TRY(ARENA(m->arena, m->stride, &m->prior->predicted));
  const int leaves[2] = {m->history->user_parts, m->history->item_parts};
  for (int side = 0; side < 2; side++)
    if (columns[side] > 0) TRY(take_side(m, &m->prior->side[side], (int32_t)columns[side], leaves[side]));
  return STATUS_OK;
}

status als_prior_create(als_model *m) {
  const history *h = m->history;
  int64_t columns[2] = {0, h->item_features.rows > 0 ? h->item_features.columns : 0};
  for (int p = 0; p < h->count && h->user_features != NULL; p++)
    if (h->user_features[p].columns > columns[0]) columns[0] = h->user_features[p].columns;
  comm_max_i64(h->comm, columns, 2);
  if (!(m->options.prior > 0) || (columns[0] == 0 && columns[1] == 0)) return STATUS_OK;
  TRY_ALL(h->comm, take_memory(m, columns));
  TRY(prepare(m, ALS_PRIOR_USERS));
  return prepare(m, ALS_PRIOR_ITEMS);
}

int als_prior_has(const als_model *m, als_prior_side side) {
  return m->prior != NULL && m->prior->side[side].columns > 0;
}

/* direction ← residual / diagonal + (its norm / the norm before) × direction. Returns the new norm. */
static double precondition(const prior_side *s, int stride, double *norm) {
  double after = 0;
  for (int64_t at = 0; at < (int64_t)s->columns * stride; at++)
    if (s->diagonal[at / stride] > 0) after += s->residual[at] * s->residual[at] / s->diagonal[at / stride];
  const double turn = *norm > 0 ? after / *norm : 0;
  for (int64_t at = 0; at < (int64_t)s->columns * stride; at++) {
    const double fresh = s->diagonal[at / stride] > 0 ? s->residual[at] / s->diagonal[at / stride] : 0;
    s->direction[at] = fresh + turn * s->direction[at];
  }
  *norm = after;
  return after;
}

/* The product holds Fᵀ Λ F times the direction. Returns whether anything is left. */
static int descend(const prior_side *s, int stride, double norm) {
  const int64_t whole = (int64_t)s->columns * stride;
  double curvature = 0;
  for (int64_t at = 0; at < whole; at++) {
    s->product[at] += s->ridge * s->direction[at];
    curvature += s->direction[at] * s->product[at];
  }
  if (!(curvature > 0)) return 0;
  const double length = norm / curvature;
  for (int64_t at = 0; at < whole; at++) {
    s->map[at] += length * s->direction[at];
    s->residual[at] -= length * s->product[at];
  }
  return 1;
}

status als_prior_fit(als_model *m, als_prior_side side) {
  if (!als_prior_has(m, side)) return STATUS_OK;
  const comm *c = m->history->comm;
  prior_side *s = &m->prior->side[side];
  double norm = 0;
  memset(s->map, 0, (size_t)s->columns * (size_t)m->stride * sizeof *s->map);
  s->is_fitted = 1;
  TRY_ALL(c, push_products(m, side, s->map, 1));
  TRY(tree_sum_finish(s->sum, c, s->residual));
  for (int step = 0; step < STEPS && precondition(s, m->stride, &norm) > 0; step++) {
    TRY_ALL(c, push_products(m, side, s->direction, 0));
    TRY(tree_sum_finish(s->sum, c, s->product));
    if (!descend(s, m->stride, norm)) break;
  }
  return STATUS_OK;
}

void als_prior_turn(als_model *m) {
  for (int side = 0; m->prior != NULL && side < 2; side++)
    for (int32_t f = 0; f < m->prior->side[side].columns; f++) {
      double *row = m->prior->side[side].map + (int64_t)f * m->stride;
      memcpy(m->prior->predicted, row, (size_t)m->width * sizeof *row);
      for (int k = 0; k < m->width; k++) {
        row[k] = 0;
        for (int c = 0; c < m->width; c++)
          row[k] += m->prior->predicted[c] * (double)m->vectors[(int64_t)k * m->width + c];
      }
    }
}

const float *als_prior_rows(const als_model *m, als_prior_side side, int part, int64_t from, int32_t count) {
  if (!als_prior_has(m, side)) return NULL;
  const history_features *f = rows_of(m, side, part).features;
  const prior_side *s = &m->prior->side[side];
  double *predicted = m->prior->predicted;
  for (int32_t i = 0; i < count; i++) {
    memset(predicted, 0, (size_t)m->stride * sizeof *predicted);
    for (int64_t j = f->offset[from + i]; j < f->offset[from + i + 1]; j++)
      for (int c = 0; c < m->width; c++)
        predicted[c] += (double)f->value[j] * s->map[(int64_t)f->column[j] * m->stride + c];
    for (int c = 0; c < m->stride; c++) m->prior->rows[(int64_t)i * m->stride + c] = (float)predicted[c];
  }
  return m->prior->rows;
}

double als_prior_loss(const als_model *m, als_prior_side side, int part, int64_t from, int64_t to) {
  if (!als_prior_has(m, side)) return 0;
  const prior_rows r = rows_of(m, side, part);
  double more = 0;
  for (int64_t i = from; i < to; i++) {
    if (!(r.lambda[i] > 0)) continue;
    const float *prior = als_prior_rows(m, side, part, i, 1), *row = r.table + i * m->stride;
    for (int c = 0; c < m->width; c++)
      more += (double)r.lambda[i] * (double)prior[c] * ((double)prior[c] - 2 * (double)row[c]);
  }
  return more;
}

void als_prior_place(als_model *m, als_prior_side side, int part, int64_t from, int64_t to) {
  if (!als_prior_has(m, side) || !m->prior->side[side].is_fitted) return;
  const prior_rows r = rows_of(m, side, part);
  for (int64_t i = from; i < to; i++)
    if (r.lambda[i] < 0)
      memcpy(r.table + i * m->stride, als_prior_rows(m, side, part, i, 1), (size_t)m->width * sizeof *r.table);
}
