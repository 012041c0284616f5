/* The tile that all products of bf16 operands are made of. Private to bf16*.c. */
#ifndef MATH_BF16_TILE_H
#define MATH_BF16_TILE_H

#include "math/bf16.h"

#if defined(__x86_64__) && defined(__linux__)
#define BF16_TILE

#include <immintrin.h>
#include <stddef.h>
#include <string.h>

#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

/* ROWS × 2 accumulators, two registers of b, one of a: 27 of the 32 that AVX-512 has. A strip of b (DEPTH × 32 × 2
 * bytes) stays in the first-level cache while ROWS_BLOCK rows pass, and these rows in the second. */
enum { ROWS = 12, ROWS_SOME = 8, ROWS_FEW = 4, ROWS_BLOCK = 96, DEPTH = 2048, HALF = 16 };

static inline int padded(int depth) { return (depth + BF16_DEPTH - 1) / BF16_DEPTH * BF16_DEPTH; }

static inline int lesser(int a, int b) { return a < b ? a : b; }

static inline __mmask16 first(int count) {
  return count >= HALF ? 0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1u);
}

/* 16 columns of two rows of b, as pairs. */
BF16 static inline __attribute__((always_inline)) __m512i pair(__m512 even, __m512 odd) {
  const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
  const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/* Where the left operand's pairs stand: of a row-major one, or of a right operand that is taken as the left one of a
 * product of its transpose. Strides count pairs. */
typedef struct pairs {
  const uint16_t *at;
  ptrdiff_t row, depth;
} pairs;

/* Memory that is wanted soon, a line of it with every 1 << shift pairs of depth. */
typedef struct ahead {
  const char *at;
  int shift;
} ahead;

/* Where tile `number` of a strip of `depth`, which `tiles` tiles pass by, is to go on fetching the strip at `next`. */
static inline ahead ahead_of(const uint16_t *next, int depth, int tiles, int number) {
  const int shift = tiles >= 8 ? 2 : tiles >= 4 ? 1 : 0;
  const ptrdiff_t lines = depth / 2 >> shift, most = depth;
  ptrdiff_t line = number * lines;
  if (line + lines > most) line = most - lines;
  return (ahead){(const char *)next + 64 * line, shift};
}

/* rows × 32 sums over `depth`. */
BF16 static inline __attribute__((always_inline)) void multiply(int rows, int depth, pairs a, const uint16_t *b,
                                                                ahead next, __m512 sum[ROWS][2]) {
  for (int i = 0; i < rows; i++) sum[i][0] = sum[i][1] = _mm512_setzero_ps();
  for (int p = 0; p < depth / 2; p++) {
    const __m512bh low = (__m512bh)_mm512_loadu_si512(b + (ptrdiff_t)p * 2 * BF16_PANEL);
    const __m512bh high = (__m512bh)_mm512_loadu_si512(b + (ptrdiff_t)p * 2 * BF16_PANEL + 2 * HALF);
    _mm_prefetch(next.at + 64 * (ptrdiff_t)(p >> next.shift), _MM_HINT_T1);
    for (int i = 0; i < rows; i++) {
      int32_t two;
      memcpy(&two, a.at + 2 * (i * a.row + p * a.depth), sizeof two);
      const __m512bh x = (__m512bh)_mm512_set1_epi32(two);
      sum[i][0] = _mm512_dpbf16_ps(sum[i][0], x, low);
      sum[i][1] = _mm512_dpbf16_ps(sum[i][1], x, high);
    }
  }
}

/* Tiles of a block of rows. */
static inline int tiles_of(int rows) {
  const int left = rows % ROWS;
  return rows / ROWS + (left >= ROWS_SOME) + (left % ROWS_SOME >= ROWS_FEW) + left % ROWS_FEW;
}

#endif

#endif
