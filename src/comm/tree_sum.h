/* Sums whose last bit does not depend on the number of ranks: one binary tree over numbered leaves (logical partitions,
 * or lanes of a minibatch), each node the sum of its left and its right child in floating point.
 *
 * A rank pushes the leaves it owns, one run without gaps, in ascending order, and holds only O(log leaves) vectors at a
 * time: those of the largest whole subtrees of its own leaves. tree_sum_finish exchanges these in slices: each rank
 * completes the tree for its slice of the vector, then the slices are gathered (the reduce-scatter and all-gather of
 * Rabenseifner 2004, with the sum in the tree's order). That is one short gathering, one agreement, an exchange among
 * those that own leaves, and one gathering, whatever the number of ranks. */
#ifndef COMM_TREE_SUM_H
#define COMM_TREE_SUM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "comm/comm.h"

typedef struct tree_sum tree_sum;

typedef enum tree_sum_type { TREE_SUM_F32, TREE_SUM_F64 } tree_sum_type;

/* Local. A sum of vectors of `count` elements over `leaves` leaves. Memory comes from the arena. */
status tree_sum_create(tree_sum_type type, int64_t count, int leaves, arena *a, tree_sum **out);

/* Local. The vector to fill for `leaf` ([count], zeroed), to be followed by tree_sum_push. Leaves must follow
 * each other. */
status tree_sum_leaf(tree_sum *t, int leaf, void **vector);

/* Local. Adds the vector of the last tree_sum_leaf to the tree. */
void tree_sum_push(tree_sum *t);

/* Collective. Every rank receives the sum in `out` [count]; the tree is empty again and may be reused. Every leaf must
 * have been pushed by exactly one rank. Fails: STATUS_BUG when memory is out; on all ranks alike. */
status tree_sum_finish(tree_sum *t, const comm *c, void *out);

#endif
