/* The slow, obvious twin of math/generator: one sequence, one step and one cell at a time, in double. */
#ifndef SUPPORT_GENERATOR_PLAIN_H
#define SUPPORT_GENERATOR_PLAIN_H

#include "math/generator.h"

enum { GENERATOR_PLAIN_WIDE = 64 };

/* As generator_loss without gradient; parameters in double, in the same order. No width is above GENERATOR_PLAIN_WIDE.
 *   end  [L][2][N, H], as in the batch, or NULL */
double generator_plain_loss(const generator_shape *s, const double *block, const generator_batch *b, double *end);

#endif
