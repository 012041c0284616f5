#include "math/bf16_tile.h"

#ifdef BF16_TILE

int bf16_available(void) {
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

int64_t bf16_left_count(int rows, int depth) { return (int64_t)rows * padded(depth); }

int64_t bf16_right_count(int depth, int width) {
  return (int64_t)padded(depth) * ((width + BF16_PANEL - 1) / BF16_PANEL * BF16_PANEL);
}

/* A panel of the right operand and where its products go. */
typedef struct target {
  const uint16_t *b, *next; /* the strip, and the one that comes next */
  int depth, add, tiles;    /* … and tiles that pass by before it does */
  __mmask16 left, right;
  float *c;
  int stride;
} target;

BF16 static inline __attribute__((always_inline)) void tile(int rows, pairs a, const target *t, int number, float *c) {
  __m512 sum[ROWS][2];
  for (int i = 0; i < rows; i++) {
    _mm_prefetch((const char *)(c + (ptrdiff_t)i * t->stride), _MM_HINT_T0);
    _mm_prefetch((const char *)(c + (ptrdiff_t)i * t->stride + HALF), _MM_HINT_T0);
  }
  multiply(rows, t->depth, a, t->b, ahead_of(t->next, t->depth, t->tiles, number), sum);
  for (int i = 0; i < rows; i++) {
    float *out = c + (ptrdiff_t)i * t->stride;
    if (t->add) {
      sum[i][0] = _mm512_add_ps(sum[i][0], _mm512_maskz_loadu_ps(t->left, out));
      sum[i][1] = _mm512_add_ps(sum[i][1], _mm512_maskz_loadu_ps(t->right, out + HALF));
    }
    _mm512_mask_storeu_ps(out, t->left, sum[i][0]);
    _mm512_mask_storeu_ps(out + HALF, t->right, sum[i][1]);
  }
}

/* One panel against a block of rows. */
BF16 static void panel(int rows, pairs a, const target *t) {
  int i = 0, number = 0;
  for (; i + ROWS <= rows; i += ROWS, a.at += 2 * ROWS * a.row)
    tile(ROWS, a, t, number++, t->c + (ptrdiff_t)i * t->stride);
  if (i + ROWS_SOME <= rows) {
    tile(ROWS_SOME, a, t, number++, t->c + (ptrdiff_t)i * t->stride);
    i += ROWS_SOME;
    a.at += 2 * ROWS_SOME * a.row;
  }
  if (i + ROWS_FEW <= rows) {
    tile(ROWS_FEW, a, t, number++, t->c + (ptrdiff_t)i * t->stride);
    i += ROWS_FEW;
    a.at += 2 * ROWS_FEW * a.row;
  }
  for (; i < rows; i++, a.at += 2 * a.row) tile(1, a, t, number++, t->c + (ptrdiff_t)i * t->stride);
}

void bf16_product(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride) {
  const int whole = padded(depth);
  for (int p = 0; p < whole; p += DEPTH)
    for (int i = 0; i < rows; i += ROWS_BLOCK)
      for (int j = 0; j < width; j += BF16_PANEL) {
        const int here = lesser(rows - i, ROWS_BLOCK), next = j + BF16_PANEL < width ? j + BF16_PANEL : 0;
        const uint16_t *strip = b + (ptrdiff_t)p * BF16_PANEL;
        const target t = {.b = strip + (ptrdiff_t)j * whole,
                          .next = strip + (ptrdiff_t)next * whole,
                          .depth = lesser(whole - p, DEPTH),
                          .tiles = tiles_of(here),
                          .add = add || p > 0,
                          .left = first(width - j),
                          .right = first(width - j - HALF),
                          .c = c + (ptrdiff_t)i * stride + j,
                          .stride = stride};
        panel(here, (pairs){a + (ptrdiff_t)i * whole + p, whole / 2, 1}, &t);
      }
}

/* The right operand is the one that stays in the cache here; of the left one each strip is used up once it is met. */
void bf16_outer(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride) {
  const int whole = padded(depth), strips = (width + BF16_PANEL - 1) / BF16_PANEL;
  for (int p = 0; p < whole; p += DEPTH)
    for (int i = 0; i < rows; i += BF16_PANEL)
      for (int j = 0; j < strips; j++) {
        const int next = i + BF16_PANEL < rows ? i + BF16_PANEL : i, at = j * BF16_PANEL;
        const uint16_t *left = a + (ptrdiff_t)p * BF16_PANEL, *right = b + (ptrdiff_t)p * BF16_PANEL;
        const int deep = lesser(whole - p, DEPTH);
        const target t = {.b = right + (ptrdiff_t)at * whole,
                          .next = left + (ptrdiff_t)next * whole + (ptrdiff_t)j * deep / strips * BF16_PANEL,
                          .depth = deep,
                          .tiles = 3 * strips,
                          .add = add || p > 0,
                          .left = first(width - at),
                          .right = first(width - at - HALF),
                          .c = c + (ptrdiff_t)i * stride + at,
                          .stride = stride};
        panel(lesser(rows - i, BF16_PANEL), (pairs){left + (ptrdiff_t)i * whole, 1, BF16_PANEL}, &t);
      }
}

#else

int bf16_available(void) { return 0; }

#endif
