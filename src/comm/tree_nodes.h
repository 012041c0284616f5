/* The tree over leaves 0 … n-1 of tree_sum.h and bucket_sum.h: node (level, index) covers leaves [index << level,
 * (index + 1) << level). Pushing leaves in order and adding a left sibling to its right one as soon as both are there
 * leaves, as in a binary counter, the largest whole subtrees on the stack. A leaf whose left sibling belongs to another
 * rank simply stays on the stack. At the end the nodes of all ranks, in order of their leaves, are pushed by the same
 * rule, and what is left over (where n is no power of two) is added from right to left: an order that n alone decides.
 * For files of this floor only. */
#ifndef COMM_TREE_NODES_H
#define COMM_TREE_NODES_H

#include <stddef.h>
#include <stdint.h>

enum { TREE_LEVELS = 40 };

typedef struct node {
  int level, index;
  char *vector;
} node;

/* Whether the top of the stack is to be added to what is below it. */
static inline int tree_nodes_meet(const node *stack, int depth) {
  if (depth < 2) return 0;
  const node *left = &stack[depth - 2], *right = &stack[depth - 1];
  return left->level == right->level && left->index + 1 == right->index && (left->index & 1) == 0;
}

/* After that sum: the new depth. */
static inline int tree_nodes_rise(node *stack, int depth) {
  stack[depth - 2].level++;
  stack[depth - 2].index >>= 1;
  return depth - 1;
}

/* The leaves of a rank; both 0 where it has none. Eight bytes, to travel as one number. */
typedef struct run {
  int32_t first, count;
} run;

/* The nodes that stand on the stack after a run of leaves: the whole subtrees it consists of, from left to right. */
static inline int tree_nodes_of(run r, node *out) {
  int depth = 0;
  for (int32_t leaf = r.first, left = r.count; left > 0;) {
    int level = 0;
    while (leaf % (1 << (level + 1)) == 0 && left >= 1 << (level + 1)) level++;
    if (out != NULL) out[depth] = (node){level, leaf >> level, NULL};
    depth++;
    leaf += 1 << level;
    left -= 1 << level;
  }
  return depth;
}

#endif
