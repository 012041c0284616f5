/* The rows of als_solve_rows solved to the last bit by Cholesky's decomposition in double: slower by the square of the
 * width, and right whatever the weights. For rows that conjugate gradients leave unfinished, and to hold them against.
 */
#ifndef MATH_ALS_EXACT_H
#define MATH_ALS_EXACT_H

#include "math/als.h"

/* Doubles of scratch for als_exact_row. */
int64_t als_exact_scratch(int stride);

/* Solves row `r`: base [stride], row [stride]; frozen columns of it stay. A column that nothing determines
 * (lambda and base 0, no interaction) becomes 0. */
void als_exact_row(const als_interactions *m, int32_t r, const float *other, int stride, const float *base,
                   float lambda, float *row, double *scratch);

#endif
