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

/* What comparing lanes gives: all bits, or none. */
typedef int lanes_mask __attribute__((vector_size(64), may_alias));

typedef float half_lanes __attribute__((vector_size(32), may_alias));

/* out [8], aligned to 32 bytes: the sums of eight vectors, each with the bits of lanes_sum. */
static inline __attribute__((always_inline)) void lanes_sums(const lanes v[8], float *out) {
  half_lanes by8[8], by4[4], by2[2];
  for (int i = 0; i < 8; i++) by8[i] = ((const half_lanes *)&v[i])[0] + ((const half_lanes *)&v[i])[1];
  for (int i = 0; i < 4; i++)
    by4[i] = __builtin_shufflevector(by8[2 * i], by8[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11) +
             __builtin_shufflevector(by8[2 * i], by8[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15);
  for (int i = 0; i < 2; i++)
    by2[i] = __builtin_shufflevector(by4[2 * i], by4[2 * i + 1], 0, 1, 4, 5, 8, 9, 12, 13) +
             __builtin_shufflevector(by4[2 * i], by4[2 * i + 1], 2, 3, 6, 7, 10, 11, 14, 15);
  *(half_lanes *)out = __builtin_shufflevector(by2[0], by2[1], 0, 2, 4, 6, 8, 10, 12, 14) +
                       __builtin_shufflevector(by2[0], by2[1], 1, 3, 5, 7, 9, 11, 13, 15);
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
