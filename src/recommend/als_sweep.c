#include "base/watchdog.h"
#include "math/als_exact.h"
#include "recommend/als_basis.h"
#include "recommend/als_model.h"
#include "recommend/als_packed.h"
#include "recommend/als_prior.h"
#include "recommend/als_stationary.h"

/* Rows [from, from + count) of a side's interactions, with their prior. `first` is the place of row 0 on its side. */
static als_interactions piece_of(const als_model *m, als_prior_side side, int part, const als_interactions *rows,
                                 int64_t first, int64_t from, int32_t count) {
  als_interactions piece = *rows;
  piece.count = count;
  piece.offset += from;
  piece.prior = als_prior_rows(m, side, part, first + from, count);
  return piece;
}

static int32_t piece_length(int64_t left) { return left < ALS_PRIOR_ROWS ? (int32_t)left : ALS_PRIOR_ROWS; }

static void solve_users(als_model *m, int part) {
  als_model_part *p = &m->part[part];
  for (int64_t from = 0; from < p->seen->count; from += ALS_PRIOR_ROWS) {
    const int32_t count = piece_length(p->seen->count - from);
    const als_interactions piece = piece_of(m, ALS_PRIOR_USERS, part, p->seen, 0, from, count);
    als_packed_solve(m, &piece, m->item, m->user_base, p->lambda + from, p->user + from * m->stride, p->left + from);
    watchdog_pulse();
  }
}

status als_model_users(als_model *m) {
  const int64_t sent = comm_bytes_sent(m->history->comm);
  TRY(als_prior_fit(m, ALS_PRIOR_USERS));
  TRY(als_basis_for_users(m));
  if (!m->traffic.is_stationary) node_table_update(m->items);
  als_packed_fill(m, m->items);
  for (int p = 0; p < m->history->count; p++) solve_users(m, p);
  m->traffic.sent_users = comm_bytes_sent(m->history->comm) - sent;
  return STATUS_OK;
}

/* This rank's items against the users that its node holds. */
static void solve_items(als_model *m) {
  const int64_t first = m->item_start[m->history->comm->rank];
  for (int64_t from = 0; from < m->taken.count; from += ALS_PRIOR_ROWS) {
    const int32_t count = piece_length(m->taken.count - from);
    const als_interactions piece = piece_of(m, ALS_PRIOR_ITEMS, 0, &m->taken, first, from, count);
    als_packed_solve(m, &piece, m->user, m->item_base, m->item_lambda + first + from,
                     m->item + (first + from) * m->stride, NULL);
    watchdog_pulse();
  }
}

/* A prior is fitted to all items, of which a node may hold some as they were. */
static status fit_item_prior(als_model *m) {
  if (als_prior_has(m, ALS_PRIOR_ITEMS)) als_model_complete(m);
  return als_prior_fit(m, ALS_PRIOR_ITEMS);
}

status als_model_items(als_model *m) {
  const int64_t sent = comm_bytes_sent(m->history->comm);
  TRY(fit_item_prior(m));
  TRY(als_basis_for_items(m));
  if (m->traffic.is_stationary) {
    TRY(als_stationary_solve(m));
  } else {
    node_table_update(m->users);
    als_packed_fill(m, m->users);
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
              als_penalty(part->user, part->seen->count, m->stride, m->user_base, part->lambda, 1) +
              als_prior_loss(m, ALS_PRIOR_USERS, p, 0, part->seen->count);
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
                          m->item_lambda + from, 0) +
              als_prior_loss(m, ALS_PRIOR_ITEMS, 0, from, to);
    tree_sum_push(m->item_loss_sum);
  }
  return STATUS_OK;
}

status als_model_loss(als_model *m, double *loss) {
  const comm *c = m->history->comm;
  double items = 0;
  TRY(als_prior_fit(m, ALS_PRIOR_USERS));
  TRY(fit_item_prior(m));
  TRY_ALL(c, push_losses(m));
  TRY_ALL(c, push_item_losses(m));
  TRY(tree_sum_finish(m->loss_sum, c, loss));
  TRY(tree_sum_finish(m->item_loss_sum, c, &items));
  *loss += items;
  return STATUS_OK;
}

static void finish_part(als_model *m, int part, double *scratch, int64_t *exact) {
  als_model_part *p = &m->part[part];
  for (int32_t u = 0; u < p->seen->count; u++) {
    if (!(p->left[u] > 1e-4F)) continue;
    const als_interactions one = piece_of(m, ALS_PRIOR_USERS, part, p->seen, 0, u, 1);
    als_exact_row(&one, 0, m->item, m->stride, m->user_base, p->lambda[u], p->user + (int64_t)u * m->stride, scratch);
    (*exact)++;
  }
  als_prior_place(m, ALS_PRIOR_USERS, part, 0, p->seen->count);
}

static status finish_parts(als_model *m, int64_t *exact) {
  double *scratch = NULL;
  TRY(ARENA(m->arena, als_exact_scratch(m->stride), &scratch));
  for (int p = 0; p < m->history->count; p++) {
    finish_part(m, p, scratch, exact);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status als_model_finish(als_model *m, int64_t *exact) {
  TRY(als_prior_fit(m, ALS_PRIOR_USERS));
  return comm_agree(m->history->comm, finish_parts(m, exact));
}
