#include "stages/train_loop.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/pages.h"
#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "data/partition.h"
#include "math/adam.h"
#include "math/sgd.h"

static status create_gradients(train_loop *t, arena *a) {
  int64_t start[MODEL_BUCKETS_MOST + 2];
  int *first = NULL;
  TRY(ARENA(a, t->comm->size + 1, &first));
  for (int r = 0; r <= t->comm->size; r++) first[r] = (int)partition_start(t->lanes, t->comm->size, r);
  t->buckets = t->model->buckets(t->shape, start);
  start[t->buckets + 1] = t->count + 1;
  return bucket_sum_create(t->comm, first, start, t->buckets + 1, a, &t->gradients);
}

status train_loop_create(const comm *c, const model *m, const void *shape, int lanes, uint64_t seed, const float *block,
                         arena *a, train_loop *out) {
  *out = (train_loop){.comm = c, .model = m, .shape = shape, .lanes = lanes, .count = m->count(shape)};
  float **tables[] = {&out->block, &out->first, &out->second};
  for (int i = 0; i < 3; i++) {
    TRY(ARENA(a, out->count, tables[i]));
    pages_want_large(*tables[i], (size_t)out->count * sizeof(float));
  }
  TRY(create_gradients(out, a));
  const int64_t packed = m->pack_count(shape);
  if (packed > 0) {
    TRY(ARENA(a, packed, &out->packed));
    pages_want_large(out->packed, (size_t)packed * sizeof *out->packed);
  }
  if (block != NULL)
    memcpy(out->block, block, (size_t)out->count * sizeof *block);
  else
    m->initialise(shape, seed, out->block);
  return STATUS_OK;
}

void train_loop_free(train_loop *t) { arena_free(&t->scratch_arena); }

void train_loop_state(train_loop *t, tensor_file *out) {
  const struct {
    const char *name;
    float *data;
  } tables[] = {{"weights", t->block}, {"first", t->first}, {"second", t->second}};
  for (int i = 0; i < 3; i++) {
    char name[TENSOR_FILE_NAME];
    snprintf(name, sizeof name, "%s.%s", t->model->name, tables[i].name);
    tensor_file_add(out, name, TENSOR_F32, t->count, 1, tables[i].data);
  }
  char name[TENSOR_FILE_NAME];
  snprintf(name, sizeof name, "%s.steps", t->model->name);
  tensor_file_add(out, name, TENSOR_I64, 1, 1, &t->steps);
}

static const uint16_t *packed(const train_loop *t) { return t->is_plain ? NULL : t->packed; }

static status reserve(train_loop *t, const void *batch) {
  const int64_t need = t->model->scratch(t->shape, batch, packed(t));
  if (need <= t->scratch_count) return STATUS_OK;
  arena_free(&t->scratch_arena);
  t->scratch_count = need + need / 4;
  TRY(ARENA(&t->scratch_arena, t->scratch_count, &t->scratch));
  pages_want_large(t->scratch, (size_t)t->scratch_count * sizeof *t->scratch);
  return STATUS_OK;
}

/* A lane's batch, and room for it. The first of a step or an evaluation has the weights packed. */
static status open_lane(train_loop *t, const train_lanes *from, int lane, int *is_packed, const void **batch) {
  TRY(from->lane(from->state, lane, batch));
  if (*batch == NULL) return STATUS_OK;
  TRY(reserve(t, *batch));
  if (!*is_packed && packed(t) != NULL) t->model->pack(t->shape, t->block, *batch, t->scratch, t->packed);
  *is_packed = 1;
  return STATUS_OK;
}

static double run_lane(train_loop *t, const void *batch, const model_hook *hook, float *gradient) {
  if (batch == NULL) return 0;
  return t->model->loss(t->shape, t->block, batch, packed(t), hook, gradient, t->scratch);
}

/* The lane whose gradient leaves bucket by bucket. */
typedef struct last_lane {
  const void *batch;
  float *gradient; /* NULL: this rank has no lane */
} last_lane;

/* All lanes of this rank, but that the last one is only made ready: from there on nothing can fail. */
static status push_lanes(train_loop *t, const train_lanes *from, last_lane *out) {
  const comm *c = t->comm;
  int is_packed = 0;
  const int last = (int)partition_start(t->lanes, c->size, c->rank + 1);
  for (int lane = (int)partition_start(t->lanes, c->size, c->rank); lane < last; lane++) {
    TRY(bucket_sum_lane(t->gradients, &out->gradient));
    TRY(open_lane(t, from, lane, &is_packed, &out->batch));
    watchdog_pulse();
    if (lane + 1 == last) break;
    out->gradient[t->count] = (float)run_lane(t, out->batch, NULL, out->gradient);
    bucket_sum_push(t->gradients);
  }
  return STATUS_OK;
}

static void bucket_done(void *state, int bucket) { bucket_sum_begin(state, bucket); }
static void time_passed(void *state) { bucket_sum_progress(state); }

status train_loop_step(train_loop *t, const train_lanes *from, const train_options *options, double *loss) {
  const double began = clock_now();
  last_lane last = {NULL, NULL};
  TRY_ALL(t->comm, push_lanes(t, from, &last));
  const model_hook hook = {t->gradients, bucket_done, time_passed};
  if (last.batch != NULL) last.gradient[t->count] = (float)run_lane(t, last.batch, &hook, last.gradient);
  const float *sum = bucket_sum_finish(t->gradients);
  const double norm = adam_norm(sum, t->count);
  const adam_options step = {options->rate, options->decay, adam_clip(norm, options->units, options->clip)};
  t->steps++;
  if (options->method == TRAIN_ADAM)
    adam_step(t->block, sum, t->first, t->second, t->count, t->steps, &step);
  else
    sgd_step(t->block, sum, t->count, &step);
  if (options->averaged > 0) sgd_average(t->first, t->block, t->count, options->averaged);
  if (loss != NULL) *loss = (double)sum[t->count];
  t->seconds += clock_now() - began;
  t->taken++;
  return STATUS_OK;
}

train_loop_account train_loop_spent(const train_loop *t) {
  const bucket_sum_account spent = bucket_sum_spent(t->gradients);
  const double taken = t->taken > 0 ? (double)t->taken : 1;
  return (train_loop_account){.step = t->seconds / taken,
                              .overlap = spent.exchanged > 0 ? 1 - spent.waited / spent.exchanged : 0,
                              .bytes = (double)spent.bytes / taken};
}

static status push_losses(train_loop *t, const train_lanes *from, int lanes, tree_sum *losses) {
  const comm *c = t->comm;
  int is_packed = 0;
  const int last = (int)partition_start(lanes, c->size, c->rank + 1);
  for (int lane = (int)partition_start(lanes, c->size, c->rank); lane < last; lane++) {
    double *loss = NULL;
    TRY(tree_sum_leaf(losses, lane, (void **)&loss));
    const void *batch = NULL;
    TRY(open_lane(t, from, lane, &is_packed, &batch));
    *loss = run_lane(t, batch, NULL, NULL);
    tree_sum_push(losses);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status train_loop_evaluate(train_loop *t, const train_lanes *from, int lanes, double *loss) {
  arena a = {0};
  tree_sum *losses = NULL;
  status result = tree_sum_create(TREE_SUM_F64, 1, lanes, &a, &losses);
  if (result == STATUS_OK) result = push_losses(t, from, lanes, losses);
  result = comm_agree(t->comm, result);
  if (result == STATUS_OK) result = tree_sum_finish(losses, t->comm, loss);
  arena_free(&a);
  return result;
}

status train_loop_check(const train_loop *t, uint64_t *hash) {
  *hash = hash_bytes(t->block, (size_t)t->count * sizeof *t->block, 0);
  int64_t least = (int64_t)(*hash >> 1), most = least;
  comm_min_i64(t->comm, &least, 1);
  comm_max_i64(t->comm, &most, 1);
  if (least == most) return STATUS_OK;
  return status_fail(
      STATUS_BUG, "train: ranks hold different weights of the %s after %lld steps; are the nodes of one kind of CPU?",
      t->model->name, (long long)t->steps);
}
