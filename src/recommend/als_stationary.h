/* The items' half-sweep without moving users: conjugate gradients on all items at once. Each logical partition of users
 * adds its part of the residual, of the diagonal, and in each step of the product, for all items; the parts are summed
 * in one fixed tree, and the ranks of a node share the descent on the table that stands there. */
#ifndef RECOMMEND_ALS_STATIONARY_H
#define RECOMMEND_ALS_STATIONARY_H

#include "recommend/als_model.h"

/* Collective. Fails: STATUS_BUG (memory). */
status als_stationary_create(als_model *m);

/* Collective. In the basis for items. */
status als_stationary_solve(als_model *m);

/* Collective. */
void als_stationary_free(als_stationary *s);

#endif
