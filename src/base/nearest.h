/* Which known word a wrong one is nearest to, for "did you mean". */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

enum { NEAREST_MOST = 255 };

/* Levenshtein's distance between two texts by their lengths; of longer ones than NEAREST_MOST only so much is compared.
 */
int nearest_distance(const char *a, size_t a_length, const char *b, size_t b_length);

/* The cost at which a word that is meant for another stops being a help: for a wrong word of this length. */
int nearest_limit(size_t length);

#endif
