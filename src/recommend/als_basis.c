#include "recommend/als_basis.h"

#include <math.h>

#include "base/watchdog.h"
#include "data/partition.h"
#include "math/symmetric.h"
#include "recommend/als_prior.h"

int64_t als_basis_block(const als_model *m, int b) {
  const int64_t row = (int64_t)b * m->block_rows;
  return row < m->history->items ? row : m->history->items;
}

static status push_item_grams(als_model *m) {
  for (int b = m->first_block; b < m->last_block; b++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->item_gram_sum, b, (void **)&leaf));
    const int64_t from = als_basis_block(m, b), to = als_basis_block(m, b + 1);
    als_gram(m->item + from * m->stride, (int32_t)(to - from), m->width, m->stride, leaf, m->scratch);
    tree_sum_push(m->item_gram_sum);
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

/* A block of items, or a partition of users, is turned as a whole, so that its bits depend on nothing else. */
static void turn_tables(als_model *m) {
  int first = m->first_block, last = m->last_block;
  if (m->traffic.is_stationary) {
    first = (int)partition_start(m->blocks, node_table_ranks(m->items), node_table_rank(m->items));
    last = (int)partition_start(m->blocks, node_table_ranks(m->items), node_table_rank(m->items) + 1);
  }
  for (int b = first; b < last; b++) {
    const int64_t from = als_basis_block(m, b), to = als_basis_block(m, b + 1);
    als_rotate(m->item + from * m->stride, (int32_t)(to - from), m->width, m->stride, m->vectors, m->scratch);
  }
  for (int p = 0; p < m->history->count; p++)
    als_rotate(m->part[p].user, m->part[p].seen->count, m->width, m->stride, m->vectors, m->scratch);
  als_prior_turn(m);
}

static void enter(als_model *m, float *base) {
  node_table_fence(m->items); /* nobody reads any more what is turned now */
  turn_tables(m);
  node_table_fence(m->items);
  for (int k = 0; k < m->width; k++) base[k] = (float)(m->options.unobserved * fmax(0, m->values[k]));
}

status als_basis_for_users(als_model *m) {
  const comm *c = m->history->comm;
  TRY_ALL(c, push_item_grams(m));
  TRY(tree_sum_finish(m->item_gram_sum, c, m->gram));
  TRY(agree_on_basis(m));
  enter(m, m->user_base);
  return STATUS_OK;
}

status als_basis_of_users(als_model *m) {
  const comm *c = m->history->comm;
  TRY_ALL(c, push_user_grams(m));
  TRY(tree_sum_finish(m->gram_sum, c, m->gram));
  return agree_on_basis(m);
}

status als_basis_for_items(als_model *m) {
  TRY(als_basis_of_users(m));
  enter(m, m->item_base);
  return STATUS_OK;
}
