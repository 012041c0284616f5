/* The linear prior of ALS: what the features of an item (or user) say of its factor. A row is drawn to F A instead of
 * to 0, λ |y − F A|² in place of λ |y|², so that rows of few interactions lean on those of like features, and items
 * without any are placed at all. A is fitted to the factors before each half-sweep,
 *     min Σ λ_i |y_i − f_i A|² + (λ̄ / weight) |A|²   over rows with interactions, λ̄ their mean λ,
 * by conjugate gradients from 0 on, so that nothing of it has to be kept between sweeps. Of the solver's systems only
 * the right-hand sides change (irspack's feature-aware iALS has this form). */
#ifndef RECOMMEND_ALS_PRIOR_H
#define RECOMMEND_ALS_PRIOR_H

#include "recommend/als_model.h"

typedef enum als_prior_side { ALS_PRIOR_USERS, ALS_PRIOR_ITEMS } als_prior_side;

/* Collective. m->prior stays NULL where the options or the history ask for none. Fails: STATUS_BUG (memory). */
status als_prior_create(als_model *m);

/* Collective. Whether one of the sides has features. */
int als_prior_has(const als_model *m, als_prior_side side);

/* Collective. Fits A to the factors of a side as they stand, of all items on each node; where the side has no features,
 * nothing happens. Fails: STATUS_BUG (memory). */
status als_prior_fit(als_model *m, als_prior_side side);

/* Local. Turns A with the tables. */
void als_prior_turn(als_model *m);

/* Local. F A of rows [from, from + count) of the items, or of the users of this rank's partition `part`; or NULL where
 * the side has no features. Until the next call; at most ALS_PRIOR_ROWS rows. [count, m->stride] */
enum { ALS_PRIOR_ROWS = 256 };
const float *als_prior_rows(const als_model *m, als_prior_side side, int part, int64_t from, int32_t count);

/* Local. What the loss of these rows is more than with a prior of 0. */
double als_prior_loss(const als_model *m, als_prior_side side, int part, int64_t from, int64_t to);

/* Local. Rows [from, to) without interactions take their prior, once there is one. */
void als_prior_place(als_model *m, als_prior_side side, int part, int64_t from, int64_t to);

#endif
