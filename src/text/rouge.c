#include "text/rouge.h"

/* Length of the longest common subsequence, by rows of the usual table. */
static status common(const word_ids *x, const word_ids *y, arena *a, int *out) {
  const arena_mark here = arena_here(a);
  int *row = NULL;
  TRY(ARENA(a, y->count + 1, &row));
  for (int i = 0; i < x->count; i++) {
    int diagonal = 0;
    for (int j = 0; j < y->count; j++) {
      const int above = row[j + 1];
      if (x->id[i] == y->id[j])
        row[j + 1] = diagonal + 1;
      else if (row[j] > above)
        row[j + 1] = row[j];
      diagonal = above;
    }
  }
  *out = row[y->count];
  arena_release(a, here);
  return STATUS_OK;
}

/* Precision and recall; 0 where one of both is empty. */
static status compare(const word_ids *text, const word_ids *reference, arena *a, double *precision, double *recall) {
  int length = 0;
  *precision = *recall = 0;
  if (text->count == 0 || reference->count == 0) return STATUS_OK;
  TRY(common(text, reference, a, &length));
  *precision = (double)length / text->count;
  *recall = (double)length / reference->count;
  return STATUS_OK;
}

/* (1 + beta²) P R / (R + beta² P) */
static double harmonic(double precision, double recall, double beta) {
  if (precision == 0 || recall == 0) return 0;
  const double square = beta * beta;
  return (1 + square) * precision * recall / (recall + square * precision);
}

status rouge_best(const word_ids *text, const word_ids *reference, int references, arena *a, double *f) {
  *f = 0;
  for (int r = 0; r < references; r++) {
    double precision, recall;
    TRY(compare(text, &reference[r], a, &precision, &recall));
    const double one = harmonic(precision, recall, 1);
    if (one > *f) *f = one;
  }
  return STATUS_OK;
}

status rouge_coco(const word_ids *text, const word_ids *reference, int references, arena *a, double *f) {
  double best_precision = 0, best_recall = 0;
  for (int r = 0; r < references; r++) {
    double precision, recall;
    TRY(compare(text, &reference[r], a, &precision, &recall));
    if (precision > best_precision) best_precision = precision;
    if (recall > best_recall) best_recall = recall;
  }
  *f = harmonic(best_precision, best_recall, 1.2);
  return STATUS_OK;
}
