#include "stages/train_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { WINDOW = 16 /* minibatches whose lines are sorted by length together */ };

static void shuffle(random_stream *r, int32_t *values, int64_t count) {
  for (int64_t i = count - 1; i > 0; i--) {
    const int64_t other = random_below(r, (uint32_t)i + 1);
    const int32_t value = values[i];
    values[i] = values[other];
    values[other] = value;
  }
}

static int by_length(const void *a, const void *b) {
  const train_order_key *x = a, *y = b;
  if (x->length != y->length) return x->length < y->length ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

status train_order_create(const train_data *d, int64_t batch, arena *a, train_order *o) {
  o->batch = batch;
  o->batches = (d->train_count + batch - 1) / batch;
  TRY(ARENA(a, d->train_count, &o->lines));
  TRY(ARENA(a, o->batches, &o->turns));
  return ARENA(a, WINDOW * batch, &o->keys);
}

void train_order_draw(const train_data *d, uint64_t seed, int64_t epoch, train_order *o) {
  random_stream r = random_open(seed, RANDOM_SHUFFLE, (uint64_t)epoch, 0);
  memcpy(o->lines, d->train, (size_t)d->train_count * sizeof *o->lines);
  shuffle(&r, o->lines, d->train_count);
  const int64_t window = WINDOW * o->batch;
  for (int64_t first = 0; first < d->train_count; first += window) {
    const int64_t count = d->train_count - first < window ? d->train_count - first : window;
    for (int64_t i = 0; i < count; i++) {
      const int32_t line = o->lines[first + i];
      o->keys[i] = (train_order_key){d->offset[line + 1] - d->offset[line], line};
    }
    qsort(o->keys, (size_t)count, sizeof *o->keys, by_length);
    for (int64_t i = 0; i < count; i++) o->lines[first + i] = o->keys[i].line;
  }
  for (int64_t i = 0; i < o->batches; i++) o->turns[i] = (int32_t)i;
  shuffle(&r, o->turns, o->batches);
}
