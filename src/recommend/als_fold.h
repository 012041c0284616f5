/* Users and items that a model of ALS was not fitted to, solved against what it holds. The model stays as it is. */
#ifndef RECOMMEND_ALS_FOLD_H
#define RECOMMEND_ALS_FOLD_H

#include "recommend/als_model.h"

/* Local, after a half-sweep of the users and als_model_complete. Solves users against the items: by conjugate
 * gradients, and where these leave something, by Cholesky.
 *   seen  items ascending in a row; weights, or targets of ratings
 *   user  [seen->count, m->stride], written: rows as the model's own; of nobody's interactions: 0
 * Fails: STATUS_BUG (memory). */
status als_fold_users(const als_model *m, const als_interactions *seen, float *user);

/* Collective, after a half-sweep of the users. Solves items against the users of all ranks, without moving those.
 *   by_user  [history->count], users as in the history; items numbered from 0 to count
 *   item     [count, m->stride], written on all ranks alike
 * Fails: STATUS_BUG (memory). */
status als_fold_items(als_model *m, const als_interactions *by_user, int32_t count, float *item);

#endif
