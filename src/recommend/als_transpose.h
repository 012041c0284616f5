/* The interactions of users with items, turned into those of items with users: each rank brings what its users did and
 * receives all that was done with its items. Beside the result, memory for a sixteenth of the interactions is in use,
 * and two numbers per item and rank. */
#ifndef RECOMMEND_ALS_TRANSPOSE_H
#define RECOMMEND_ALS_TRANSPOSE_H

#include "recommend/history.h"

/* Collective.
 *   by_user     [h->count], items ascending in a row
 *   ratings     1: targets are carried over, 0: weights
 *   item_start  [size + 1]: rank r owns the items [item_start[r], item_start[r + 1])
 *   *out        rows: this rank's items; users ascending in a row, numbered over all partitions (h->user_start)
 *   *user       the same as out->item, for whoever numbers them anew
 * At most 2^31 − 1 users. Fails: STATUS_BUG (memory). */
status als_transpose(const history *h, const als_interactions *by_user, int ratings, const int64_t *item_start,
                     arena *a, als_interactions *out, int32_t **user);

/* Local. From how many interactions of each row each rank brings, count [ranks, rows]: where rows begin, offset
 * [rows + 1], and, in place of the counts, where each rank's share of a row begins. */
void als_transpose_offsets(int ranks, int64_t rows, int64_t *count, int64_t *offset);

#endif
