#include "math/metrics.h"

#include <math.h>
#include <stdlib.h>

static int contains(const item_row *target, int64_t targets, item_row item) {
  int64_t low = 0, high = targets;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (target[middle] < item)
      low = middle + 1;
    else
      high = middle;
  }
  return low < targets && target[low] == item;
}

void metrics_ranking(const item_row *ranked, int found, const item_row *target, int64_t targets, int k,
                     metrics_user *out) {
  double gain = 0, ideal = 0, precisions = 0;
  int hits = 0;
  for (int p = 0; p < k; p++) {
    const double worth = 1 / log2(p + 2);
    if (p < targets) ideal += worth;
    if (p < found && contains(target, targets, ranked[p])) {
      hits++;
      gain += worth;
      precisions += (double)hits / (p + 1);
    }
  }
  *out = (metrics_user){.recall = (double)hits / (double)targets,
                        .ndcg = gain / ideal,
                        .hit_rate = hits > 0,
                        .map = precisions / (double)(targets < k ? targets : k)};
}

double metrics_coverage(const int64_t *listed, int32_t items) {
  int64_t covered = 0;
  for (item_row i = 0; i < items; i++) covered += listed[i] > 0;
  return items > 0 ? (double)covered / (double)items : 0;
}

double metrics_novelty(const int64_t *listed, const int64_t *seen, int32_t items, int64_t users) {
  double sum = 0;
  int64_t places = 0;
  for (item_row i = 0; i < items; i++) {
    if (listed[i] == 0) continue;
    sum += (double)listed[i] * log2((double)users / (double)(seen[i] > 0 ? seen[i] : 1));
    places += listed[i];
  }
  return places > 0 ? sum / (double)places : 0;
}

static int compare_counts(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

double metrics_gini(int64_t *listed, int32_t items) {
  double weighted = 0, total = 0;
  qsort(listed, (size_t)items, sizeof *listed, compare_counts);
  for (item_row i = 0; i < items; i++) {
    weighted += (2.0 * i + 1 - items) * (double)listed[i];
    total += (double)listed[i];
  }
  return total > 0 ? weighted / (items * total) : 0;
}

double metrics_square_error(double predicted, double rating, double lowest, double highest) {
  const double gap = fmin(fmax(predicted, lowest), highest) - rating;
  return gap * gap;
}
