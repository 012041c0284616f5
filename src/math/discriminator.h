/* Tells lines that people wrote from samples of the writer: a convolutional net over (condition, text) (Kim 2014, as
 * used by Yu et al. 2017). Legend: V vocabulary, D embedding, F filters per width, U hidden units, C condition, N
 * texts.
 *
 * Parameters are one contiguous block: embedding [V, D]; per width w of 1 … DISCRIMINATOR_WIDTHS: filters [F, w·D],
 * bias [F]; hidden layer [U, WIDTHS·F + C], its bias [U]; output [U], its bias [1]. Each filter's ReLU is taken at its
 * largest place in the text; the pooled values and the condition enter one hidden layer of ReLUs.
 *
 * Every text is computed alone, so its score does not depend on its batch. */
#ifndef MATH_DISCRIMINATOR_H
#define MATH_DISCRIMINATOR_H

#include <stdint.h>

#include "base/random.h"

enum { DISCRIMINATOR_WIDTHS = 4 };

typedef struct discriminator_shape {
  int vocabulary, embedding, filters, hidden, condition;
} discriminator_shape;

int64_t discriminator_count(const discriminator_shape *s);
void discriminator_initialise(const discriminator_shape *s, uint64_t seed, float *block);

typedef struct discriminator_batch {
  int texts, steps;
  const int32_t *token;   /* [N, T], padded with anything */
  const int32_t *length;  /* [N], 1 … T */
  const float *condition; /* [N, C] */
  const float *label;     /* [N]: 1 written by a person, 0 sampled; values between smooth. NULL when only scoring */
  float dropout;          /* of the pooled values; 0 in evaluation */
  uint64_t seed;          /* of the dropout masks, with ids[n] and step */
  const uint64_t *ids;    /* [N]; NULL without dropout */
  uint32_t step;
} discriminator_batch;

/* Floats of scratch memory for texts of up to `steps` tokens. */
int64_t discriminator_scratch(const discriminator_shape *s, int steps);

/* Sum of the texts' cross-entropies in nats; adds its gradient to `gradient` unless that is NULL. */
double discriminator_loss(const discriminator_shape *s, const float *block, const discriminator_batch *b,
                          float *gradient, float *scratch);

/* score [N]: log-odds that a person wrote the text. */
void discriminator_score(const discriminator_shape *s, const float *block, const discriminator_batch *b, float *score,
                         float *scratch);

#endif
