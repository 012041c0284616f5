/* The Rayleigh-Ritz step: the best eigenvectors of a symmetric matrix W within the span of a few given columns. */
#ifndef MATH_RITZ_H
#define MATH_RITZ_H

#include <stdint.h>

#include "base/status.h"

enum { RITZ_BLOCK = 128 /* rows of a block of ritz_gram */ };

/* out [width, width] += Xᵀ Y, in double; x and y [rows, width].
 *   scratch [2, RITZ_BLOCK, width] */
void ritz_gram(int32_t rows, int width, const float *x, const float *y, double *out, double *scratch);

/* Doubles and ints of scratch for ritz_solve. */
int64_t ritz_scratch(int width);
int64_t ritz_scratch_int(int width);

/* From gram = XᵀX and product = XᵀWX: rows of `vectors` [width, width] are combinations of the columns of X that are
 * orthonormal and in whose basis W is diagonal, `values` [width] descending. Where X has fewer independent columns,
 * some rows and values are 0. Signs are LAPACK's choice: one rank solves for all. Fails: STATUS_BUG, as
 * symmetric_eigen. */
status ritz_solve(int width, const double *gram, const double *product, float *vectors, double *values, double *scratch,
                  int *scratch_int);

#endif
