/* NIST (Doddington 2002): n-gram matches up to five, each weighted by its information in the references, over the
 * n-grams of the text, times a length penalty. As mteval-v13a counts: matches are clipped by the reference that has
 * most of them, and lengths are compared with the mean of an item's references. */
#ifndef TEXT_NIST_H
#define TEXT_NIST_H

#include "text/lexicon.h"

/* Texts and what they are compared with: those of text i are reference[first[i], first[i + 1]). */
typedef struct nist_corpus {
  int count;
  const word_ids *text;      /* [count] */
  const word_ids *reference; /* [first[count]] */
  const int *first;          /* [count + 1] */
} nist_corpus;

status nist_score(const nist_corpus *c, double *out);

#endif
