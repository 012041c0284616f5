/* Counts of n-grams, each known by a 64-bit hash of its words: among a hundred million of them, two share one with a
 * probability of about 3e-4. */
#ifndef TEXT_GRAMS_H
#define TEXT_GRAMS_H

#include <stdint.h>

#include "text/lexicon.h"

typedef struct gram {
  uint64_t key; /* 0: free */
  int32_t count;
  int32_t most[2]; /* highest counts in one text, and the second highest, where grams_add_text counted */
  int32_t owner;   /* text of the first */
} gram;

typedef struct grams {
  arena memory[2]; /* the table, and the one that it grows into */
  int current;
  int64_t used, size;
  gram *cell; /* [size] */
} grams;

void grams_free(grams *g);

/* Never 0. */
uint64_t grams_key(const int32_t *id, int n);

/* The cell of a key, NULL if there is none. */
const gram *grams_find(const grams *g, uint64_t key);

/* Counts the n-grams of a text that has the number `owner`. */
status grams_add_text(grams *g, const word_ids *text, int n, int32_t owner);

/* How often n words stand in a text. */
int grams_count(const word_ids *text, const int32_t *at, int n);

/* How often the n-gram at text->id[i] does, 0 where it stands further ahead too and was counted there. */
int grams_own(const word_ids *text, int i, int n);

/* That, but at most as often as in the reference that has it most. */
int grams_clipped(const word_ids *text, int i, int n, const word_ids *reference, int references);

#endif
