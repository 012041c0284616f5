/* How the tables of ALS come to the ranks that read them.
 *
 * Gather and rows move a table once per half-sweep to each node and give the same bits as each other: which of them is
 * used is decided by the bytes of the ranks that are there. Stationary sums in another order, so it is decided by the
 * shape of the data alone: it moves about 2 (steps + 2) item tables per sweep whatever the number of users, keeps one
 * order of the interactions only, and has to clear and add an item table for each logical partition of the users. */
#ifndef RECOMMEND_ALS_EXCHANGE_H
#define RECOMMEND_ALS_EXCHANGE_H

#include "recommend/als_model.h"

/* Stationary is chosen where the users' table is so many bytes, which a node should not have to hold and receive, and
 * so many times what stationary moves: on one node nothing has to move, and gather costs less. */
#define ALS_EXCHANGE_BYTES ((int64_t)4 << 30)
enum { ALS_EXCHANGE_FACTOR = 4 };

/* Local. Also where users are too many for their numbers in a row of interactions.
 *   row_bytes  of both tables */
int als_exchange_is_stationary(als_model_exchange exchange, int64_t users, int64_t items, int64_t row_bytes, int steps);

/* Collective. Deals the items to ranks by interactions [items], takes both tables, and turns the interactions for the
 * half-sweeps of the items. */
status als_exchange_create(als_model *m, const int64_t *interactions);

#endif
