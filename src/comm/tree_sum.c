#include "comm/tree_sum.h"

#include <string.h>

#include "comm/mpi_handle.h"

/* The tree over leaves 0 … n-1: node (level, index) covers leaves [index << level, (index + 1) << level). Pushing
 * leaves in order and adding a left sibling to its right one as soon as both are there leaves, as in a binary counter,
 * the largest whole subtrees on the stack. A leaf whose left sibling belongs to another rank simply stays on the stack.
 * At the end the nodes of all ranks, in order of their leaves, are pushed by the same rule, and what is left over
 * (where n is no power of two) is added from right to left: an order that n alone decides. */

enum { LEVELS = 40 };

typedef struct node {
  int level, index;
  char *vector;
} node;

struct tree_sum {
  tree_sum_type type;
  size_t width; /* bytes of an element */
  int64_t count;
  int leaves;
  arena *arena;
  int depth;
  node stack[2 * LEVELS];
  int spare_count;
  char *spare[2 * LEVELS];
  node open;
};

status tree_sum_create(tree_sum_type type, int64_t count, int leaves, arena *a, tree_sum **out) {
  TRY(ARENA(a, 1, out));
  tree_sum *t = *out;
  t->type = type;
  t->width = type == TREE_SUM_F32 ? sizeof(float) : sizeof(double);
  t->count = count;
  t->leaves = leaves;
  t->arena = a;
  return STATUS_OK;
}

static void add(tree_sum_type type, void *into, const void *from, int64_t count) {
  if (type == TREE_SUM_F32) {
    float *restrict x = into;
    const float *restrict y = from;
    for (int64_t i = 0; i < count; i++) x[i] += y[i];
  } else {
    double *restrict x = into;
    const double *restrict y = from;
    for (int64_t i = 0; i < count; i++) x[i] += y[i];
  }
}

status tree_sum_leaf(tree_sum *t, int leaf, void **vector) {
  t->open = (node){0, leaf, NULL};
  if (t->spare_count > 0) {
    t->open.vector = t->spare[--t->spare_count];
    memset(t->open.vector, 0, (size_t)t->count * t->width);
  } else {
    TRY(arena_take(t->arena, t->count, t->width, (void **)&t->open.vector));
  }
  *vector = t->open.vector;
  return STATUS_OK;
}

/* Adds `top` below it as long as the left sibling stands there. Returns the new depth. */
static int settle(tree_sum_type type, int64_t count, node *stack, int depth, char **spare, int *spare_count) {
  while (depth >= 2) {
    node *left = &stack[depth - 2], *right = &stack[depth - 1];
    if (left->level != right->level || left->index + 1 != right->index || (left->index & 1) != 0) break;
    add(type, left->vector, right->vector, count);
    if (spare != NULL) spare[(*spare_count)++] = right->vector;
    left->level++;
    left->index >>= 1;
    depth--;
  }
  return depth;
}

void tree_sum_push(tree_sum *t) {
  t->stack[t->depth++] = t->open;
  t->depth = settle(t->type, t->count, t->stack, t->depth, t->spare, &t->spare_count);
}

/* Which elements of the vector a rank completes. */
static int64_t slice_start(const tree_sum *t, const comm *c, int r) {
  return t->count / c->size * r + t->count % c->size * r / c->size;
}

typedef struct node_name {
  int32_t level, index;
} node_name;

/* Adds the slices of all nodes, which arrive rank by rank and so in order of their leaves. */
static void complete(const tree_sum *t, const node_name *names, int total, char *slices, int64_t slice, void *out) {
  node stack[2 * LEVELS];
  int depth = 0;
  for (int i = 0; i < total; i++) {
    stack[depth++] = (node){names[i].level, names[i].index, slices + (size_t)i * (size_t)slice * t->width};
    depth = settle(t->type, slice, stack, depth, NULL, NULL);
  }
  for (; depth >= 2; depth--) add(t->type, stack[depth - 2].vector, stack[depth - 1].vector, slice);
  if (depth == 1) memcpy(out, stack[0].vector, (size_t)slice * t->width);
}

/* Every rank's stack, cut into one slice per receiving rank: [size][depth of mine][slice of that rank]. */
static status pack(const tree_sum *t, const comm *c, char **send, int64_t **offset) {
  TRY(ARENA(t->arena, c->size + 1, offset));
  TRY(arena_take(t->arena, t->count * t->depth, t->width, (void **)send));
  char *at = *send;
  for (int r = 0; r < c->size; r++) {
    const int64_t first = slice_start(t, c, r), count = slice_start(t, c, r + 1) - first;
    for (int d = 0; d < t->depth; d++) {
      memcpy(at, t->stack[d].vector + (size_t)first * t->width, (size_t)count * t->width);
      at += (size_t)count * t->width;
    }
    (*offset)[r + 1] = at - *send;
  }
  return STATUS_OK;
}

static status finish_over_ranks(tree_sum *t, const comm *c, void *out) {
  node_name mine[2 * LEVELS];
  for (int d = 0; d < t->depth; d++) mine[d] = (node_name){t->stack[d].level, t->stack[d].index};
  node_name *names = NULL;
  int64_t *name_offset = NULL, *send_offset = NULL, *slices_offset = NULL;
  char *send = NULL, *slices = NULL;
  TRY(comm_gather_all(c, mine, (int64_t)sizeof *mine * t->depth, t->arena, (void **)&names, &name_offset));
  const int total = (int)(name_offset[c->size] / (int64_t)sizeof *names);
  TRY_ALL(c, pack(t, c, &send, &send_offset));
  TRY(comm_exchange(c, send, send_offset, t->arena, (void **)&slices, &slices_offset));

  const int64_t first = slice_start(t, c, c->rank), slice = slice_start(t, c, c->rank + 1) - first;
  complete(t, names, total, slices, slice, (char *)out + (size_t)first * t->width);
  for (int r = 0; r < c->size; r++) {
    const int64_t start = slice_start(t, c, r), count = slice_start(t, c, r + 1) - start;
    comm_broadcast(c, (char *)out + (size_t)start * t->width, count * (int64_t)t->width, r);
  }
  return STATUS_OK;
}

status tree_sum_finish(tree_sum *t, const comm *c, void *out) {
  const arena_mark before = arena_here(t->arena);
  status result = STATUS_OK;
  if (c->size == 1) {
    for (; t->depth >= 2; t->depth--) {
      add(t->type, t->stack[t->depth - 2].vector, t->stack[t->depth - 1].vector, t->count);
      t->spare[t->spare_count++] = t->stack[t->depth - 1].vector;
    }
    if (t->depth == 1) memcpy(out, t->stack[0].vector, (size_t)t->count * t->width);
  } else {
    result = finish_over_ranks(t, c, out);
  }
  while (t->depth > 0) t->spare[t->spare_count++] = t->stack[--t->depth].vector;
  arena_release(t->arena, before);
  return result;
}
