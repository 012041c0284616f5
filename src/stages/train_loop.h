/* Data-parallel training of any model of math/model.h. A minibatch is cut into a fixed number of lanes; each rank
 * computes a contiguous run of them, their gradients are summed in a fixed tree, and every rank takes the same step, so
 * that weights stay equal in the last bit on all ranks and for any number of them. Parts of a rank's last gradient set
 * out as soon as they are final, while the rest is computed (comm/bucket_sum.h). */
#ifndef STAGES_TRAIN_LOOP_H
#define STAGES_TRAIN_LOOP_H

#include "comm/bucket_sum.h"
#include "io/tensor_file.h"
#include "math/model.h"
#include "stages/stage.h"

typedef struct train_loop {
  const comm *comm;
  const model *model;
  const void *shape;
  int lanes;
  int64_t count;         /* parameters */
  int64_t steps;         /* taken so far */
  float *block;          /* [count] */
  float *first, *second; /* [count] moments */
  int buckets;           /* of the model; one more has the loss */
  bucket_sum *gradients; /* of [count + 1] numbers: gradient, loss */
  int is_plain;          /* 1: no packed weights; may be set before the first step */
  uint16_t *packed;      /* [pack_count]; NULL: none */
  double seconds;        /* in `taken` steps: those since it was created */
  int64_t taken;
  arena scratch_arena;
  float *scratch;
  int64_t scratch_count;
} train_loop;

/* Where lanes come from. The batch must stay valid until the next call; batches of no text have *batch NULL. */
typedef struct train_lanes {
  void *state;
  status (*lane)(void *state, int lane, const void **batch);
} train_lanes;

typedef enum train_method { TRAIN_ADAM, TRAIN_SGD } train_method;

typedef struct train_options {
  double rate, decay, clip;
  double units; /* the gradient is divided by it: tokens or texts of the minibatch */
  train_method method;
  int64_t averaged; /* TRAIN_SGD: after the step `first` is the mean of the weights of that many steps; 0: not kept */
} train_options;

/* Local. Starts from `block`, or from fresh weights where it is NULL. */
status train_loop_create(const comm *c, const model *m, const void *shape, int lanes, uint64_t seed, const float *block,
                         arena *a, train_loop *out);
void train_loop_free(train_loop *t);

/* What the steps so far have been like on this rank. */
typedef struct train_loop_account {
  double step;    /* seconds of a step */
  double overlap; /* share of the exchange of gradients in which the backward pass went on */
  double bytes;   /* sent by a step */
} train_loop_account;

train_loop_account train_loop_spent(const train_loop *t);

/* Local. Adds to `out` all that the next step starts from: weights, moments, steps. */
void train_loop_state(train_loop *t, tensor_file *out);

/* Collective. One step; *loss (NULL allowed) is the sum over the minibatch before it. */
status train_loop_step(train_loop *t, const train_lanes *from, const train_options *options, double *loss);

/* Collective. Sum of the losses of lanes [0, lanes), without a step. */
status train_loop_evaluate(train_loop *t, const train_lanes *from, int lanes, double *loss);

/* Collective. Fails: STATUS_BUG on all ranks if their weights differ in one bit. */
status train_loop_check(const train_loop *t, uint64_t *hash);

#endif
