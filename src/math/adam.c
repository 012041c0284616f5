#include "math/adam.h"

#include <math.h>

#include "math/kernel.h"

static const double beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8;

KERNEL static double squares(const float *restrict x, int64_t count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

double adam_norm(const float *gradient, int64_t count) { return sqrt(squares(gradient, count)); }

double adam_clip(double norm, double divisor, double clip) {
  const double scale = 1 / divisor, length = norm * scale;
  return clip > 0 && length > clip ? scale * clip / length : scale;
}

KERNEL static void update(float *restrict block, const float *restrict gradient, float *restrict first,
                          float *restrict second, int64_t count, float scale, float rate, float keep, float unbias) {
  const float b1 = (float)beta1, b2 = (float)beta2, tiny = (float)epsilon;
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const float g = gradient[i] * scale;
    first[i] = b1 * first[i] + (1 - b1) * g;
    second[i] = b2 * second[i] + (1 - b2) * g * g;
    block[i] = block[i] * keep - rate * first[i] / (sqrtf(second[i] * unbias) + tiny);
  }
}

void adam_step(float *block, const float *gradient, float *first, float *second, int64_t count, int64_t step,
               const adam_options *options) {
  const double rate = options->rate / (1 - pow(beta1, (double)step));
  update(block, gradient, first, second, count, (float)options->scale, (float)rate,
         (float)(1 - options->rate * options->decay), (float)(1 / (1 - pow(beta2, (double)step))));
}

double adam_schedule(int64_t step, int64_t steps, double warmup) {
  const double rise = fmax(1, warmup * (double)steps);
  if ((double)step < rise) return ((double)step + 1) / rise;
  const double done = ((double)step - rise) / fmax(1, (double)steps - rise);
  return 0.02 + 0.98 * 0.5 * (1 + cos(3.14159265358979 * fmin(1, done)));
}
