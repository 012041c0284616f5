/* One user's pool of candidates, ranked by a weighted sum of scores: how good the ranking is, for many weights in turn.
 * Of equal sums the earlier candidate stands first. */
#ifndef MATH_POOL_H
#define MATH_POOL_H

#include <stdint.h>

/* sum [count] = (added ? sum : 0) + weight × value */
void pool_add(const float *value, int count, float weight, int added, float *sum);

/* discount [top]: 1 / log2(p + 2) of place p from 0 on. */
void pool_discount(int top, double *discount);

/* Σ over hits (places of the pool that hold a target) of the discount of their place, when the pool is ranked by base +
 * weight × value, as far as it is below `top`: what NDCG divides by its ideal.
 *   base, value [count]; hit [hits]; discount [top]; scratch [count] */
double pool_gain(const float *base, const float *value, float weight, int count, const int32_t *hit, int hits,
                 const double *discount, int top, float *scratch);

/* The sum of the first min(hits, top) discounts. */
double pool_ideal(int64_t hits, const double *discount, int top);

#endif
