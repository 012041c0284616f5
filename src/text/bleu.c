#include "text/bleu.h"

#include <math.h>
#include <stdlib.h>

#include "text/grams.h"

static int64_t matches(const word_ids *text, const word_ids *reference, int references, int n) {
  int64_t sum = 0;
  for (int i = 0; i + n <= text->count; i++) sum += grams_clipped(text, i, n, reference, references);
  return sum;
}

static int nearest(bleu_protocol p, int length, const word_ids *reference, int references) {
  int best = reference[0].count;
  for (int r = 1; r < references; r++) {
    const int own = reference[r].count, off = abs(own - length), least = abs(best - length);
    if (off < least || (off == least && p == BLEU_MTEVAL && own < best)) best = own;
  }
  return best;
}

void bleu_add(bleu *b, bleu_protocol p, const word_ids *text, const word_ids *reference, int references) {
  for (int n = 1; n <= BLEU_ORDERS; n++) {
    b->match[n - 1] += matches(text, reference, references, n);
    if (text->count >= n) b->total[n - 1] += text->count - n + 1;
  }
  b->length += text->count;
  b->reference_length += nearest(p, text->count, reference, references);
}

static double precision(const bleu *b, bleu_protocol p, int order, double *smooth) {
  const double match = (double)b->match[order], total = (double)b->total[order];
  if (p == BLEU_RNNLG) return match / (total + 1e-7) + 1e-7;
  if (total == 0) return 0;
  if (match > 0) return match / total;
  *smooth *= 2;
  return 1 / (*smooth * total);
}

double bleu_score(const bleu *b, bleu_protocol p) {
  if (b->length == 0 || (p == BLEU_MTEVAL && b->match[0] == 0)) return 0;
  double sum = 0, smooth = 1;
  for (int i = 0; i < BLEU_ORDERS; i++) {
    const double one = precision(b, p, i, &smooth);
    if (one == 0) return 0;
    sum += log(one) / BLEU_ORDERS;
  }
  const double ratio = (double)b->reference_length / (double)b->length;
  return exp(sum + (ratio > 1 ? 1 - ratio : 0));
}
