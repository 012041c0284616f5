/* How much texts repeat themselves and each other. */
#ifndef TEXT_DIVERSITY_H
#define TEXT_DIVERSITY_H

#include <stdint.h>

#include "text/lexicon.h"

/* Distinct n-grams over all n-grams of the texts (Li et al. 2016); 0 where there are none. */
status diversity_distinct(const word_ids *text, int count, int n, double *out);

/* Self-BLEU (Zhu et al. 2018, Texygen): the mean over texts of BLEU up to `orders` (<= 4) against all others, each
 * sentence by NLTK's sentence_bleu with smoothing method 1 (an order without a match counts 0.1 of one). Of more than
 * DIVERSITY_SAMPLE texts, as many at equal distances. 0 for fewer than two. */
enum { DIVERSITY_SAMPLE = 1000 };
status diversity_self_bleu(const word_ids *text, int count, int orders, double *out);

#endif
