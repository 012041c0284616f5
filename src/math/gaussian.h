/* Small dense Gaussians in double: factors of precision matrices, and draws from them. Matrices are [n, n], row-major,
 * symmetric; factors are lower triangles L with L × Lᵀ = A. Memory is the caller's. */
#ifndef MATH_GAUSSIAN_H
#define MATH_GAUSSIAN_H

#include "base/random.h"

/* a ← L, its upper triangle is left. Returns 0 where `a` is not positive definite. */
int gaussian_factor(int n, double *a);

/* x ← L⁻¹ x, or x ← L⁻ᵀ x. */
void gaussian_forward(int n, const double *factor, double *x);
void gaussian_backward(int n, const double *factor, double *x);

/* Draws from the Gaussian of precision L × Lᵀ and mean (L × Lᵀ)⁻¹ x, in place. */
void gaussian_draw(int n, const double *factor, random_stream *r, double *x);

/* Draws a precision matrix from the Wishart distribution of `freedom` > n − 1 degrees and scale (L × Lᵀ)⁻¹, by
 * Bartlett's decomposition (Odell and Feiveson 1966). out      [n, n], not a factor scratch  [n, n] */
void gaussian_wishart(int n, const double *factor, double freedom, random_stream *r, double *out, double *scratch);

#endif
