/* The table that a half-sweep reads, rounded to bfloat16, once per node: half the bytes to fetch, as rows are read in
 * the order of events. Ratings are read as they stand, as their rows hold biases and the mean. */
#ifndef RECOMMEND_ALS_PACKED_H
#define RECOMMEND_ALS_PACKED_H

#include "recommend/als_model.h"

/* Collective. After the tables. Fails: STATUS_BUG (memory). */
status als_packed_create(als_model *m);

/* Collective over the node. Packs what it holds of a table: nobody may still read what was packed before. */
void als_packed_fill(als_model *m, const node_table *other);

/* Local. als_solve_rows against the table that was filled in last, or of ratings against `other`. */
void als_packed_solve(const als_model *m, const als_interactions *rows, const float *other, const float *base,
                      const float *lambda, float *solution, float *left);

#endif
