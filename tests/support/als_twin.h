/* The slow, obvious twins of math/als: every pair is looked at, every matrix is formed. */
#ifndef SUPPORT_ALS_TWIN_H
#define SUPPORT_ALS_TWIN_H

#include "math/als.h"

/* Solves (α₀ Σ_all z zᵀ + λ I + Σ w z zᵀ) x = Σ w t z by Gaussian elimination in double, in the basis in which the
 * table of `items` rows stands; only the first `width` columns are solved, and columns [width, width + frozen) of row
 * keep their values. Of a table with α₀ 0 the first sum is left out. */
void als_twin_user(const als_interactions *m, int32_t u, const float *item, int32_t items, int width, int frozen,
                   int stride, double unobserved, double lambda, double *row);

/* The same system after `steps` steps of conjugate gradients from `row` on, preconditioned by its diagonal, as
 * textbooks have it: with the whole matrix, in double. base [stride] and lambda as als_solve_rows takes them. */
void als_twin_conjugate(const als_interactions *m, int32_t u, const float *item, int width, int stride,
                        const float *base, double lambda, int steps, double *row);

/* Σ_seen w (t − x·y)² + α₀ Σ_all (x·y)² + Σ λ_u |x|² + Σ λ_i |y|², over the first `width` columns. */
double als_twin_loss(const als_interactions *m, const float *user, const float *item, int32_t items, int width,
                     int stride, double unobserved, const float *user_lambda, const float *item_lambda);

#endif
