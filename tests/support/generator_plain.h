/* The slow, obvious twin of math/generator: one sequence, one step and one cell at a time, in double. */
#ifndef SUPPORT_GENERATOR_PLAIN_H
#define SUPPORT_GENERATOR_PLAIN_H

#include "math/generator.h"

/* As generator_loss without gradient; parameters in double, in the same order. */
double generator_plain_loss(const generator_shape *s, const double *block, const generator_batch *b);

#endif
