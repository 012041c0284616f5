/* Many uniform numbers at a time: those of base/random.h, several blocks of Philox beside each other. */
#ifndef MATH_UNIFORM_H
#define MATH_UNIFORM_H

#include "base/random.h"

/* out [count]: what random_unit gives one after another, from a stream that nothing was drawn from yet. */
void uniform_fill(random_stream r, float *out, int64_t count);

#endif
