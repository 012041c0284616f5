/* What the passes over a batch share: the memory that the forward pass leaves for the backward pass, and the steps of
 * both. Private to the writer (generator*.c). */
#ifndef MATH_GENERATOR_PASS_H
#define MATH_GENERATOR_PASS_H

#include "math/generator.h"
#include "math/kernel.h"

/* Rows of logits, or of exponentials, that exist at a time: the more, the less often the softmax weights are packed and
 * their gradient is read. */
enum { GENERATOR_BLOCK_ROWS = 384 };

/* Weights and, where they are packed, their operands of bf16 products: ahead a · M, back a · Mᵀ. */
typedef struct generator_matrix {
  int depth, width;
  const float *plain; /* [depth, width]; of the softmax [width, depth] */
  const uint16_t *ahead, *back;
} generator_matrix;

/* A block of the softmax in bf16; R rows. */
typedef struct generator_rounded {
  uint16_t *left, *right;      /* [R, V]: exponentials, packed both ways */
  uint16_t *top, *scaled;      /* [R, top width]: what multiplies the weights, as left and, scaled, as right operand */
  float *sums, *shift, *scale; /* [R × 16], [R], [R] */
} generator_rounded;

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
  generator_matrix input[GENERATOR_LAYERS_MOST];
  generator_matrix recurrent[GENERATOR_LAYERS_MOST]; /* U, or what dropout leaves of it */
  generator_matrix projection, top;
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
  float *logits;                                  /* [block of the softmax, V] */
  float *top_states, *d_top;                      /* [block of the softmax, max(E, H)] */
  float *rows;                                    /* [block of the softmax, H] */
  float *turned;                                  /* [4H, H]: a layer's recurrent matrix, transposed; its gradient */
  /* with facts */
  float *read;                         /* [T·N, D]: the reading gate, later the gradient of its product */
  float *facts;                        /* [(T+1)·N, D]: d; row block 0 is before the first token */
  float *d_facts;                      /* [T·N, D]: gradient of d but for what later steps do with it */
  float *d_carried;                    /* [N, D]: that */
  float *extra[GENERATOR_LAYERS_MOST]; /* [T·N, H]: tanh(F d), later the gradient of F d */
  /* with bf16 products */
  uint16_t *left, *outer_left, *outer_right; /* operands of the product at hand */
  generator_rounded rounded;
  /* the right operand of products over all rows */
  int outer_rows, outer_width;
  const float *outer_plain;
} generator_pass;

static inline int generator_input_width(const generator_shape *s, int layer) {
  return layer == 0 ? s->embedding : s->hidden;
}

/* Columns of the softmax weights. */
static inline int generator_top_width(const generator_shape *s) { return s->untied ? s->hidden : s->embedding; }

/* Names the matrices: plain, and packed where the batch has packs. */
void generator_pack_matrices(generator_pass *w);

/* Room for operands of bf16 products. */
void generator_products_lay_out(generator_pass *w, kernel_scratch *scratch);

/* out [rows, width] = a [rows, depth] · M, or += where `add`. */
void generator_ahead(const generator_pass *w, int rows, const float *a, const generator_matrix *m, int add, float *out);

/* out [rows, depth] = a [rows, width] · Mᵀ */
void generator_back(const generator_pass *w, int rows, const float *a, const generator_matrix *m, float *out);

/* out [rows, depth] += a [rows, width] · Mᵀ for a few rows at a time, after generator_turn of this matrix. */
void generator_turn(const generator_pass *w, const generator_matrix *m);
void generator_back_step(const generator_pass *w, int rows, const float *a, const generator_matrix *m, float *out);

/* out [width, width of b] += aᵀ · b: first b [rows, width], then each a [rows, width]. */
void generator_outer_right(generator_pass *w, int rows, int width, const float *b);
void generator_outer(const generator_pass *w, int width, const float *a, float *out);

/* The softmax in bf16 of `count` rows of top_states, which belong to rows `row` of the batch: room;
 * losses; then gradients, that of top_states in d_top. */
void generator_rounded_lay_out(generator_pass *w, kernel_scratch *scratch);
double generator_rounded_loss(generator_pass *w, const int *row, int count, float *token_loss);
void generator_rounded_back(generator_pass *w, const int *row, int count, generator_parameters *g);

/* C [m, n] = op(A) op(B) + beta C, all row-major and dense, in f32. */
void generator_product(int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b,
                       float beta, float *c);

/* Room for the masks of a batch; then their numbers. */
void generator_dropout_lay_out(generator_pass *w, kernel_scratch *scratch);
void generator_dropout_draw(generator_pass *w);

/* out [H, 4H]: U after dropout. */
void generator_dropout_thin(const generator_pass *w, int layer, float *out);

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
