/* Training a model of a corpus by the settings text.*: what running text and texts with a meaning share. */
#ifndef STAGES_EVALUATE_TRAIN_H
#define STAGES_EVALUATE_TRAIN_H

#include "math/generator.h"
#include "stages/checkpoint.h"
#include "stages/stage.h"
#include "stages/train_loop.h"

/* How far it is: what a checkpoint keeps beside the weights. */
typedef struct evaluate_progress {
  double best, last;     /* losses of the validation */
  int64_t best_epoch;    /* the first is 1 */
  int64_t averaged_from; /* optimiser steps taken when averaging began; -1: not yet */
  int64_t is_over;       /* patience is at its end */
  double loss, targets;  /* of the epoch so far */
} evaluate_progress;

typedef struct evaluate_train {
  stage *stage;
  generator_shape shape;
  train_loop loop;
  float *best; /* [loop.count] weights of the best epoch */
  evaluate_progress at;
  int64_t epochs, steps; /* steps of an epoch */
  int64_t tail;          /* epochs of text.average */
  double recent[64];     /* validation losses by epoch, modulo 64 */
  checkpoint_state state;
  checkpoint saved;
} evaluate_train;

/* What differs: where lanes come from. `self` is handed to each. */
typedef struct evaluate_lessons {
  void *self;
  /* Local. Before the first step of an epoch. */
  status (*begin)(void *self, int64_t epoch);
  /* Local. Readies lanes for a step: *targets is how many tokens the minibatch predicts. */
  status (*step)(void *self, int64_t epoch, int64_t step, train_lanes *lanes, int64_t *targets);
  /* Collective. Mean loss of a token of the validation. */
  status (*validate)(void *self, train_loop *loop, double *loss);
} evaluate_lessons;

/* Local. A shape by text.*, for a vocabulary, a condition and facts of that size. */
generator_shape evaluate_train_shape(const stage *s, int vocabulary, int condition, int facts);

/* Local. Dropout and regularisers by text.*, into a batch that learns. */
void evaluate_train_regularise(const stage *s, uint32_t step, generator_batch *b);

/* Collective. Trains, or goes on from a checkpoint; afterwards t->loop holds the weights of the best epoch. Before,
 * t->state may name parts. t->epochs and t->steps must be set. */
status evaluate_train_run(evaluate_train *t, const evaluate_lessons *lessons);

#endif
