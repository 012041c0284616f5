#include "base/watchdog.h"
#include "math/als_exact.h"
#include "recommend/als_basis.h"
#include "recommend/als_model.h"
#include "recommend/als_stationary.h"

status als_model_users(als_model *m) {
  const int64_t sent = comm_bytes_sent(m->history->comm);
  TRY(als_basis_for_users(m));
  if (!m->traffic.is_stationary) node_table_update(m->items);
  for (int p = 0; p < m->history->count; p++) {
    als_model_part *part = &m->part[p];
    als_solve_rows(part->seen, m->item, m->stride, m->user_base, part->lambda, m->options.steps, part->user, part->left,
                   m->scratch);
    watchdog_pulse();
  }
  m->traffic.sent_users = comm_bytes_sent(m->history->comm) - sent;
  return STATUS_OK;
}

/* This rank's items, block by block, against the users that its node holds. */
static void solve_items(als_model *m) {
  const int64_t own = m->item_start[m->history->comm->rank];
  for (int b = m->first_block; b < m->last_block; b++) {
    const int64_t from = als_basis_block(m, b), to = als_basis_block(m, b + 1);
    als_interactions block = m->taken;
    block.count = (int32_t)(to - from);
    block.offset += from - own;
    als_solve_rows(&block, m->user, m->stride, m->item_base, m->item_lambda + from, m->options.steps,
                   m->item + from * m->stride, NULL, m->scratch);
    watchdog_pulse();
  }
}

status als_model_items(als_model *m) {
  const int64_t sent = comm_bytes_sent(m->history->comm);
  TRY(als_basis_for_items(m));
  if (m->traffic.is_stationary) {
    TRY(als_stationary_solve(m));
  } else {
    node_table_update(m->users);
    solve_items(m);
  }
  m->traffic.sent_items = comm_bytes_sent(m->history->comm) - sent;
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

static status push_item_losses(als_model *m) {
  for (int b = m->first_block; b < m->last_block; b++) {
    const int64_t from = als_basis_block(m, b), to = als_basis_block(m, b + 1);
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->item_loss_sum, b, (void **)&leaf));
    leaf[0] = als_penalty(m->item + from * m->stride, (int32_t)(to - from), m->stride, m->item_base,
                          m->item_lambda + from, 0);
    tree_sum_push(m->item_loss_sum);
  }
  return STATUS_OK;
}

status als_model_loss(als_model *m, double *loss) {
  const comm *c = m->history->comm;
  double items = 0;
  TRY_ALL(c, push_losses(m));
  TRY_ALL(c, push_item_losses(m));
  TRY(tree_sum_finish(m->loss_sum, c, loss));
  TRY(tree_sum_finish(m->item_loss_sum, c, &items));
  *loss += items;
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
