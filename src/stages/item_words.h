/* The words of the items' titles and keywords: what tastes are described with. */
#ifndef STAGES_ITEM_WORDS_H
#define STAGES_ITEM_WORDS_H

#include "data/catalogue.h"
#include "data/profile.h"
#include "stages/stage.h"

/* Collective, the same table on every rank. The words of an item in a language are its keywords of the catalogue or,
 * where it has none there, those of its title (text/words.h). Keywords are taken whole, as the platform wrote them,
 * English ones in lower case. Rows ascend by (language, word); the words of an item ascend by row, each once. idf is
 * ln((1 + items) / (1 + items with the word)) + 1. Each rank breaks the titles of its share of the items. Fails:
 * STATUS_BUG. */
status item_words_find(const stage *s, const catalogue *c, arena *a, words *out);

/* Adds `weight` × idf of a word to a signed feature hash of `width` dimensions (Weinberger et al. 2009). The place
 * depends on the word's text alone, so that it is the same on other nights. */
void item_words_hash(const words *w, int32_t word, double weight, int width, double *vector);

/* Scales to unit length, into floats; a zero vector stays. */
void item_words_unit(const double *vector, int width, float *out);

#endif
