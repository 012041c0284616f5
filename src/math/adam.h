/* AdamW (Kingma and Ba 2015; Loshchilov and Hutter 2019) and clipping. */
#ifndef MATH_ADAM_H
#define MATH_ADAM_H

#include <stdint.h>

typedef struct adam_options {
  double rate;  /* of this step, schedule applied */
  double decay; /* decoupled: each step multiplies a parameter by 1 − rate × decay */
  double scale; /* the gradient is multiplied by it: 1 / tokens, and clipping */
} adam_options;

/* Euclidean norm, summed in double in an order that `count` alone decides. */
double adam_norm(const float *gradient, int64_t count);

/* What the gradient must be scaled by so that its norm is at most `clip` (0: no limit) after division by `divisor`. */
double adam_clip(double norm, double divisor, double clip);

/* One step; beta1 0.9, beta2 0.99, epsilon 1e-8.
 *   step        1 for the first
 *   first, second  [count] moments, 0 before the first step */
void adam_step(float *block, const float *gradient, float *first, float *second, int64_t count, int64_t step,
               const adam_options *options);

/* The learning rate's share of its peak: a linear rise over `warmup` of all steps, then half a cosine down to 2 %. */
double adam_schedule(int64_t step, int64_t steps, double warmup);

#endif
