/* How the RNNLG repository (Wen et al. 2015, 2016) writes the sentences of its corpora, and what it counts as an error
 * in them; so that figures can be held against its tables. */
#ifndef TEXT_RNNLG_H
#define TEXT_RNNLG_H

#include "text/meaning.h"

/* Lower case, marks apart, telephone numbers joined, short forms written out, plurals and adverbs cut ("kids": "kid
 * -s"), the mark at the end away: what its reader makes of a sentence before open values are hidden. */
status rnnlg_normalise(const char *sentence, arena *a, char **out);

typedef struct rnnlg_error {
  int slots; /* that should be said */
  int wrong; /* missing and redundant ones */
  int open;  /* of these, such as have open values */
} rnnlg_error;

/* Of a text with open values hidden: how often each SLOT_NAME stands there against how often it should, and whether
 * words that go with closed slots (`kid` for kidsallowed) do. Nothing is counted where the act is ?select or suggest.
 */
rnnlg_error rnnlg_errors(const meaning *m, const char *hidden);

#endif
