#include "support/neighbours_twin.h"

#include <math.h>

static double entry(const neighbours_twin *t, int r, int c) { return t->weights[r * t->row_step + c * t->column_step]; }

static double factor(const neighbours_twin *t, int c) {
  int entries = 0;
  for (int r = 0; r < t->rows; r++) entries += entry(t, r, c) > 0;
  return t->is_pearson ? 1 : pow(entries, -t->damping);
}

static double norm(const neighbours_twin *t, int r) {
  double sum = 0;
  for (int c = 0; c < t->columns; c++)
    if (entry(t, r, c) > 0) sum += factor(t, c) * entry(t, r, c) * entry(t, r, c);
  return sqrt(sum);
}

/* The textbook's correlation: means first, then deviations. */
static double correlation(const neighbours_twin *t, int a, int b, int common) {
  double x = 0, y = 0, xy = 0, xx = 0, yy = 0;
  for (int c = 0; c < t->columns; c++)
    if (entry(t, a, c) > 0 && entry(t, b, c) > 0) {
      x += entry(t, a, c) / common;
      y += entry(t, b, c) / common;
    }
  for (int c = 0; c < t->columns; c++)
    if (entry(t, a, c) > 0 && entry(t, b, c) > 0) {
      xy += (entry(t, a, c) - x) * (entry(t, b, c) - y);
      xx += (entry(t, a, c) - x) * (entry(t, a, c) - x);
      yy += (entry(t, b, c) - y) * (entry(t, b, c) - y);
    }
  return xx > 1e-9 && yy > 1e-9 ? xy / sqrt(xx * yy) : 0;
}

static float similarity(const neighbours_twin *t, int a, int b) {
  int common = 0;
  double dot = 0;
  for (int c = 0; c < t->columns; c++) {
    if (entry(t, a, c) <= 0 || entry(t, b, c) <= 0) continue;
    common++;
    dot += factor(t, c) * entry(t, a, c) * entry(t, b, c);
  }
  if (a == b || common == 0) return 0;
  const double value = t->is_pearson ? correlation(t, a, b, common) : dot / (norm(t, a) * norm(t, b));
  return (float)(value * common / (common + t->shrinkage));
}

void neighbours_twin_find(const neighbours_twin *t, float *near) {
  for (int a = 0; a < t->rows; a++) {
    float *row = near + a * t->rows;
    for (int b = 0; b < t->rows; b++) row[b] = similarity(t, a, b);
    /* A row stays if fewer than `count` are before it. Two whose similarities differ by rounding alone may change
     * places: such lists are not what the caller asks about. */
    int before[1024];
    for (int b = 0; b < t->rows; b++) {
      before[b] = 0;
      for (int other = 0; other < t->rows; other++)
        before[b] += row[other] > row[b] || (row[other] == row[b] && other < b);
    }
    for (int b = 0; b < t->rows; b++)
      if (before[b] >= t->count || row[b] <= 0) row[b] = 0;
  }
}
