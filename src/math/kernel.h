/* What the elementwise kernels share: clones per instruction set, fast non-linearities, and carving of scratch memory.
 * Private to math. */
#ifndef MATH_KERNEL_H
#define MATH_KERNEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A function compiled for AVX-512, AVX2 and plain x86-64, of which the loader picks one. For static functions, as clang
 * 14 loses the name of others, and of names that no other file's kernels have, as it lets everybody see what picks. */
#if defined(__x86_64__) && defined(__linux__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif

/* e^x to about 1e-7 relative for x in [-87, 88], clamped outside. Straight-line, so that loops over it become vector
 * code. Reduction and polynomial as in Cephes' expf (Moshier). */
static inline float kernel_exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float round = 12582912.0f; /* 1.5 × 2^23: adding it rounds to an integer in the low bits */
  const float shifted = x * 1.44269504f + round, n = shifted - round;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  uint32_t exponent, bits;
  memcpy(&exponent, &shifted, sizeof exponent);
  memcpy(&bits, &p, sizeof bits);
  bits += exponent << 23;
  memcpy(&p, &bits, sizeof p);
  return p;
}

static inline float kernel_sigmoid(float x) { return 1.0f / (1.0f + kernel_exp(-x)); }
static inline float kernel_tanh(float x) { return 2.0f / (1.0f + kernel_exp(-2.0f * x)) - 1.0f; }

/* Scratch memory handed out piece by piece. With base NULL it only counts. */
typedef struct kernel_scratch {
  float *base;
  int64_t used;
} kernel_scratch;

static inline float *kernel_take(kernel_scratch *s, int64_t count) {
  float *piece = s->base == NULL ? NULL : s->base + s->used;
  s->used += (count + 15) / 16 * 16;
  return piece;
}

#endif
