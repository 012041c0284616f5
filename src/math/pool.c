#include "math/pool.h"

#include <math.h>

#include "math/kernel.h"

KERNEL static void pool_sum(const float *restrict value, int count, float weight, float *restrict sum) {
  for (int i = 0; i < count; i++) sum[i] += weight * value[i];
}

void pool_add(const float *value, int count, float weight, int added, float *sum) {
  if (!added) memset(sum, 0, (size_t)count * sizeof *sum);
  pool_sum(value, count, weight, sum);
}

KERNEL static void pool_rank(const float *restrict base, const float *restrict value, float weight, int count,
                             float *restrict sum) {
  for (int i = 0; i < count; i++) sum[i] = base[i] + weight * value[i];
}

/* Candidates that stand before place `at`. */
KERNEL static int pool_before(const float *sum, int count, int at) {
  const float own = sum[at];
  int before = 0;
  for (int i = 0; i < at; i++) before += sum[i] >= own;
  for (int i = at + 1; i < count; i++) before += sum[i] > own;
  return before;
}

void pool_discount(int top, double *discount) {
  for (int p = 0; p < top; p++) discount[p] = 1 / log2(p + 2);
}

double pool_gain(const float *base, const float *value, float weight, int count, const int32_t *hit, int hits,
                 const double *discount, int top, float *scratch) {
  double gain = 0;
  pool_rank(base, value, weight, count, scratch);
  for (int k = 0; k < hits; k++) {
    const int before = pool_before(scratch, count, hit[k]);
    if (before < top) gain += discount[before];
  }
  return gain;
}

double pool_ideal(int64_t hits, const double *discount, int top) {
  double ideal = 0;
  for (int p = 0; p < top && p < hits; p++) ideal += discount[p];
  return ideal;
}
