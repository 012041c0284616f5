#include "recommend/als_fold.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/als_exact.h"
#include "recommend/als_basis.h"

enum { STEPS = 24 /* of conjugate gradients, from nothing on */ };

/* Square of what may be left of a gradient. */
static const float SMALL = 1e-8F;

static void solve_users(const als_model *m, const als_interactions *seen, float *lambda, float *left, float *scratch,
                        double *wide, float *user) {
  const als_model_options *o = &m->options;
  memset(user, 0, (size_t)seen->count * (size_t)m->stride * sizeof *user);
  for (int32_t u = 0; u < seen->count; u++) {
    lambda[u] = als_lambda(o->regularisation, o->exponent, seen->offset[u + 1] - seen->offset[u],
                           o->unobserved * (double)m->history->items);
    als_model_set_user(m, user + (int64_t)u * m->stride);
  }
  als_solve_rows(seen, m->item, m->stride, m->user_base, lambda, STEPS, user, left, scratch);
  for (int32_t u = 0; u < seen->count; u++)
    if (left[u] > SMALL)
      als_exact_row(seen, u, m->item, m->stride, m->user_base, lambda[u], user + (int64_t)u * m->stride, wide);
}

static status fold_users(const als_model *m, const als_interactions *seen, arena *a, float *user) {
  float *lambda = NULL, *left = NULL, *scratch = NULL;
  double *wide = NULL;
  TRY(ARENA(a, seen->count, &lambda));
  TRY(ARENA(a, seen->count, &left));
  TRY(ARENA(a, als_solve_scratch(m->stride), &scratch));
  TRY(ARENA(a, als_exact_scratch(m->stride), &wide));
  solve_users(m, seen, lambda, left, scratch, wide, user);
  return STATUS_OK;
}

status als_fold_users(const als_model *m, const als_interactions *seen, float *user) {
  arena a = {0};
  const status result = fold_users(m, seen, &a, user);
  arena_free(&a);
  return result;
}

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
