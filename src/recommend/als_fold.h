/* Items that a model of ALS was not fitted to, solved against what it holds. Users are folded in by a half-sweep of the
 * users (als_model_users), which leaves the items as they are. */
#ifndef RECOMMEND_ALS_FOLD_H
#define RECOMMEND_ALS_FOLD_H

#include "recommend/als_model.h"

/* Collective, after a half-sweep of the users. Solves items against the users of all ranks, without moving those.
 *   by_user  [history->count], users as in the history; items numbered from 0 to count
 *   item     [count, m->stride], written on all ranks alike
 * Fails: STATUS_BUG (memory). */
status als_fold_items(als_model *m, const als_interactions *by_user, int32_t count, float *item);

/* Collective, straight after als_model_create with this start: the rest of a model that keeps an earlier one's items.
 * Users are solved against those, then the items that it did not hold against the users; a half-sweep of the users must
 * follow. Fails: STATUS_BUG (memory). */
status als_fold_in(als_model *m, const float *const *start);

#endif
