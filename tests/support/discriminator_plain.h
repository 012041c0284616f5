/* The slow, obvious twin of math/discriminator: loops in double, no dropout. */
#ifndef SUPPORT_DISCRIMINATOR_PLAIN_H
#define SUPPORT_DISCRIMINATOR_PLAIN_H

#include "math/discriminator.h"

/* As discriminator_loss without gradient; parameters in double, in the same order. */
double discriminator_plain_loss(const discriminator_shape *s, const double *block, const discriminator_batch *b);

#endif
