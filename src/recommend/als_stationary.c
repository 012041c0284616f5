#include "recommend/als_stationary.h"

#include "base/watchdog.h"
#include "data/partition.h"
#include "recommend/als_prior.h"

struct als_stationary {
  window *shared;
  float *direction;    /* [items, stride], of the node */
  int64_t first;       /* the items from here on are this rank's share of the node's descent, … */
  als_descent descent; /* … of so many rows */
  float *summed;       /* [items, 2 × stride] */
  tree_sum *residual_sum, *product_sum;
};

static status take_descent(als_model *m, als_stationary *s) {
  const int64_t ranks = node_table_ranks(m->items), rank = node_table_rank(m->items);
  const int64_t table = (int64_t)m->history->items * m->stride;
  s->first = partition_start(m->history->items, (int)ranks, (int)rank);
  const int64_t rows = partition_start(m->history->items, (int)ranks, (int)rank + 1) - s->first;
  als_descent *d = &s->descent;
  *d = (als_descent){.rows = (int32_t)rows,
                     .stride = m->stride,
                     .base = m->item_base,
                     .lambda = m->item_lambda + s->first,
                     .solution = m->item + s->first * m->stride};
  TRY(ARENA(m->arena, rows * m->stride, &d->residual));
  TRY(ARENA(m->arena, rows * m->stride, &d->inverse));
  TRY(ARENA(m->arena, rows, &d->norm));
  TRY(ARENA(m->arena, 2 * table, &s->summed));
  TRY(tree_sum_create(TREE_SUM_F32, 2 * table, m->history->user_parts, m->arena, &s->residual_sum));
  return tree_sum_create(TREE_SUM_F32, table, m->history->user_parts, m->arena, &s->product_sum);
}

status als_stationary_create(als_model *m) {
  const comm *c = m->history->comm;
  const int64_t table = (int64_t)m->history->items * m->stride;
  TRY_ALL(c, ARENA(m->arena, 1, &m->stationary));
  als_stationary *s = m->stationary;
  TRY_ALL(c, take_descent(m, s));
  TRY(window_create(c, table * (int64_t)sizeof(float), &s->shared));
  s->direction = window_memory(s->shared);
  s->descent.direction = s->direction + s->first * m->stride;
  return STATUS_OK;
}

static status push_residuals(als_model *m) {
  for (int p = 0; p < m->history->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->stationary->residual_sum, m->history->first + p, (void **)&leaf));
    als_item_residual(m->part[p].seen, m->part[p].user, m->item, m->stride, leaf);
    tree_sum_push(m->stationary->residual_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_products(als_model *m) {
  for (int p = 0; p < m->history->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->stationary->product_sum, m->history->first + p, (void **)&leaf));
    als_item_product(m->part[p].seen, m->part[p].user, m->stationary->direction, m->stride, leaf);
    tree_sum_push(m->stationary->product_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* Draws this rank's share of the items to their prior: it stands in the sums before the descent begins. */
static void add_prior(als_model *m, float *summed) {
  const als_descent *d = &m->stationary->descent;
  for (int64_t i = 0; i < d->rows; i++) {
    const float *prior = als_prior_rows(m, ALS_PRIOR_ITEMS, 0, m->stationary->first + i, 1);
    if (prior == NULL) return;
    for (int c = 0; c < m->width && d->lambda[i] > 0; c++) summed[2 * i * m->stride + c] += d->lambda[i] * prior[c];
  }
}

status als_stationary_solve(als_model *m) {
  const comm *c = m->history->comm;
  als_stationary *s = m->stationary;
  TRY_ALL(c, push_residuals(m));
  TRY(tree_sum_finish(s->residual_sum, c, s->summed));
  window_fence(s->shared); /* all have read the items that change now */
  add_prior(m, s->summed + 2 * s->first * m->stride);
  als_descent_start(&s->descent, s->summed + 2 * s->first * m->stride);
  window_fence(s->shared);
  for (int step = 0; step < m->options.steps; step++) {
    TRY_ALL(c, push_products(m));
    TRY(tree_sum_finish(s->product_sum, c, s->summed));
    window_fence(s->shared);
    als_descent_step(&s->descent, s->summed + s->first * m->stride);
    window_fence(s->shared);
  }
  return STATUS_OK;
}

void als_stationary_free(als_stationary *s) { window_free(s->shared); }
