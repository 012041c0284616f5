#include "math/metrics.h"

#include <math.h>

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

void metrics_ranking(const item_row *ranked, int found, const item_row *target, int64_t targets, int k, double *recall,
                     double *ndcg) {
  double gain = 0, ideal = 0;
  int hits = 0;
  for (int p = 0; p < k; p++) {
    const double worth = 1 / log2(p + 2);
    if (p < targets) ideal += worth;
    if (p < found && contains(target, targets, ranked[p])) {
      hits++;
      gain += worth;
    }
  }
  *recall = (double)hits / (double)targets;
  *ndcg = gain / ideal;
}

double metrics_average_precision(const item_row *ranked, int found, const item_row *target, int64_t targets, int k) {
  double sum = 0;
  int hits = 0;
  for (int p = 0; p < k && p < found; p++)
    if (contains(target, targets, ranked[p])) sum += (double)++hits / (p + 1);
  return sum / (double)(targets < k ? targets : k);
}
