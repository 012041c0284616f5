/* Whether a text reads as if somebody had written it: are its words words, and do they stand beside each other in the
 * copy? Rules know what is forbidden; this knows what is usual. Units are words of Latin letters, single characters
 * otherwise, and slots. */
#ifndef STAGES_GENERATE_FLUENCY_H
#define STAGES_GENERATE_FLUENCY_H

#include <stdint.h>

#include "base/arena.h"
#include "data/copy.h"

typedef struct generate_fluency {
  uint64_t *seen; /* [size], hashes of units and of pairs and triples of neighbours, by language and domain; 0: free */
  int64_t size;   /* a power of two, from twice to four times `used` */
  int64_t used;
  int64_t lines[LANGUAGE_COUNT][DOMAIN_COUNT]; /* of copy */
} generate_fluency;

typedef struct generate_usage {
  int strange;    /* units that occur nowhere in the copy of this language and domain */
  double pairs;   /* share of neighbouring pairs that do occur, borders of the text included */
  double triples; /* likewise, of triples */
} generate_usage;

/* Collects what stands in the copy. */
status generate_fluency_create(const copy *c, arena *a, generate_fluency *out);

/* Holds a template against the copy of its language and domain, or of its language where there is none of its domain.
 */
generate_usage generate_fluency_of(const generate_fluency *f, const char *template_text, language l, domain d);

#endif
