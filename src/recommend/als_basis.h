/* The eigenbasis that a half-sweep of ALS works in. */
#ifndef RECOMMEND_ALS_BASIS_H
#define RECOMMEND_ALS_BASIS_H

#include "recommend/als_model.h"

/* Collective. Turns both tables into the eigenbasis of the Gram matrix of the items (for users), or of the users (for
 * items), and takes its eigenvalues into the base of the side that is solved next. Each rank turns its own rows; where
 * users are stationary the items are turned on every node. */
status als_basis_for_users(als_model *m);
status als_basis_for_items(als_model *m);

/* Collective. The same of the users, but nothing is turned: m->values and m->vectors. */
status als_basis_of_users(als_model *m);

/* Local. The first row of block b. */
int64_t als_basis_block(const als_model *m, int b);

#endif
