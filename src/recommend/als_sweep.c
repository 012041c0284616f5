#include <math.h>

#include "base/watchdog.h"
#include "data/partition.h"
#include "math/als_exact.h"
#include "math/symmetric.h"
#include "recommend/als_model.h"

/* Eigenvalues and -vectors of the Gram matrix that every rank holds: one rank decides, so that all have the same bits.
 */
static status agree_on_basis(als_model *m) {
  const comm *c = m->history->comm;
  const int64_t square = (int64_t)m->width * m->width;
  TRY_ALL(c, c->rank == 0 ? symmetric_eigen(m->width, m->gram, m->values, m->wide, m->ints) : STATUS_OK);
  for (int64_t i = 0; i < square; i++) m->vectors[i] = (float)m->gram[i];
  comm_broadcast(c, m->vectors, square * (int64_t)sizeof *m->vectors, 0);
  comm_broadcast(c, m->values, m->width * (int64_t)sizeof *m->values, 0);
  return STATUS_OK;
}

/* Turns both tables into the eigenbasis and takes its eigenvalues into the side that is solved next. */
static status enter_basis(als_model *m, float *base) {
  TRY(agree_on_basis(m));
  for (int p = 0; p < m->history->count; p++)
    als_rotate(m->part[p].user, m->part[p].seen->count, m->width, m->stride, m->vectors, m->scratch);
  window_fence(m->shared);
  if (window_is_writer(m->shared)) als_rotate(m->item, m->history->items, m->width, m->stride, m->vectors, m->scratch);
  window_fence(m->shared);
  for (int k = 0; k < m->width; k++) base[k] = (float)(m->options.unobserved * fmax(0, m->values[k]));
  return STATUS_OK;
}

/* Gram matrix of the items: each rank forms that of some logical item partitions. */
static status push_item_grams(als_model *m) {
  const history *h = m->history;
  const comm *c = h->comm;
  const int last = (int)partition_start(h->item_parts, c->size, c->rank + 1);
  for (int q = (int)partition_start(h->item_parts, c->size, c->rank); q < last; q++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->item_gram_sum, q, (void **)&leaf));
    const int64_t from = partition_start(h->items, h->item_parts, q),
                  to = partition_start(h->items, h->item_parts, q + 1);
    als_gram(m->item + from * m->stride, (int32_t)(to - from), m->width, m->stride, leaf, m->scratch);
    tree_sum_push(m->item_gram_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status als_model_users(als_model *m) {
  const comm *c = m->history->comm;
  TRY_ALL(c, push_item_grams(m));
  TRY(tree_sum_finish(m->item_gram_sum, c, m->gram));
  TRY(enter_basis(m, m->user_base));
  for (int p = 0; p < m->history->count; p++) {
    als_model_part *part = &m->part[p];
    als_solve_rows(part->seen, m->item, m->stride, m->user_base, part->lambda, m->options.steps, part->user, part->left,
                   m->scratch);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_user_grams(als_model *m) {
  for (int p = 0; p < m->history->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->gram_sum, m->history->first + p, (void **)&leaf));
    als_gram(m->part[p].user, m->part[p].seen->count, m->width, m->stride, leaf, m->scratch);
    tree_sum_push(m->gram_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_residuals(als_model *m) {
  for (int p = 0; p < m->history->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->residual_sum, m->history->first + p, (void **)&leaf));
    als_item_residual(m->part[p].seen, m->part[p].user, m->item, m->stride, leaf);
    tree_sum_push(m->residual_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_products(als_model *m) {
  const float *direction = m->item + (int64_t)m->history->items * m->stride;
  for (int p = 0; p < m->history->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->product_sum, m->history->first + p, (void **)&leaf));
    als_item_product(m->part[p].seen, m->part[p].user, direction, m->stride, leaf);
    tree_sum_push(m->product_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status als_model_items(als_model *m) {
  const comm *c = m->history->comm;
  const int writer = window_is_writer(m->shared);
  TRY_ALL(c, push_user_grams(m));
  TRY(tree_sum_finish(m->gram_sum, c, m->gram));
  TRY(enter_basis(m, m->item_base));
  TRY_ALL(c, push_residuals(m));
  TRY(tree_sum_finish(m->residual_sum, c, m->summed));
  window_fence(m->shared); /* all have read the items that change now */
  if (writer) als_descent_start(&m->descent, m->summed);
  window_fence(m->shared);
  for (int step = 0; step < m->options.steps; step++) {
    TRY_ALL(c, push_products(m));
    TRY(tree_sum_finish(m->product_sum, c, m->summed));
    window_fence(m->shared);
    if (writer) als_descent_step(&m->descent, m->summed);
    window_fence(m->shared);
  }
  return STATUS_OK;
}

static status push_losses(als_model *m) {
  for (int p = 0; p < m->history->count; p++) {
    const als_model_part *part = &m->part[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->loss_sum, m->history->first + p, (void **)&leaf));
    leaf[0] = als_loss(part->seen, part->user, m->item, m->stride) +
              als_penalty(part->user, part->seen->count, m->stride, m->user_base, part->lambda, 1);
    tree_sum_push(m->loss_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status als_model_loss(als_model *m, double *loss) {
  TRY_ALL(m->history->comm, push_losses(m));
  TRY(tree_sum_finish(m->loss_sum, m->history->comm, loss));
  *loss += als_penalty(m->item, m->history->items, m->stride, m->item_base, m->item_lambda, 0);
  return STATUS_OK;
}

status als_model_finish(als_model *m, int64_t *exact) {
  double *scratch = NULL;
  TRY(ARENA(m->arena, als_exact_scratch(m->stride), &scratch));
  for (int p = 0; p < m->history->count; p++) {
    als_model_part *part = &m->part[p];
    for (int32_t u = 0; u < part->seen->count; u++) {
      if (!(part->left[u] > 1e-4F)) continue;
      als_exact_row(part->seen, u, m->item, m->stride, m->user_base, part->lambda[u],
                    part->user + (int64_t)u * m->stride, scratch);
      (*exact)++;
    }
    watchdog_pulse();
  }
  return STATUS_OK;
}
