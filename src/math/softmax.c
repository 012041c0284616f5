#include "math/softmax.h"

#include <math.h>

#include "math/kernel.h"

enum { LANES = 16 };

/* Adds the bias and returns the largest logit. Lanes by hand: clang does not turn the plain loop into vector code. */
KERNEL static float biased_largest(float *restrict x, const float *restrict bias, int count) {
  float most[LANES];
  const int whole = count / LANES * LANES;
  for (int j = 0; j < LANES; j++) most[j] = -3e38f;
  for (int i = 0; i < whole; i += LANES) {
#pragma omp simd
    for (int j = 0; j < LANES; j++) {
      const float value = x[i + j] + bias[i + j];
      x[i + j] = value;
      most[j] = value > most[j] ? value : most[j];
    }
  }
  for (int i = whole; i < count; i++) {
    x[i] += bias[i];
    most[0] = x[i] > most[0] ? x[i] : most[0];
  }
  for (int j = 1; j < LANES; j++) most[0] = most[j] > most[0] ? most[j] : most[0];
  return most[0];
}

KERNEL static float exp_sum_in_place(float *restrict x, float most, int count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < count; i++) {
    x[i] = kernel_exp(x[i] - most);
    sum += x[i];
  }
  return sum;
}

KERNEL static float exp_sum(const float *restrict x, float most, int count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < count; i++) sum += kernel_exp(x[i] - most);
  return sum;
}

KERNEL static void scale(float *restrict x, float by, int count) {
#pragma omp simd
  for (int i = 0; i < count; i++) x[i] *= by;
}

float softmax_loss(float *logits, const float *bias, int count, int target, float weight) {
  const float most = biased_largest(logits, bias, count);
  const float aim = logits[target];
  const float sum = exp_sum_in_place(logits, most, count);
  scale(logits, weight / sum, count);
  logits[target] -= weight;
  return most + logf(sum) - aim;
}

float softmax_normaliser(float *logits, const float *bias, int count) {
  const float most = biased_largest(logits, bias, count);
  return most + logf(exp_sum(logits, most, count));
}
