/* The two tables of ALS over the ranks, and their half-sweeps. Both tables stand once per node (comm/node_table.h):
 * users belong to the rank of their logical partition, items are dealt to ranks by their interactions. The result has
 * the same bits on any number of ranks.
 *
 * Ranking (implicit; Hu, Koren and Volinsky 2008, Rendle et al. 2021): fitted to history.seen with its weights.
 * Ratings (explicit; ALS-WR, Zhou et al. 2008, with biases and the mean): fitted to history.rated with its targets. A
 * user's row is [factor, bias, 1, mean], an item's [factor, 1, bias, 1], so that x·y predicts the rating.
 *
 * A half-sweep reads the other side's table: all of it is brought to each node (gather), or the rows that its ranks
 * need (rows). Items can also be solved without moving users (stationary): conjugate gradients on all items at once,
 * whose products are summed over the users of all ranks. See recommend/als_exchange.h for what is chosen when. */
#ifndef RECOMMEND_ALS_MODEL_H
#define RECOMMEND_ALS_MODEL_H

#include "base/settings.h"
#include "comm/node_table.h"
#include "comm/tree_sum.h"
#include "comm/window.h"
#include "recommend/history.h"

typedef enum als_model_goal { ALS_MODEL_RANKING, ALS_MODEL_RATINGS } als_model_goal;

/* In the order of the setting als.exchange. */
typedef enum als_model_exchange {
  ALS_MODEL_AUTO,
  ALS_MODEL_GATHER,
  ALS_MODEL_ROWS,
  ALS_MODEL_STATIONARY
} als_model_exchange;

typedef struct als_model_options {
  als_model_goal goal;
  int width, steps;      /* of a factor; of conjugate gradients per half-sweep */
  double unobserved;     /* α₀; 0: none for ratings, else as the density of the data has it */
  double regularisation; /* λ, scaled by (interactions + α₀ × rows of the other side)^exponent */
  double exponent;
  als_model_exchange exchange;
  double prior; /* weight of what features say of factors (recommend/als_prior.h); 0: none */

  /* Warm start: [items], rows of an earlier model, [width] and for ratings the bias, in any basis; NULL: an item that
   * it did not hold. NULL altogether: a cold start. */
  const float *const *start;
} als_model_options;

/* One of this rank's logical partitions. */
typedef struct als_model_part {
  const als_interactions *seen;
  float *user;   /* [seen->count, stride] */
  float *lambda; /* [seen->count] */
  float *left;   /* [seen->count], what als_solve_rows left */
} als_model_part;

/* What the exchange moves between nodes, over all of them, and what this rank has sent. */
typedef struct als_model_traffic {
  int is_stationary;
  node_table_bytes items, users;  /* tables that the half-sweeps of users and items read; users: not of stationary */
  int64_t stationary;             /* that the sums of a stationary half-sweep move, or would */
  int64_t sent_users, sent_items; /* by this rank in the last half-sweep of each side, on its node too */
} als_model_traffic;

typedef struct als_stationary als_stationary; /* recommend/als_stationary.h */
typedef struct als_prior als_prior;           /* recommend/als_prior.h */

typedef struct als_model {
  const history *history;
  als_model_options options;
  arena *arena;
  int is_ratings, width, stride; /* column `width` is a user's bias, the next an item's */
  double mean;                   /* of the ratings */
  int64_t users_with_interactions;
  als_model_part *part;         /* [history->count] */
  float *item;                  /* [items, stride], of the node */
  float *item_lambda;           /* [items] */
  float *user_base, *item_base; /* [stride] */

  node_table *items, *users;
  window *packed;                      /* what a half-sweep reads (recommend/als_packed.h); NULL: of ratings */
  const float *user;                   /* of the node, by node_table_place */
  int64_t *item_start;                 /* [size + 1]: items of each rank */
  int64_t *user_start;                 /* [size + 1]: users of each rank */
  int32_t block_rows;                  /* items stand in blocks, the unit of sums over them, … */
  int blocks, first_block, last_block; /* … of which [first, last) are this rank's */
  als_interactions taken;              /* items of this rank by users, as they stand in `user` */
  als_stationary *stationary;          /* NULL: gather or rows */
  als_model_traffic traffic;
  als_prior *prior; /* NULL: rows are drawn to 0 */

  tree_sum *gram_sum, *item_gram_sum, *loss_sum, *item_loss_sum;
  double *gram, *values, *wide; /* eigenvectors and scratch */
  int *ints;
  float *vectors, *scratch;
} als_model;

/* Local. From the settings als.*. */
als_model_options als_model_options_of(const settings *s, als_model_goal goal);

/* Collective. Draws the item factors; user factors are 0. `h` must outlive the model; all but the tables lives in `a`.
 * Fails: STATUS_BUG (memory). */
status als_model_create(const history *h, const als_model_options *o, arena *a, als_model *out);

/* Local. What an item's row holds beside what is solved for: 1, of ratings. */
void als_model_set_item(const als_model *m, float *row);

/* Collective. NULL members are allowed. */
void als_model_free(als_model *m);

/* Collective. Solves all users against the items, or all items against the users. */
status als_model_users(als_model *m);
status als_model_items(als_model *m);

/* Collective. After a half-sweep of the users: m->item holds all items on each node, and those without interactions
 * what their features say of them. */
void als_model_complete(als_model *m);

/* Collective. What the last als_model_users left: the loss that both half-sweeps lower (of a prior, without what its A
 * costs). */
status als_model_loss(als_model *m, double *loss);

/* Collective. Solves exactly, by Cholesky, the users whose gradient conjugate gradients left above a ten-thousandth of
 * where it stood; adds their number on this rank. Users without interactions get what their features say of them. The
 * last step: no sweep may follow. */
status als_model_finish(als_model *m, int64_t *exact);

/* All that the next half-sweep starts from is item (once it is complete), user_base, item_base, and of each part user
 * and left. Whoever restores it writes `item` on the ranks that say 1 here, … */
int als_model_is_writer(const als_model *m);
/* … then calls this. Collective. */
void als_model_restored(als_model *m);

#endif
