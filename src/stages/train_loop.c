#include "stages/train_loop.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/watchdog.h"
#include "data/partition.h"
#include "math/adam.h"
#include "math/sgd.h"

status train_loop_create(const comm *c, const model *m, const void *shape, int lanes, uint64_t seed, const float *block,
                         arena *a, train_loop *out) {
  *out = (train_loop){.comm = c, .model = m, .shape = shape, .lanes = lanes, .count = m->count(shape)};
  TRY(ARENA(a, out->count, &out->block));
  TRY(ARENA(a, out->count + 1, &out->sum));
  TRY(ARENA(a, out->count, &out->first));
  TRY(ARENA(a, out->count, &out->second));
  TRY(tree_sum_create(TREE_SUM_F32, out->count + 1, lanes, a, &out->gradients));
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

static status reserve(train_loop *t, const void *batch) {
  const int64_t need = t->model->scratch(t->shape, batch);
  if (need <= t->scratch_count) return STATUS_OK;
  arena_free(&t->scratch_arena);
  t->scratch_count = need + need / 4;
  return ARENA(&t->scratch_arena, t->scratch_count, &t->scratch);
}

static status one_lane(train_loop *t, const train_lanes *from, int lane, float *gradient, double *loss) {
  const void *batch = NULL;
  *loss = 0;
  TRY(from->lane(from->state, lane, &batch));
  if (batch == NULL) return STATUS_OK;
  TRY(reserve(t, batch));
  *loss = t->model->loss(t->shape, t->block, batch, gradient, t->scratch);
  return STATUS_OK;
}

/* This rank's lanes into the tree. */
static status push_lanes(train_loop *t, const train_lanes *from) {
  const comm *c = t->comm;
  const int last = (int)partition_start(t->lanes, c->size, c->rank + 1);
  for (int lane = (int)partition_start(t->lanes, c->size, c->rank); lane < last; lane++) {
    float *gradient = NULL;
    double loss = 0;
    TRY(tree_sum_leaf(t->gradients, lane, (void **)&gradient));
    TRY(one_lane(t, from, lane, gradient, &loss));
    gradient[t->count] = (float)loss;
    tree_sum_push(t->gradients);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status train_loop_step(train_loop *t, const train_lanes *from, const train_options *options, double *loss) {
  TRY_ALL(t->comm, push_lanes(t, from));
  TRY(tree_sum_finish(t->gradients, t->comm, t->sum));
  const double norm = adam_norm(t->sum, t->count);
  const adam_options step = {options->rate, options->decay, adam_clip(norm, options->units, options->clip)};
  t->steps++;
  if (options->method == TRAIN_ADAM)
    adam_step(t->block, t->sum, t->first, t->second, t->count, t->steps, &step);
  else
    sgd_step(t->block, t->sum, t->count, &step);
  if (options->averaged > 0) sgd_average(t->first, t->block, t->count, options->averaged);
  if (loss != NULL) *loss = (double)t->sum[t->count];
  return STATUS_OK;
}

static status push_losses(train_loop *t, const train_lanes *from, int lanes, tree_sum *losses) {
  const comm *c = t->comm;
  const int last = (int)partition_start(lanes, c->size, c->rank + 1);
  for (int lane = (int)partition_start(lanes, c->size, c->rank); lane < last; lane++) {
    double *loss = NULL;
    TRY(tree_sum_leaf(losses, lane, (void **)&loss));
    TRY(one_lane(t, from, lane, NULL, loss));
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
