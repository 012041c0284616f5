/* BLEU of a corpus (Papineni et al. 2002): the geometric mean of clipped n-gram precisions up to four, times a brevity
 * penalty by the reference nearest in length. Two ways to count, which differ where a count is 0 or lengths tie:
 *   BLEU_MTEVAL  mteval-v13a and sacreBLEU (smoothing `exp`: the k-th order without a match counts 1 / 2^k of one);
 *                of two references as near, the shorter
 *   BLEU_RNNLG   the scorer of the RNNLG repository: 1e-7 added to denominators and precisions; of two references as
 *                near, the first */
#ifndef TEXT_BLEU_H
#define TEXT_BLEU_H

#include <stdint.h>

#include "text/lexicon.h"

enum { BLEU_ORDERS = 4 };

typedef enum bleu_protocol { BLEU_MTEVAL, BLEU_RNNLG } bleu_protocol;

typedef struct bleu {
  int64_t match[BLEU_ORDERS], total[BLEU_ORDERS];
  int64_t length, reference_length;
} bleu;

/* Adds a text and what it is compared with; references >= 1. */
void bleu_add(bleu *b, bleu_protocol p, const word_ids *text, const word_ids *reference, int references);

/* From 0 to 1. */
double bleu_score(const bleu *b, bleu_protocol p);

#endif
