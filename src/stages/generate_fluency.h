/* Whether a text reads as if somebody had written it: are its words words, and do they stand beside each other in the
 * copy? Rules know what is forbidden; this knows what is usual. Units are words of Latin letters, single characters
 * otherwise, and slots. */
#ifndef STAGES_GENERATE_FLUENCY_H
#define STAGES_GENERATE_FLUENCY_H

#include <stdint.h>

#include "base/arena.h"
#include "data/copy.h"

typedef struct generate_fluency {
  uint64_t *seen; /* [size], hashes of units, of pairs and triples of neighbours and of how these begin, by language and
                     domain; 0: free */
  int64_t size;   /* a power of two, from twice to four times `used` */
  int64_t used;
  int64_t lines[LANGUAGE_COUNT][DOMAIN_COUNT]; /* of copy */
  int64_t units[LANGUAGE_COUNT][DOMAIN_COUNT]; /* of them, ends of lines included */
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

/* How far a reader is in a text that comes piece by piece, slots whole. */
enum { GENERATE_WORD_MOST = 30 }; /* letters of a word that are looked at */
typedef struct generate_reading {
  uint64_t before, last; /* units */
  int32_t units, strange, pairs, triples;
  uint8_t length; /* of the word that is not over yet */
  uint8_t over;   /* of the word that is just over; 0 where it was none */
  char joint;     /* an apostrophe or hyphen that may be part of it, or 0 */
  char word[GENERATE_WORD_MOST];
} generate_reading;

/* Before a text. */
void generate_fluency_begin(generate_reading *r);

/* Reads a piece; 0 where no text that begins like this is usual enough: every unit and pair must be in the copy, and
 * all but GENERATE_UNUSUAL of the triples of the text, which is taken to become as long as lines of the copy are. */
#define GENERATE_UNUSUAL 0.05
int generate_fluency_read(const generate_fluency *f, language l, domain d, const char *piece, generate_reading *r);

/* 0 where the text is not usual enough to end here. */
int generate_fluency_end(const generate_fluency *f, language l, domain d, generate_reading *r);

/* 1 if a whole text is. */
int generate_fluency_holds(const generate_usage *u);

#endif
