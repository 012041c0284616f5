/* Loops over vectors of floats that several models share. No overlap, except where `out` is also an operand. */
#ifndef MATH_VECTORS_H
#define MATH_VECTORS_H

#include <stdint.h>

/* out = x × y, entry by entry. */
void vectors_multiply(float *out, const float *x, const float *y, int64_t count);

/* out += x */
void vectors_add(float *out, const float *x, int64_t count);

/* out += by × x */
void vectors_add_scaled(float *out, float by, const float *x, int64_t count);

/* out += x × y, entry by entry. */
void vectors_add_product(float *out, const float *x, const float *y, int64_t count);

#endif
