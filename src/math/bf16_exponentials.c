/* The softmax on the tile. */
#include "math/bf16_tile.h"

#ifdef BF16_TILE

/* e^x to about 1e-7 relative, 0 below the range of normal numbers, at most e^88; no number stays none. */
BF16 static inline __attribute__((always_inline)) __m512 exponential(__m512 x) {
  x = _mm512_min_ps(_mm512_set1_ps(88.0f), x);
  const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), _MM_FROUND_TO_NEAREST_INT);
  __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375f), x);
  r = _mm512_fmadd_ps(n, _mm512_set1_ps(2.12194440e-4f), r);
  __m512 p = _mm512_set1_ps(8.3334519073e-3f);
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(4.1665795894e-2f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.6666665459e-1f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.0000001201e-1f));
  p = _mm512_fmadd_ps(_mm512_mul_ps(p, r), r, _mm512_add_ps(r, _mm512_set1_ps(1.0f)));
  return _mm512_scalef_ps(p, n);
}

/* Where exponentials go. */
typedef struct exponent_target {
  const uint16_t *b, *next;
  int depth, tiles;
  __mmask16 low, high;
  const float *bias, *shift;
  uint16_t *left, *right;
  ptrdiff_t left_stride;
  float *sums;
} exponent_target;

BF16 static inline __attribute__((always_inline)) void exponents(int rows, pairs a, const exponent_target *t, int row) {
  __m512 sum[ROWS][2];
  for (int i = 0; i < rows; i++) {
    _mm_prefetch((const char *)(t->left + (row + i) * t->left_stride), _MM_HINT_T0);
    _mm_prefetch((const char *)(t->right + (ptrdiff_t)(row + i) * BF16_PANEL), _MM_HINT_T0);
  }
  multiply(rows, t->depth, a, t->b, ahead_of(t->next, t->depth, t->tiles, row / ROWS), sum);
  const __m512 low = _mm512_maskz_loadu_ps(t->low, t->bias), high = _mm512_maskz_loadu_ps(t->high, t->bias + HALF);
  for (int i = 0; i < rows; i++) {
    const __m512 shift = _mm512_set1_ps(t->shift[row + i]);
    float *total = t->sums + (ptrdiff_t)(row + i) * HALF;
    sum[i][0] = _mm512_maskz_mov_ps(t->low, exponential(_mm512_sub_ps(_mm512_add_ps(sum[i][0], low), shift)));
    sum[i][1] = _mm512_maskz_mov_ps(t->high, exponential(_mm512_sub_ps(_mm512_add_ps(sum[i][1], high), shift)));
    _mm512_storeu_ps(total, _mm512_add_ps(_mm512_loadu_ps(total), _mm512_add_ps(sum[i][0], sum[i][1])));
    _mm512_storeu_si512(t->left + (row + i) * t->left_stride, (__m512i)_mm512_cvtne2ps_pbh(sum[i][1], sum[i][0]));
  }
  for (int i = 0; i < rows; i += 2)
    for (int h = 0; h < 2; h++)
      _mm512_storeu_si512(t->right + (ptrdiff_t)(row + i) * BF16_PANEL + 2 * HALF * h, pair(sum[i][h], sum[i + 1][h]));
}

BF16 static void exponent_panel(int rows, pairs a, const exponent_target *t) {
  int i = 0;
  for (; i + ROWS <= rows; i += ROWS, a.at += 2 * ROWS * a.row) exponents(ROWS, a, t, i);
  if (i + ROWS_SOME <= rows) {
    exponents(ROWS_SOME, a, t, i);
    i += ROWS_SOME;
    a.at += 2 * ROWS_SOME * a.row;
  }
  if (i + ROWS_FEW <= rows) exponents(ROWS_FEW, a, t, i);
}

BF16 void bf16_exponentials(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, const float *bias,
                            const float *shift, uint16_t *left, uint16_t *right, float *sums) {
  const int whole = padded(depth);
  memset(sums, 0, (size_t)rows * HALF * sizeof *sums);
  for (int i = 0; i < rows; i += ROWS_BLOCK)
    for (int j = 0; j < width; j += BF16_PANEL) {
      const uint16_t *strip = b + (ptrdiff_t)j * whole;
      const exponent_target t = {strip,
                                 j + BF16_PANEL < width ? strip + (ptrdiff_t)BF16_PANEL * whole : b,
                                 whole,
                                 tiles_of(lesser(rows - i, ROWS_BLOCK)),
                                 first(width - j),
                                 first(width - j - HALF),
                                 bias + j,
                                 shift + i,
                                 left + (ptrdiff_t)i * padded(width) + j,
                                 right + (ptrdiff_t)j * rows + (ptrdiff_t)i * BF16_PANEL,
                                 padded(width),
                                 sums + (ptrdiff_t)i * HALF};
      exponent_panel(lesser(rows - i, ROWS_BLOCK), (pairs){a + (ptrdiff_t)i * whole, whole / 2, 1}, &t);
    }
  for (int i = 0; i < rows; i++) sums[i] = _mm512_reduce_add_ps(_mm512_loadu_ps(sums + (ptrdiff_t)i * HALF));
}

BF16 float bf16_dot(int depth, const uint16_t *a, const float *b) {
  __m512 sum = _mm512_setzero_ps();
  for (int p = 0; p < depth; p += BF16_PANEL) {
    const __m512 low = _mm512_maskz_loadu_ps(first(depth - p), b + p);
    const __m512 high = _mm512_maskz_loadu_ps(first(depth - p - HALF), b + p + HALF);
    sum = _mm512_dpbf16_ps(sum, (__m512bh)_mm512_loadu_si512(a + p), _mm512_cvtne2ps_pbh(high, low));
  }
  return _mm512_reduce_add_ps(sum);
}

BF16 void bf16_column_sums(int rows, int width, const uint16_t *right, const float *scale, float *out) {
  const int whole = padded(rows);
  for (int j = 0; j < width; j += HALF) {
    const uint16_t *at = right + (ptrdiff_t)(j / BF16_PANEL * BF16_PANEL) * whole + 2 * (j % BF16_PANEL);
    __m512 sum = _mm512_setzero_ps();
    for (int i = 0; i < rows; i += 2) {
      const __m512i two = _mm512_loadu_si512(at + (ptrdiff_t)i * BF16_PANEL);
      const __m512 even = (__m512)_mm512_slli_epi32(two, 16);
      const __m512 odd = (__m512)_mm512_and_si512(two, _mm512_set1_epi32((int)0xffff0000u));
      sum = _mm512_fmadd_ps(even, _mm512_set1_ps(scale[i]), sum);
      if (i + 1 < rows) sum = _mm512_fmadd_ps(odd, _mm512_set1_ps(scale[i + 1]), sum);
    }
    const __mmask16 here = first(width - j);
    _mm512_mask_storeu_ps(out + j, here, _mm512_add_ps(_mm512_maskz_loadu_ps(here, out + j), sum));
  }
}

#endif
