/* The order in which an epoch takes its lines: shuffled, sorted by length inside windows so that little padding is
 * needed, and the minibatches shuffled again. The same for the same epoch, whatever was before. */
#ifndef STAGES_TRAIN_ORDER_H
#define STAGES_TRAIN_ORDER_H

#include "stages/train_data.h"

typedef struct train_order_key {
  int64_t length;
  int32_t line;
} train_order_key;

typedef struct train_order {
  int64_t batch, batches;
  int32_t *lines;        /* [train_count] */
  int32_t *turns;        /* [batches]: minibatches in the order in which they are taken */
  train_order_key *keys; /* of a window */
} train_order;

/* Local. For minibatches of `batch` lines. */
status train_order_create(const train_data *d, int64_t batch, arena *a, train_order *out);

/* Local. */
void train_order_draw(const train_data *d, uint64_t seed, int64_t epoch, train_order *o);

#endif
