/* The two tables of ALS over the ranks, and their half-sweeps: each rank holds the factors of its own users; the item
 * table stands once per node. The result has the same bits on any number of ranks. */
#ifndef STAGES_FACTORISE_MODEL_H
#define STAGES_FACTORISE_MODEL_H

#include "comm/tree_sum.h"
#include "comm/window.h"
#include "stages/checkpoint.h"
#include "stages/factorise_input.h"

/* One of this rank's logical partitions. */
typedef struct factorise_part {
  als_interactions seen;
  float *user;   /* [count, stride] */
  float *lambda; /* [count] */
  float *left;   /* [count], what als_solve_rows left */
} factorise_part;

typedef struct factorise_model {
  const stage *stage;
  arena *arena;
  int is_ratings;
  int32_t items;
  int width, stride, steps;
  double unobserved, mean;
  int first, count; /* logical partitions of this rank */
  int user_parts, item_parts;
  factorise_part *part;         /* [count] */
  window *shared;               /* holds item and direction */
  float *item;                  /* [items, stride], of the node */
  float *item_lambda;           /* [items] */
  float *user_base, *item_base; /* [stride] */
  als_descent descent;          /* on the rank that writes the window */
  float *summed;                /* [items, 2 × stride] */
  tree_sum *gram_sum, *item_gram_sum, *residual_sum, *product_sum, *loss_sum;
  double *gram, *values, *wide; /* eigenvectors and scratch */
  int *ints;
  float *vectors, *scratch;
} factorise_model;

/* Collective. Draws the item factors; user factors are 0. Everything but the window lives in `a`. */
status factorise_model_create(const stage *s, const factorise_input *in, factorise_goal goal, int train, arena *a,
                              factorise_model *out);

/* Local. All that the next half-sweep starts from; tables are saved in the basis in which they stand. Whoever restores
 * it must fence the window. */
status factorise_model_state(const factorise_model *m, checkpoint_state *out);

/* Collective. NULL members are allowed. */
void factorise_model_free(factorise_model *m);

/* Collective. Solves all users against the items, or all items against the users. */
status factorise_model_users(factorise_model *m);
status factorise_model_items(factorise_model *m);

/* Collective. What the last factorise_model_users left: the loss that both half-sweeps lower. */
status factorise_model_loss(factorise_model *m, double *loss);

/* Local. Solves exactly, by Cholesky, the users whose gradient conjugate gradients left above a ten-thousandth of where
 * it stood. */
status factorise_model_finish(factorise_model *m, int64_t *exact);

#endif
