/* Eigenvalues and eigenvectors of a symmetric matrix (LAPACK dsyevd). */
#ifndef MATH_SYMMETRIC_H
#define MATH_SYMMETRIC_H

#include <stdint.h>

#include "base/status.h"

/* Doubles and ints of scratch for symmetric_eigen. */
int64_t symmetric_scratch(int width);
int64_t symmetric_scratch_int(int width);

/* matrix [width, width] becomes the eigenvectors, one a row, of ascending eigenvalues values [width]. Signs, and bases
 * of repeated values, are LAPACK's choice: what several ranks need is computed on one and broadcast. Fails: STATUS_BUG
 * where it does not converge (a value that is no number). */
status symmetric_eigen(int width, double *matrix, double *values, double *scratch, int *scratch_int);

#endif
