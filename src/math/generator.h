/* The writer: a conditional LSTM language model. Legend: V vocabulary, E embedding, H hidden, L layers, C condition,
 * N sequences, T time steps (tokens, <s> excluded, </s> included).
 *
 * Parameters are one contiguous block, so that one reduction, one optimiser loop and one write serve all of them:
 *   embedding [V, E], and per layer l: W [E or H, 4H], U [H, 4H], b [4H] (gates in the order input, forget, output,
 *   candidate), condition projection P [C, 4H] (added to the gates of every layer's bias once per sequence: [C, L·4H]);
 *   output projection [H, E] where H != E; output bias [V]. The softmax weights are the embedding (tied; Press and Wolf
 *   2017). Dropout is variational: one mask per sequence and layer (Gal and Ghahramani 2016). */
#ifndef MATH_GENERATOR_H
#define MATH_GENERATOR_H

#include <stdint.h>

#include "base/random.h"

typedef struct generator_shape {
  int vocabulary, embedding, hidden, layers, condition;
} generator_shape;

/* Named places in the parameter block. */
typedef struct generator_parameters {
  float *embedding;    /* [V, E] */
  float *input[2];     /* [L] of [E or H, 4H] */
  float *recurrent[2]; /* [L] of [H, 4H] */
  float *bias[2];      /* [L] of [4H] */
  float *condition[2]; /* [L] of [C, 4H] */
  float *projection;   /* [H, E]; NULL where H == E */
  float *output_bias;  /* [V] */
} generator_parameters;

enum { GENERATOR_LAYERS_MOST = 2 };

int64_t generator_count(const generator_shape *s);

/* Points into a block of generator_count(s) floats (parameters or their gradient). */
generator_parameters generator_at(const generator_shape *s, float *block);

/* Draws initial parameters; forget-gate bias 1, condition projections 0. */
void generator_initialise(const generator_shape *s, uint64_t seed, float *block);

/* A lane of a minibatch: N sequences, padded to T. */
typedef struct generator_batch {
  int sequences, steps;
  const int32_t *input;   /* [T, N]: <s> and the tokens; padding is any token */
  const int32_t *target;  /* [T, N]: the tokens and </s>; -1: padding, no loss */
  const float *condition; /* [N, C] */
  const float *weight;    /* [T, N] of each target's loss (a reward in policy gradient), or NULL: 1 */
  float dropout;          /* share dropped; 0 in evaluation */
  uint64_t seed;          /* of the dropout masks, with ids[n] and step */
  const uint64_t *ids;    /* [N], names of the sequences */
  uint32_t step;
} generator_batch;

/* Floats of scratch memory that a batch needs. */
int64_t generator_scratch(const generator_shape *s, int sequences, int steps);

/* Sum over targets of weight × −log p, in nats; adds its gradient to `gradient` unless that is NULL.
 *   scratch   [generator_scratch(s, N, T)]
 *   token_loss  [T, N] −log p of each target, or NULL */
double generator_loss(const generator_shape *s, const float *block, const generator_batch *b, float *gradient,
                      float *token_loss, float *scratch);

#endif
