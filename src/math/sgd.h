/* Plain gradient descent, and the mean of its weights (Polyak and Juditsky 1992). */
#ifndef MATH_SGD_H
#define MATH_SGD_H

#include "math/adam.h"

/* One step: block −= rate × scale × gradient, after the decay of adam_options. */
void sgd_step(float *block, const float *gradient, int64_t count, const adam_options *options);

/* mean [count] of `steps` blocks, of which this is the last; 1 starts anew. */
void sgd_average(float *mean, const float *block, int64_t count, int64_t steps);

#endif
