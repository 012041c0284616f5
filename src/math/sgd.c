#include "math/sgd.h"

#include "math/kernel.h"

KERNEL static void descend(float *restrict block, const float *restrict gradient, int64_t count, float rate,
                           float keep) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) block[i] = block[i] * keep - rate * gradient[i];
}

KERNEL static void move_mean(float *restrict mean, const float *restrict block, int64_t count, float share) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) mean[i] += (block[i] - mean[i]) * share;
}

void sgd_step(float *block, const float *gradient, int64_t count, const adam_options *options) {
  descend(block, gradient, count, (float)(options->rate * options->scale), (float)(1 - options->rate * options->decay));
}

void sgd_average(float *mean, const float *block, int64_t count, int64_t steps) {
  move_mean(mean, block, count, (float)(1 / (double)steps));
}
