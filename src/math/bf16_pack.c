/* Packing the operands. */
#include "math/bf16_tile.h"

#ifdef BF16_TILE

BF16 void bf16_left(int rows, int depth, const float *a, int stride, uint16_t *packed) {
  const int whole = padded(depth);
  for (int i = 0; i < rows; i++)
    for (int p = 0; p < whole; p += HALF) {
      const __m512 x = _mm512_maskz_loadu_ps(first(depth - p), a + (ptrdiff_t)i * stride + p);
      _mm256_storeu_si256((__m256i *)(void *)(packed + (ptrdiff_t)i * whole + p), (__m256i)_mm512_cvtneps_pbh(x));
    }
}

/* 16 × 16 floats, transposed in registers. */
BF16 static inline __attribute__((always_inline)) void turn(__m512 x[HALF]) {
  __m512 y[HALF];
  for (int i = 0; i < HALF; i += 2) {
    y[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
    y[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
  }
  for (int i = 0; i < HALF; i += 4)
    for (int h = 0; h < 2; h++) {
      const __m512d low = (__m512d)y[i + h], high = (__m512d)y[i + 2 + h];
      x[i + 2 * h] = (__m512)_mm512_unpacklo_pd(low, high);
      x[i + 2 * h + 1] = (__m512)_mm512_unpackhi_pd(low, high);
    }
  for (int i = 0; i < 4; i++)
    for (int g = 0; g < 2; g++) {
      y[8 * g + i] = _mm512_shuffle_f32x4(x[8 * g + i], x[8 * g + 4 + i], 0x88);
      y[8 * g + 4 + i] = _mm512_shuffle_f32x4(x[8 * g + i], x[8 * g + 4 + i], 0xdd);
    }
  for (int i = 0; i < 8; i++) {
    x[i] = _mm512_shuffle_f32x4(y[i], y[8 + i], 0x88);
    x[8 + i] = _mm512_shuffle_f32x4(y[i], y[8 + i], 0xdd);
  }
}

/* Rows [from, from + 16) × columns [at, at + 16) of a matrix [height, width], transposed; 0 beyond its edges. */
BF16 static inline __attribute__((always_inline)) void block(const float *a, int stride, int height, int width,
                                                             int from, int at, __m512 x[HALF]) {
  for (int i = 0; i < HALF; i++)
    x[i] = from + i < height ? _mm512_maskz_loadu_ps(first(width - at), a + (ptrdiff_t)(from + i) * stride + at)
                             : _mm512_setzero_ps();
  turn(x);
}

BF16 void bf16_left_transposed(int rows, int depth, const float *a, int stride, uint16_t *packed) {
  const int whole = padded(depth);
  for (int p = 0; p < whole; p += HALF)
    for (int i = 0; i < rows; i += HALF) {
      __m512 x[HALF];
      block(a, stride, depth, rows, p, i, x);
      for (int r = 0; r < HALF && i + r < rows; r++)
        _mm256_storeu_si256((__m256i *)(void *)(packed + (ptrdiff_t)(i + r) * whole + p),
                            (__m256i)_mm512_cvtneps_pbh(x[r]));
    }
}

BF16 void bf16_right(int depth, int width, const float *b, int stride, uint16_t *packed) {
  const int whole = padded(depth);
  for (int j = 0; j < width; j += BF16_PANEL)
    for (int p = 0; p < whole; p += 2)
      for (int h = 0; h < BF16_PANEL; h += HALF) {
        const __mmask16 here = first(width - j - h);
        const float *row = b + (ptrdiff_t)p * stride + j + h;
        const __m512 even = p < depth ? _mm512_maskz_loadu_ps(here, row) : _mm512_setzero_ps();
        const __m512 odd = p + 1 < depth ? _mm512_maskz_loadu_ps(here, row + stride) : _mm512_setzero_ps();
        _mm512_storeu_si512(packed + (ptrdiff_t)j * whole + (ptrdiff_t)p * BF16_PANEL + 2 * h, pair(even, odd));
      }
}

BF16 void bf16_right_transposed(int depth, int width, const float *b, int stride, uint16_t *packed) {
  const int whole = padded(depth);
  for (int j = 0; j < width; j += HALF)
    for (int p = 0; p < whole; p += HALF) {
      __m512 x[HALF];
      block(b, stride, width, depth, j, p, x);
      uint16_t *panel = packed + (ptrdiff_t)(j / BF16_PANEL * BF16_PANEL) * whole + 2 * (j % BF16_PANEL);
      for (int i = 0; i < HALF; i += 2)
        _mm512_storeu_si512(panel + (ptrdiff_t)(p + i) * BF16_PANEL, pair(x[i], x[i + 1]));
    }
  if (width % BF16_PANEL == 0 || width % BF16_PANEL > HALF) return;
  uint16_t *panel = packed + (ptrdiff_t)(width / BF16_PANEL * BF16_PANEL) * whole + 2 * HALF; /* the empty half */
  for (int p = 0; p < whole; p += 2) _mm512_storeu_si512(panel + (ptrdiff_t)p * BF16_PANEL, _mm512_setzero_si512());
}

#endif
