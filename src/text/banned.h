/* Finding any of many words in a text in one pass: Aho and Corasick, "Efficient string matching", CACM 1975. */
#ifndef TEXT_BANNED_H
#define TEXT_BANNED_H

#include "base/arena.h"
#include "base/status.h"

typedef struct banned banned;

/* Words are compared in the form of normalise_match. A word of Latin letters only matches whole words. */
status banned_create(const char *const *words, int count, arena *a, banned **out);

/* Place of a word found in `text` (already in the form of normalise_match), or -1. */
int banned_find(const banned *b, const char *text);

#endif
