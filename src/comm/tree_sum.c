#include "comm/tree_sum.h"

#include <string.h>

#include "comm/comm_blocks.h"
#include "comm/tree_nodes.h"

struct tree_sum {
  tree_sum_type type;
  size_t width; /* bytes of an element */
  int64_t count;
  int leaves, first, pushed; /* of the tree; the first that this rank has pushed, and how many */
  arena *arena;
  int depth;
  node stack[2 * TREE_LEVELS];
  int spare_count;
  char *spare[2 * TREE_LEVELS];
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

/* Adds the top to what is below it as long as they are siblings. Returns the new depth. */
static int settle(tree_sum_type type, int64_t count, node *stack, int depth, char **spare, int *spare_count) {
  for (; tree_nodes_meet(stack, depth); depth = tree_nodes_rise(stack, depth)) {
    add(type, stack[depth - 2].vector, stack[depth - 1].vector, count);
    if (spare != NULL) spare[(*spare_count)++] = stack[depth - 1].vector;
  }
  return depth;
}

void tree_sum_push(tree_sum *t) {
  if (t->pushed++ == 0) t->first = t->open.index;
  t->stack[t->depth++] = t->open;
  t->depth = settle(t->type, t->count, t->stack, t->depth, t->spare, &t->spare_count);
}

/* Which elements of the vector a rank completes. */
static int64_t slice_start(const tree_sum *t, const comm *c, int r) {
  return t->count / c->size * r + t->count % c->size * r / c->size;
}

/* Adds the slices of all nodes, which arrive rank by rank and so in order of their leaves. */
static void complete(const tree_sum *t, const run *runs, int ranks, char *slices, int64_t slice, void *out) {
  node stack[2 * TREE_LEVELS], arrived[2 * TREE_LEVELS];
  int depth = 0;
  for (int r = 0; r < ranks; r++) {
    const int nodes = tree_nodes_of(runs[r], arrived);
    for (int i = 0; i < nodes; i++, slices += (size_t)slice * t->width) {
      stack[depth++] = (node){arrived[i].level, arrived[i].index, slices};
      depth = settle(t->type, slice, stack, depth, NULL, NULL);
    }
  }
  for (; depth >= 2; depth--) add(t->type, stack[depth - 2].vector, stack[depth - 1].vector, slice);
  if (depth == 1) memcpy(out, stack[0].vector, (size_t)slice * t->width);
}

/* What a sum over ranks needs besides the stack. */
typedef struct meeting {
  run *runs;           /* [size] */
  char *send, *slices; /* [size][nodes of mine][slice of that rank]; [nodes of all][slice of mine] */
  int64_t *send_at, *slices_at, *slice_at; /* [size + 1], bytes */
} meeting;

/* Every rank's stack, cut into one slice per receiving rank. */
static status pack(const tree_sum *t, const comm *c, meeting *m) {
  TRY(ARENA(t->arena, c->size, &m->runs));
  TRY(ARENA(t->arena, c->size + 1, &m->send_at));
  TRY(ARENA(t->arena, c->size + 1, &m->slices_at));
  TRY(ARENA(t->arena, c->size + 1, &m->slice_at));
  TRY(arena_take(t->arena, t->count * t->depth, t->width, (void **)&m->send));
  char *at = m->send;
  for (int r = 0; r < c->size; r++) {
    const int64_t first = slice_start(t, c, r), count = slice_start(t, c, r + 1) - first;
    for (int d = 0; d < t->depth; d++) {
      memcpy(at, t->stack[d].vector + (size_t)first * t->width, (size_t)count * t->width);
      at += (size_t)count * t->width;
    }
    m->send_at[r + 1] = at - m->send;
    m->slice_at[r + 1] = (first + count) * (int64_t)t->width;
  }
  return STATUS_OK;
}

/* Room for the slices of all nodes. */
static status make_room(const tree_sum *t, const comm *c, meeting *m) {
  const int64_t slice = m->slice_at[c->rank + 1] - m->slice_at[c->rank];
  for (int r = 0; r < c->size; r++) m->slices_at[r + 1] = m->slices_at[r] + slice * tree_nodes_of(m->runs[r], NULL);
  return arena_take(t->arena, m->slices_at[c->size], 1, (void **)&m->slices);
}

static status finish_over_ranks(tree_sum *t, const comm *c, void *out) {
  meeting m = {0};
  const run mine = {t->first, t->pushed};
  status ready = pack(t, c, &m);
  int64_t shared = 0;
  memcpy(&shared, &mine, sizeof shared);
  const int64_t *all = comm_blocks_share(c, shared);
  if (ready == STATUS_OK) {
    memcpy(m.runs, all, (size_t)c->size * sizeof *m.runs);
    ready = make_room(t, c, &m);
  }
  TRY_ALL(c, ready);
  comm_blocks_exchange(c, m.send, m.send_at, m.slices, m.slices_at);
  complete(t, m.runs, c->size, m.slices, slice_start(t, c, c->rank + 1) - slice_start(t, c, c->rank),
           (char *)out + m.slice_at[c->rank]);
  comm_blocks_gather(c, out, m.slice_at);
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
  t->first = t->pushed = 0;
  while (t->depth > 0) t->spare[t->spare_count++] = t->stack[--t->depth].vector;
  arena_release(t->arena, before);
  return result;
}
