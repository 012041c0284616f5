#include "math/vectors.h"

#include "math/kernel.h"

KERNEL static void vector_multiply(float *out, const float *x, const float *restrict y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = x[i] * y[i];
}

KERNEL static void vector_add(float *restrict out, const float *restrict x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] += x[i];
}

KERNEL static void vector_add_scaled(float *restrict out, float by, const float *restrict x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] += by * x[i];
}

KERNEL static void vector_add_product(float *restrict out, const float *restrict x, const float *restrict y,
                                      int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] += x[i] * y[i];
}

void vectors_multiply(float *out, const float *x, const float *y, int64_t count) { vector_multiply(out, x, y, count); }
void vectors_add(float *out, const float *x, int64_t count) { vector_add(out, x, count); }
void vectors_add_scaled(float *out, float by, const float *x, int64_t count) { vector_add_scaled(out, by, x, count); }

void vectors_add_product(float *out, const float *x, const float *y, int64_t count) {
  vector_add_product(out, x, y, count);
}
