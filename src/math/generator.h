/* The writer: a conditional LSTM language model. Legend: V vocabulary, E embedding, H hidden, L layers, C condition,
 * D facts, N sequences, T time steps (tokens, <s> excluded, </s> included).
 *
 * Parameters are one contiguous block, so that one reduction, one optimiser loop and one write serve all of them:
 *   embedding [V, E], and per layer l: W [E or H, 4H], U [H, 4H], b [4H] (gates in the order input, forget, output,
 *   candidate), condition projection P [C, 4H] (added to the gates of every layer's bias once per sequence: [C, L·4H]),
 *   and, with facts, F [D, H]; with facts the reading gate W_r [E, D], U_r [H, D], b_r [D]; output projection [H, E]
 *   where H != E and the softmax is tied; softmax weights [V, H] where it is not; output bias [V].
 * Tied: the softmax weights are the embedding (Press and Wolf 2017).
 *
 * Facts (Wen et al., "Semantically conditioned LSTM-based natural language generation", EMNLP 2015): a vector d of what
 * is still to be said. A reading gate of the token and of the first layer's state before it lets go of what is said,
 *   r_t = sigmoid(W_r x_t + U_r h_{t-1} + b_r), d_t = r_t d_{t-1},
 * and every layer's cell is c_t = f c_{t-1} + i g + tanh(F d_t). D = 0 is the plain cell. */
#ifndef MATH_GENERATOR_H
#define MATH_GENERATOR_H

#include <stdint.h>

#include "base/random.h"
#include "math/model_hook.h"

typedef struct generator_shape {
  int vocabulary, embedding, hidden, layers, condition;
  int facts;  /* D; 0: none */
  int untied; /* 1: softmax weights of their own */
} generator_shape;

enum { GENERATOR_LAYERS_MOST = 4 };

/* Named places in the parameter block. */
typedef struct generator_parameters {
  float *embedding;                        /* [V, E] */
  float *input[GENERATOR_LAYERS_MOST];     /* [L] of [E or H, 4H] */
  float *recurrent[GENERATOR_LAYERS_MOST]; /* [L] of [H, 4H] */
  float *bias[GENERATOR_LAYERS_MOST];      /* [L] of [4H] */
  float *condition[GENERATOR_LAYERS_MOST]; /* [L] of [C, 4H] */
  float *facts[GENERATOR_LAYERS_MOST];     /* [L] of [D, H] */
  float *read_input;                       /* [E, D] */
  float *read_recurrent;                   /* [H, D] */
  float *read_bias;                        /* [D] */
  float *projection;                       /* [H, E]; NULL where H == E, and where the softmax is untied */
  float *output;                           /* [V, H] where it is untied, else the embedding [V, E] */
  float *output_bias;                      /* [V] */
} generator_parameters;

int64_t generator_count(const generator_shape *s);

/* Points into a block of generator_count(s) floats (parameters or their gradient). */
generator_parameters generator_at(const generator_shape *s, float *block);

/* The block in buckets whose gradients become final one after another, in the order 2 + L, 1 + L, L, …, 1, 0:
 * embedding; each layer; reading gate; what the softmax alone uses. start [GENERATOR_BUCKETS_MOST + 1], to the end of
 * the last. Returns how many. */
enum { GENERATOR_BUCKETS_MOST = GENERATOR_LAYERS_MOST + 3 };
int generator_buckets(const generator_shape *s, int64_t *start);

/* Draws initial parameters; forget-gate bias 1, condition projections 0, reading-gate bias 2 (little is let go of). */
void generator_initialise(const generator_shape *s, uint64_t seed, float *block);

/* Shares dropped while learning; what is kept is scaled up, so that expectations stay. 0 in evaluation. */
typedef struct generator_dropout {
  float token;     /* whole rows of the embedding, in its part as input: the same rows in all of an optimiser step */
  float input;     /* embedded tokens */
  float between;   /* states between layers */
  float output;    /* states before the softmax */
  float recurrent; /* entries of U, the same in all of an optimiser step (Merity et al. 2018: weight drop) */
  int per_step;    /* masks of input, between and output: 0 one per sequence (variational; Gal and Ghahramani 2016);
                      1 one per time step (Zaremba et al. 2014) */
} generator_dropout;

/* The same share of input, between and output, variational. */
generator_dropout generator_dropout_even(float share);

/* A lane of a minibatch: N sequences, padded to T. Fields that are not named are 0: none of it. */
typedef struct generator_batch {
  int sequences, steps;
  const int32_t *input;   /* [T, N]: <s> and the tokens; padding is any token */
  const int32_t *target;  /* [T, N]: the tokens and </s>; -1: padding, no loss */
  const float *condition; /* [N, C] */
  const float *weight;    /* [T, N] of each target's loss (a reward in policy gradient), or NULL: 1 */
  generator_dropout dropout;
  uint64_t seed;       /* of the dropout masks, with ids[n] and step; of the masks of a whole step, with step alone */
  const uint64_t *ids; /* [N], names of the sequences; NULL without dropout of sequences */
  uint32_t step;       /* an optimiser step of its own where dropout has token or recurrent */
  const float *facts;  /* [N, D], each >= 0: d before the first token */
  /* Added to the loss of each sequence, after the authors' code: */
  float facts_left; /* times the sum of d after the last target */
  float facts_jump; /* times sum over steps and facts of 100^(d_{t-1} - d_t); 1e-4 in the paper */
  /* Running text: states [L][2][N, H], the cell, then the hidden state of each layer. No gradient goes into `start`. */
  const float *start; /* before the first step; NULL: 0 */
  float *end;         /* after the last step; NULL: not asked for; may be `start` */
  /* Regularisers of the last layer's states (Merity et al. 2018), added to the loss of each target:  */
  float activation;       /* times the mean square of the state after dropout */
  float slowness;         /* times the mean square of its change since the step before, from the second step on */
  const model_hook *hook; /* told of the gradient's buckets; NULL: nobody */
  const uint16_t *packed; /* the weights of the step by generator_pack, for bf16 products; NULL: f32 */
} generator_batch;

/* Products of operands rounded to bf16, with sums, parameters and gradients in f32: about twice as fast where the CPU
 * has them. Numbers of a pack; 0 where it has not. */
int64_t generator_pack_count(const generator_shape *s);

/* Packs the weights once for all batches of an optimiser step; of `b`, dropout, seed and step count.
 *   scratch  [4H · H] */
void generator_pack(const generator_shape *s, const float *block, const generator_batch *b, float *scratch,
                    uint16_t *packed);

/* Floats of scratch memory that a batch needs: of it, sequences, steps, dropout and whether it is packed count. */
int64_t generator_scratch(const generator_shape *s, const generator_batch *b);

/* Sum over targets of weight × −log p, in nats, and what facts and regularisers add; adds its gradient to `gradient`
 * unless that is NULL.
 *   scratch   [generator_scratch(s, b)]
 *   token_loss  [T, N] −log p of each target, or NULL */
double generator_loss(const generator_shape *s, const float *block, const generator_batch *b, float *gradient,
                      float *token_loss, float *scratch);

#endif
