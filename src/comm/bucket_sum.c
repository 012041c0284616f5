#include "comm/bucket_sum.h"

#include <string.h>

#include "base/pages.h"
#include "comm/mpi_handle.h"
#include "comm/tree_nodes.h"

/* Tags of its messages: a pair for each bucket. comm_blocks has 0. */
enum { FIRST_TAG = 16 };

typedef enum phase { IDLE, REDUCING, GATHERING, DONE } phase;

typedef struct bucket {
  int64_t from, count;
  phase phase;
  int requests;
  MPI_Request *request; /* [size × (nodes of mine + 2) + nodes of all] */
  float *slices;        /* [nodes of all others][slice of mine] */
} bucket;

struct bucket_sum {
  const comm *c;
  arena *arena;
  int64_t count;
  run *runs; /* [size] */
  int buckets, nodes_of_all;
  bucket *bucket;
  float *out; /* [count]; with one rank the sum stays where it is */
  int depth, pushed, spare_count;
  node stack[2 * TREE_LEVELS];
  float *spare[2 * TREE_LEVELS];
  double began;
  bucket_sum_account spent;
};

static int64_t slice_start(const bucket_sum *t, const bucket *b, int r) {
  return b->count / t->c->size * r + b->count % t->c->size * r / t->c->size;
}

static int64_t slice_count(const bucket_sum *t, const bucket *b, int r) {
  return slice_start(t, b, r + 1) - slice_start(t, b, r);
}

static status open_bucket(bucket_sum *t, bucket *b) {
  const int mine = tree_nodes_of(t->runs[t->c->rank], NULL);
  TRY(ARENA(t->arena, t->c->size * (mine + 2) + t->nodes_of_all, &b->request));
  return ARENA(t->arena, t->nodes_of_all * slice_count(t, b, t->c->rank), &b->slices);
}

status bucket_sum_create(const comm *c, const int *first_lane, const int64_t *start, int buckets, arena *a,
                         bucket_sum **out) {
  TRY(ARENA(a, 1, out));
  bucket_sum *t = *out;
  t->c = c;
  t->arena = a;
  t->count = start[buckets];
  t->buckets = buckets;
  TRY(ARENA(a, c->size, &t->runs));
  TRY(ARENA(a, buckets, &t->bucket));
  for (int r = 0; r < c->size; r++) {
    t->runs[r] = (run){first_lane[r], first_lane[r + 1] - first_lane[r]};
    t->nodes_of_all += tree_nodes_of(t->runs[r], NULL);
  }
  for (int i = 0; i < buckets; i++) {
    t->bucket[i].from = start[i];
    t->bucket[i].count = start[i + 1] - start[i];
    if (c->size > 1) TRY(open_bucket(t, &t->bucket[i]));
  }
  if (c->size == 1) return STATUS_OK;
  TRY(ARENA(a, t->count, &t->out));
  pages_want_large(t->out, (size_t)t->count * sizeof *t->out);
  return STATUS_OK;
}

static void add(float *restrict x, const float *restrict y, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] += y[i];
}

status bucket_sum_lane(bucket_sum *t, float **vector) {
  if (t->spare_count > 0) {
    *vector = t->spare[--t->spare_count];
    memset(*vector, 0, (size_t)t->count * sizeof **vector);
  } else {
    TRY(ARENA(t->arena, t->count, vector));
    pages_want_large(*vector, (size_t)t->count * sizeof **vector);
  }
  t->stack[t->depth++] = (node){0, t->runs[t->c->rank].first + t->pushed++, (char *)*vector};
  return STATUS_OK;
}

static float *vector_of(const node *n) { return (float *)(void *)n->vector; }

void bucket_sum_push(bucket_sum *t) {
  for (; tree_nodes_meet(t->stack, t->depth); t->depth = tree_nodes_rise(t->stack, t->depth)) {
    float *right = vector_of(&t->stack[t->depth - 1]);
    add(vector_of(&t->stack[t->depth - 2]), right, t->count);
    t->spare[t->spare_count++] = right;
  }
}

/* The stack as it will be once the last lane is pushed; with `b` that bucket's elements are added so. */
static int settled(const bucket_sum *t, const bucket *b, node *stack) {
  int depth = t->depth;
  memcpy(stack, t->stack, sizeof t->stack);
  for (; tree_nodes_meet(stack, depth); depth = tree_nodes_rise(stack, depth))
    if (b != NULL) add(vector_of(&stack[depth - 2]) + b->from, vector_of(&stack[depth - 1]) + b->from, b->count);
  return depth;
}

static int tag(const bucket_sum *t, const bucket *b, int gathering) {
  return FIRST_TAG + 2 * (int)(b - t->bucket) + gathering;
}

static void account(bucket_sum *t, int64_t floats) {
  t->spent.bytes += floats * (int64_t)sizeof(float);
  t->c->mpi->sent += floats * (int64_t)sizeof(float);
}

/* Slices of my nodes to those who complete them; those of others' nodes from them. */
static void post_reduction(bucket_sum *t, bucket *b, const node *stack, int depth) {
  const comm *c = t->c;
  const int64_t mine = slice_count(t, b, c->rank);
  float *slices = b->slices;
  b->requests = 0;
  for (int r = 0; r < c->size; r++) {
    if (r == c->rank) continue;
    for (int i = tree_nodes_of(t->runs[r], NULL); i > 0; i--, slices += mine)
      MPI_Irecv(slices, (int)mine, MPI_FLOAT, r, tag(t, b, 0), c->mpi->world, &b->request[b->requests++]);
  }
  for (int s = 1; s < c->size; s++) {
    const int r = (c->rank + s) % c->size;
    const int64_t count = slice_count(t, b, r);
    for (int i = 0; i < depth; i++)
      MPI_Isend(vector_of(&stack[i]) + b->from + slice_start(t, b, r), (int)count, MPI_FLOAT, r, tag(t, b, 0),
                c->mpi->world, &b->request[b->requests++]);
    account(t, depth * count);
  }
}

/* Adds the top of the stack to what is below it; the sum stands in `out` if it is the last one. */
static void add_top(node *stack, int depth, int is_last, float *out, int64_t count) {
  float *left = vector_of(&stack[depth - 2]);
  const float *right = vector_of(&stack[depth - 1]);
  if (!is_last || depth > 2) {
    add(left, right, count);
    return;
  }
  for (int64_t i = 0; i < count; i++) out[i] = left[i] + right[i];
  stack[0].vector = (char *)out;
}

/* Completes the tree for my slice. */
static void complete(bucket_sum *t, const bucket *b, float *out, int64_t at, int64_t mine) {
  node own[2 * TREE_LEVELS], arrived[2 * TREE_LEVELS], stack[2 * TREE_LEVELS] = {{0, 0, NULL}};
  float *slices = b->slices;
  int depth = 0, left = t->nodes_of_all;
  settled(t, NULL, own);
  for (int r = 0; r < t->c->size; r++) {
    const int nodes = tree_nodes_of(t->runs[r], arrived);
    for (int i = 0; i < nodes; i++) {
      arrived[i].vector = (char *)(r == t->c->rank ? vector_of(&own[i]) + at : slices);
      if (r != t->c->rank) slices += mine;
      stack[depth++] = arrived[i];
      left--;
      for (; tree_nodes_meet(stack, depth); depth = tree_nodes_rise(stack, depth))
        add_top(stack, depth, left == 0, out, mine);
    }
  }
  for (; depth >= 2; depth--) add_top(stack, depth, 1, out, mine);
  if (stack[0].vector != (char *)out) memcpy(out, stack[0].vector, (size_t)mine * sizeof *out);
}

/* My slice, complete, to all. */
static void post_gathering(bucket_sum *t, bucket *b) {
  const comm *c = t->c;
  const int64_t mine = slice_count(t, b, c->rank), at = b->from + slice_start(t, b, c->rank);
  complete(t, b, t->out + at, at, mine);
  b->requests = 0;
  for (int s = 1; s < c->size; s++) {
    const int to = (c->rank + s) % c->size, from = (c->rank - s + c->size) % c->size;
    MPI_Irecv(t->out + b->from + slice_start(t, b, from), (int)slice_count(t, b, from), MPI_FLOAT, from, tag(t, b, 1),
              c->mpi->world, &b->request[b->requests++]);
    MPI_Isend(t->out + at, (int)mine, MPI_FLOAT, to, tag(t, b, 1), c->mpi->world, &b->request[b->requests++]);
    account(t, mine);
  }
}

static void go_on(bucket_sum *t, bucket *b) {
  if (b->phase == REDUCING) post_gathering(t, b);
  b->phase++;
}

void bucket_sum_begin(bucket_sum *t, int index) {
  bucket *b = &t->bucket[index];
  node stack[2 * TREE_LEVELS];
  int depth = settled(t, b, stack);
  if (t->began <= 0) t->began = clock_now();
  b->phase = REDUCING;
  if (t->c->size > 1) {
    post_reduction(t, b, stack, depth);
    return;
  }
  for (; depth >= 2; depth--)
    add(vector_of(&stack[depth - 2]) + b->from, vector_of(&stack[depth - 1]) + b->from, b->count);
  b->phase = DONE;
}

void bucket_sum_progress(bucket_sum *t) {
  for (int i = 0; i < t->buckets; i++) {
    bucket *b = &t->bucket[i];
    if (b->phase != REDUCING && b->phase != GATHERING) continue;
    int all = 0;
    MPI_Testall(b->requests, b->request, &all, MPI_STATUSES_IGNORE);
    if (all) go_on(t, b);
  }
}

static void wait_for(bucket_sum *t, phase p) {
  const comm *c = t->c;
  for (int i = 0; i < t->buckets; i++) {
    bucket *b = &t->bucket[i];
    if (b->phase != p) continue;
    MPI_TIMED(c, moved, "a gradient", MPI_Waitall(b->requests, b->request, MPI_STATUSES_IGNORE));
    go_on(t, b);
  }
}

const float *bucket_sum_finish(bucket_sum *t) {
  for (int i = 0; i < t->buckets; i++)
    if (t->bucket[i].phase == IDLE) bucket_sum_begin(t, i);
  const double asked = clock_now();
  wait_for(t, REDUCING);
  wait_for(t, GATHERING);
  t->spent.waited += clock_now() - asked;
  t->spent.exchanged += clock_now() - t->began;
  const float *sum = t->c->size > 1 ? t->out : vector_of(&t->stack[0]);
  while (t->depth > 0) t->spare[t->spare_count++] = vector_of(&t->stack[--t->depth]);
  for (int i = 0; i < t->buckets; i++) t->bucket[i].phase = IDLE;
  t->pushed = 0;
  t->began = 0;
  return sum;
}

bucket_sum_account bucket_sum_spent(const bucket_sum *t) { return t->spent; }
