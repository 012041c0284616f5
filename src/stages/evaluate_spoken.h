/* Texts that a model has written for meanings of the test part, and what is measured on them. */
#ifndef STAGES_EVALUATE_SPOKEN_H
#define STAGES_EVALUATE_SPOKEN_H

#include "io/json_writer.h"
#include "stages/evaluate_pairs.h"

enum { SPOKEN_BEST = 5 /* texts of a meaning that are kept, the best first */ };

/* A meaning to be spoken of, and its references. RNNLG judges every row of the test part, the others every meaning
 * once; references are the texts of all rows of the same key. */
typedef struct evaluate_spoken {
  const evaluate_pairs *pairs;
  int count;
  const evaluate_pair **item;      /* [count] */
  int *first;                      /* [count + 1] */
  const evaluate_pair **reference; /* [first[count]] */
  char **text;                     /* [count × SPOKEN_BEST], open values hidden; "": none */
} evaluate_spoken;

/* Local. Items and references; `text` is empty. */
status evaluate_spoken_items(const evaluate_pairs *p, arena *a, evaluate_spoken *out);

/* Local. The text as a reader sees it. */
status evaluate_spoken_fill(const evaluate_pairs *p, const meaning *m, const char *hidden, arena *a, char **out);

/* Local. Slots that are missing or redundant in a text with open values hidden, and how many there should be; of
 * AdvertiseGen those that are missing. */
void evaluate_spoken_errors(const evaluate_pairs *p, const meaning *m, const char *hidden, int *slots, int *wrong);

/* Local. Adds members to a line that is open: BLEU by the protocol of the corpus ("bleu"; RNNLG also "bleu_top5"),
 * NIST, ROUGE-L, slot error of the texts and of the references in percent, self-BLEU, distinct n-grams. */
status evaluate_spoken_score(const evaluate_spoken *t, arena *a, json_writer *w);

#endif
