#include "recommend/als_fold.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "recommend/als_basis.h"

enum { STEPS = 24 /* of conjugate gradients, from nothing on */ };

/* Sums over users stand in the basis of the tables; the descent works in the eigenbasis of the users' Gram matrix. */
typedef struct folding {
  als_model *m;
  const als_interactions *by_user;
  arena arena;
  als_descent descent;
  float *base, *forth, *back; /* [stride]; into the users' eigenbasis and out of it, as als_rotate takes them */
  float *turned;              /* [count, stride]: a direction in the basis of the tables */
  float *summed, *lambda;     /* [count, 2 × stride], [count] */
  int64_t *interactions;      /* [count] */
  tree_sum *residual_sum, *product_sum;
} folding;

static status take_memory(folding *f, int32_t count, float *item) {
  const als_model *m = f->m;
  const int64_t square = (int64_t)m->width * m->width, table = (int64_t)count * m->stride;
  als_descent *d = &f->descent;
  TRY(ARENA(&f->arena, m->stride, &f->base));
  TRY(ARENA(&f->arena, square, &f->forth));
  TRY(ARENA(&f->arena, square, &f->back));
  TRY(ARENA(&f->arena, table, &f->turned));
  TRY(ARENA(&f->arena, 2 * table, &f->summed));
  TRY(ARENA(&f->arena, count, &f->lambda));
  TRY(ARENA(&f->arena, count, &f->interactions));
  *d = (als_descent){.rows = count, .stride = m->stride, .base = f->base, .lambda = f->lambda, .solution = item};
  TRY(ARENA(&f->arena, table, &d->direction));
  TRY(ARENA(&f->arena, table, &d->residual));
  TRY(ARENA(&f->arena, table, &d->inverse));
  TRY(ARENA(&f->arena, count, &d->norm));
  TRY(tree_sum_create(TREE_SUM_F32, 2 * table, m->history->user_parts, &f->arena, &f->residual_sum));
  return tree_sum_create(TREE_SUM_F32, table, m->history->user_parts, &f->arena, &f->product_sum);
}

static void count_interactions(folding *f) {
  const als_model *m = f->m;
  const als_model_options *o = &m->options;
  for (int p = 0; p < m->history->count; p++)
    for (int64_t j = 0; j < f->by_user[p].offset[f->by_user[p].count]; j++) f->interactions[f->by_user[p].item[j]]++;
  comm_sum_i64(m->history->comm, f->interactions, f->descent.rows);
  for (int32_t i = 0; i < f->descent.rows; i++)
    f->lambda[i] = als_lambda(o->regularisation, o->exponent, f->interactions[i],
                              o->unobserved * (double)m->users_with_interactions);
}

static status find_basis(folding *f) {
  als_model *m = f->m;
  TRY(als_basis_of_users(m));
  for (int k = 0; k < m->width; k++) {
    f->base[k] = (float)(m->options.unobserved * fmax(0, m->values[k]));
    for (int c = 0; c < m->width; c++)
      f->back[(int64_t)c * m->width + k] = f->forth[(int64_t)k * m->width + c] = m->vectors[(int64_t)k * m->width + c];
  }
  for (int c = m->width; c < m->stride; c++) f->base[c] = m->item_base[c];
  return STATUS_OK;
}

/* What of the users stands in the table that partitions sum to: residuals, or products with a direction. */
static status push(folding *f, tree_sum *sum, const float *direction) {
  const als_model *m = f->m;
  for (int p = 0; p < m->history->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(sum, m->history->first + p, (void **)&leaf));
    if (direction == NULL)
      als_item_residual(&f->by_user[p], m->part[p].user, f->descent.solution, m->stride, leaf);
    else
      als_item_product(&f->by_user[p], m->part[p].user, direction, m->stride, leaf);
    tree_sum_push(sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static void turn(const folding *f, float *table, int stride, const float *vectors) {
  als_rotate(table, f->descent.rows, f->m->width, stride, vectors, f->m->scratch);
}

/* A diagonal does not turn: its mean stands for it, which is enough to precondition by. */
static void level(const folding *f, float *diagonal) {
  double sum = 0;
  for (int c = 0; c < f->m->width; c++) sum += (double)diagonal[c];
  for (int c = 0; c < f->m->width; c++) diagonal[c] = (float)(sum / f->m->width);
}

static status descend(folding *f) {
  const als_model *m = f->m;
  const comm *c = m->history->comm;
  const size_t bytes = (size_t)f->descent.rows * (size_t)m->stride * sizeof(float);
  TRY_ALL(c, push(f, f->residual_sum, NULL));
  TRY(tree_sum_finish(f->residual_sum, c, f->summed));
  turn(f, f->summed, 2 * m->stride, f->forth);
  for (int32_t i = 0; i < f->descent.rows; i++) level(f, f->summed + (2 * (int64_t)i + 1) * m->stride);
  als_descent_start(&f->descent, f->summed);
  for (int step = 0; step < STEPS; step++) {
    memcpy(f->turned, f->descent.direction, bytes);
    turn(f, f->turned, m->stride, f->back);
    TRY_ALL(c, push(f, f->product_sum, f->turned));
    TRY(tree_sum_finish(f->product_sum, c, f->summed));
    turn(f, f->summed, m->stride, f->forth);
    als_descent_step(&f->descent, f->summed);
  }
  turn(f, f->descent.solution, m->stride, f->back);
  return STATUS_OK;
}

static status fold_items(folding *f, int32_t count, float *item) {
  TRY_ALL(f->m->history->comm, take_memory(f, count, item));
  memset(item, 0, (size_t)count * (size_t)f->m->stride * sizeof *item);
  for (int32_t i = 0; i < count; i++) als_model_set_item(f->m, item + (int64_t)i * f->m->stride);
  count_interactions(f);
  TRY(find_basis(f));
  return descend(f);
}

status als_fold_items(als_model *m, const als_interactions *by_user, int32_t count, float *item) {
  folding f = {.m = m, .by_user = by_user};
  const status result = fold_items(&f, count, item);
  arena_free(&f.arena);
  return result;
}

/* Items that an earlier model did not hold, numbered in their order, and what users did with them. */
typedef struct newcomers {
  int32_t count;
  int32_t *number;           /* [items], -1: no newcomer */
  als_interactions *by_user; /* [history->count] */
} newcomers;

static status number_items(const als_model *m, const float *const *start, arena *a, newcomers *n) {
  TRY(ARENA(a, m->history->items, &n->number));
  n->count = 0;
  for (item_row i = 0; i < m->history->items; i++) n->number[i] = start[i] == NULL ? n->count++ : -1;
  return STATUS_OK;
}

/* The entries of one partition that concern newcomers. */
static status select_entries(const als_interactions *all, const int32_t *number, arena *a, als_interactions *out) {
  int64_t *offset = NULL, kept = 0;
  item_row *item = NULL;
  float *weight = NULL, *target = NULL;
  TRY(ARENA(a, all->count + 1, &offset));
  for (int64_t j = 0; j < all->offset[all->count]; j++) kept += number[all->item[j]] >= 0;
  TRY(ARENA(a, kept, &item));
  if (all->weight != NULL) TRY(ARENA(a, kept, &weight));
  if (all->target != NULL) TRY(ARENA(a, kept, &target));
  kept = 0;
  for (int32_t u = 0; u < all->count; u++) {
    for (int64_t j = all->offset[u]; j < all->offset[u + 1]; j++) {
      if (number[all->item[j]] < 0) continue;
      item[kept] = number[all->item[j]];
      if (weight != NULL) weight[kept] = all->weight[j];
      if (target != NULL) target[kept] = all->target[j];
      kept++;
    }
    offset[u + 1] = kept;
  }
  *out = (als_interactions){.count = all->count, .offset = offset, .item = item, .weight = weight, .target = target};
  return STATUS_OK;
}

static status select_newcomers(const als_model *m, const float *const *start, arena *a, newcomers *n) {
  TRY(number_items(m, start, a, n));
  TRY(ARENA(a, m->history->count, &n->by_user));
  for (int p = 0; p < m->history->count; p++) TRY(select_entries(m->part[p].seen, n->number, a, &n->by_user[p]));
  return STATUS_OK;
}

/* Rows of newcomers [count, stride], NULL: only what rows hold beside what is solved for; by one rank of each node. */
static void place(als_model *m, const newcomers *n, const float *row) {
  const size_t bytes = (size_t)m->stride * sizeof *row;
  if (als_model_is_writer(m))
    for (item_row i = 0; i < m->history->items; i++) {
      if (n->number[i] < 0) continue;
      float *out = m->item + (int64_t)i * m->stride;
      memset(out, 0, bytes);
      als_model_set_item(m, out);
      if (row != NULL) memcpy(out, row + (int64_t)n->number[i] * m->stride, bytes);
    }
  als_model_restored(m);
}

static status fold_in(als_model *m, const float *const *start, arena *a) {
  newcomers n;
  float *row = NULL;
  TRY_ALL(m->history->comm, select_newcomers(m, start, a, &n));
  if (n.count == 0) return STATUS_OK; /* on all ranks alike */
  TRY_ALL(m->history->comm, ARENA(a, (int64_t)n.count * m->stride, &row));
  place(m, &n, NULL);
  TRY(als_model_users(m));
  als_model_complete(m);
  TRY(als_fold_items(m, n.by_user, n.count, row));
  place(m, &n, row);
  return STATUS_OK;
}

status als_fold_in(als_model *m, const float *const *start) {
  arena a = {0};
  const status result = fold_in(m, start, &a);
  arena_free(&a);
  return result;
}
