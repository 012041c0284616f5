/* What the writer is told before the first word: a vector that enters the LSTM as a bias of its gates.
 * Blocks, in order: language one-hot, tone one-hot, domain one-hot, slots to be used (0/1), segment one-hot, user
 * factor, item factor. A block that is not known (a line of copy has no user) is 0. */
#ifndef DATA_CONDITION_H
#define DATA_CONDITION_H

#include "data/copy.h"

typedef struct condition_shape {
  int segments; /* number of user segments, 0: none */
  int factor;   /* length of user and item factors, 0: none */
} condition_shape;

typedef struct condition {
  language language;
  tone tone;
  domain domain;
  slot_set slots;
  int segment;              /* -1: not known */
  const float *user_factor; /* [factor], NULL: not known */
  const float *item_factor; /* [factor], NULL: not known */
} condition;

int condition_width(condition_shape shape);

/* Writes the vector [condition_width(shape)]. Factors are scaled to unit length, so that their scale is that of the
 * other blocks whatever the platform. */
void condition_fill(condition_shape shape, const condition *c, float *out);

#endif
