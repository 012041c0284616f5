/* What the passes over a batch share: the memory that the forward pass leaves for the backward pass, and the steps of
 * both. Private to the writer (generator*.c). */
#ifndef MATH_GENERATOR_PASS_H
#define MATH_GENERATOR_PASS_H

#include "math/generator.h"
#include "math/kernel.h"

/* Rows of logits that exist at a time: 128 × 2,500 floats stay in a core's second-level cache. */
enum { GENERATOR_LOGIT_ROWS = 128 };

/* A mask of dropout. */
typedef struct generator_mask {
  float share; /* dropped; 0: there is no mask */
  int width, per_step;
  float *kept; /* [N, width], or [T·N, width] where it is drawn for each step */
} generator_mask;

typedef struct generator_pass {
  const generator_shape *shape;
  const generator_batch *batch;
  generator_parameters p;
  const float *recurrent[GENERATOR_LAYERS_MOST];  /* U, or what dropout leaves of it */
  float *thinned[GENERATOR_LAYERS_MOST];          /* [H, 4H]: what dropout leaves of U; NULL without */
  float *token_kept;                              /* [V]: factor of each row of the embedding; NULL: all 1 */
  generator_mask mask[1 + GENERATOR_LAYERS_MOST]; /* of embedded tokens, then of each layer's states */
  float *embedded;                                /* [T·N, E], with dropout */
  float *base[GENERATOR_LAYERS_MOST];             /* [N, 4H]: gate bias of each sequence; later its gradient */
  float *gates[GENERATOR_LAYERS_MOST];            /* [T·N, 4H]: activations, later gradients */
  float *cell[GENERATOR_LAYERS_MOST];             /* [(T+1)·N, H]: row block 0 is the state before the first token */
  float *state[GENERATOR_LAYERS_MOST];            /* [(T+1)·N, H], likewise */
  float *dropped[GENERATOR_LAYERS_MOST];          /* [T·N, H]: states after dropout; without it, part of `state` */
  float *d_dropped, *d_input;                     /* [T·N, max(E, H)] */
  float *d_hidden, *d_cell;                       /* [N, H] */
  float *logits;                                  /* [LOGIT_ROWS, V] */
  float *top, *d_top;                             /* [LOGIT_ROWS, max(E, H)] */
  float *rows;                                    /* [LOGIT_ROWS, H] */
  float *turned;                                  /* [4H, H]: a layer's recurrent matrix, transposed; its gradient */
  /* with facts */
  float *read;                         /* [T·N, D]: the reading gate, later the gradient of its product */
  float *facts;                        /* [(T+1)·N, D]: d; row block 0 is before the first token */
  float *d_facts;                      /* [T·N, D]: gradient of d but for what later steps do with it */
  float *d_carried;                    /* [N, D]: that */
  float *extra[GENERATOR_LAYERS_MOST]; /* [T·N, H]: tanh(F d), later the gradient of F d */
} generator_pass;

static inline int generator_input_width(const generator_shape *s, int layer) {
  return layer == 0 ? s->embedding : s->hidden;
}

/* Columns of the softmax weights. */
static inline int generator_top_width(const generator_shape *s) { return s->untied ? s->hidden : s->embedding; }

/* C [m, n] = op(A) op(B) + beta C, all row-major and dense. */
void generator_product(int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b,
                       float beta, float *c);

/* Room for the masks of a batch; then their numbers. */
void generator_dropout_lay_out(generator_pass *w, kernel_scratch *scratch);
void generator_dropout_draw(generator_pass *w);

/* Adds `thinned` [H, 4H], a gradient of the U that was used, to that of U. */
void generator_dropout_recurrent(const generator_pass *w, int layer, const float *thinned, float *gradient);

/* The mask's rows of step t; NULL: all 1. */
const float *generator_dropout_at(const generator_pass *w, int place, int t);

void generator_forward(generator_pass *w);

/* Losses of all targets; with `g` also the gradient of the softmax, and of the last layer's dropped states in
 * d_dropped. */
double generator_output(generator_pass *w, generator_parameters *g, float *token_loss);

/* From d_dropped down to the embedding. */
void generator_backward(generator_pass *w, generator_parameters *g);

/* Facts. Forward: the reading gate's part that needs no earlier step; a step of the first layer, before its cell; the
 * cell input of a later layer. */
void generator_facts_begin(generator_pass *w);
void generator_facts_step(generator_pass *w, int t);
void generator_facts_layer(generator_pass *w, int layer);

/* What facts add to the loss; its gradient goes into d_facts where `learn`. */
double generator_facts_loss(generator_pass *w, int learn);

/* Backward: the parameters F of a layer and what its cells do with d, once `extra` holds gradients; a step of the first
 * layer after its cell, in reverse order; the parameters of the reading gate, after all steps. */
void generator_facts_layer_back(generator_pass *w, int layer, generator_parameters *g);
void generator_facts_step_back(generator_pass *w, int t);
void generator_facts_end(generator_pass *w, generator_parameters *g);

/* What the regularisers of the last layer's states add to the loss; gradients go into d_dropped where `learn`. */
double generator_penalty(generator_pass *w, int learn);

/* Gradient of the slowness term by the states of step t, added to d_hidden. */
void generator_penalty_step(generator_pass *w, int t);

#endif
