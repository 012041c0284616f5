/* The words that the copy rules look for, one table for both languages. Compared in the form of normalise_match; a
 * Latin word only matches whole words. */
#ifndef TEXT_PHRASES_H
#define TEXT_PHRASES_H

#include "data/copy.h"

typedef struct phrases {
  int count;
  const char *const *words;
} phrases;

/* Claims that no catalogue backs, forbidden in every tone: sales pressure and superlatives, among them those that the
 * Advertising Law of the People's Republic of China, article 9, forbids. */
phrases phrases_always(void);

/* Claims that only this tone may make. None for tones that claim nothing. */
phrases phrases_of_tone(tone t);

/* Everyday phrases in which such a word claims nothing ("feel free", 第一次): taken out before the search. */
phrases phrases_harmless(void);

/* Words that no message may hold, not even in a title. */
phrases phrases_banned(void);

#endif
