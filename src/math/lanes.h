/* Sixteen floats at a time, in the compiler's vector notation: one AVX-512 register, two of AVX2, four of SSE2. Sums
 * run in sixteen lanes whatever the CPU has and products are never fused (flags.cmake), so all of them give the same
 * bits. For kernels of this floor only. */
#ifndef MATH_LANES_H
#define MATH_LANES_H

enum { LANES = 16 };

typedef float lanes __attribute__((vector_size(64), may_alias));

/* The length of a row that holds `width` floats and whose next row is aligned to a vector again. */
static inline int lanes_stride(int width) { return (width + LANES - 1) / LANES * LANES; }

/* Sum of the lanes, by halves. */
static inline __attribute__((always_inline)) float lanes_sum(const lanes *v) {
  float half[LANES / 2];
  for (int i = 0; i < LANES / 2; i++) half[i] = (*v)[i] + (*v)[i + LANES / 2];
  for (int n = LANES / 4; n >= 1; n /= 2)
    for (int i = 0; i < n; i++) half[i] += half[i + n];
  return half[0];
}

/* Rows of `stride` floats, a multiple of LANES, aligned to 64 bytes. */
static inline __attribute__((always_inline)) float lanes_dot(const float *a, const float *b, int stride) {
  const lanes *x = (const lanes *)a, *y = (const lanes *)b;
  lanes sum = {0};
  for (int i = 0; i < stride / LANES; i++) sum += x[i] * y[i];
  return lanes_sum(&sum);
}

/* out += factor × a */
static inline __attribute__((always_inline)) void lanes_add(float *out, float factor, const float *a, int stride) {
  lanes *restrict y = (lanes *)out;
  const lanes *restrict x = (const lanes *)a;
  for (int i = 0; i < stride / LANES; i++) y[i] += factor * x[i];
}

#endif
