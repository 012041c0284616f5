#include "math/rows.h"

#include <cblas.h>

#include "math/kernel.h"

/* A tile of the result stays in registers while a strip of b, TILE columns wide, streams by from the second-level
 * cache: ROWS × TILE/16 accumulators and TILE/16 registers of b, of the 32 that AVX-512 has. */
enum { ROWS = 4, VECTORS = 4, VECTOR = 16, TILE = VECTORS * VECTOR, BLOCK = 16 };

typedef float vector __attribute__((vector_size(64), aligned(4)));

static inline __attribute__((always_inline)) void tile(int rows, int width, int depth, const float *a, const float *b,
                                                       float *out) {
  vector sum[ROWS][VECTORS];
  for (int i = 0; i < rows; i++)
    for (int v = 0; v < VECTORS; v++) sum[i][v] = *(const vector *)(out + (size_t)i * (size_t)width + v * VECTOR);
  for (int k = 0; k < depth; k++) {
    const float *strip = b + (size_t)k * (size_t)width;
    for (int i = 0; i < rows; i++) {
      const float factor = a[(size_t)i * (size_t)depth + (size_t)k];
      for (int v = 0; v < VECTORS; v++) sum[i][v] += factor * *(const vector *)(strip + v * VECTOR);
    }
  }
  for (int i = 0; i < rows; i++)
    for (int v = 0; v < VECTORS; v++) *(vector *)(out + (size_t)i * (size_t)width + v * VECTOR) = sum[i][v];
}

/* Columns that fill no tile. */
static inline __attribute__((always_inline)) void edge(int width, int from, int depth, const float *a, const float *b,
                                                       float *out) {
  for (int k = 0; k < depth; k++)
    for (int j = from; j < width; j++) out[j] += a[k] * b[(size_t)k * (size_t)width + (size_t)j];
}

KERNEL static void few_rows(int rows, int width, int depth, const float *a, const float *b, float *out) {
  const int whole = width / TILE * TILE;
  for (int j = 0; j < whole; j += TILE)
    for (int i = 0; i < rows;) {
      const float *from = a + (size_t)i * (size_t)depth;
      float *to = out + (size_t)i * (size_t)width + j;
      if (rows - i >= ROWS) {
        tile(ROWS, width, depth, from, b + j, to);
        i += ROWS;
      } else {
        tile(1, width, depth, from, b + j, to);
        i++;
      }
    }
  for (int i = 0; i < rows && whole < width; i++)
    edge(width, whole, depth, a + (size_t)i * (size_t)depth, b, out + (size_t)i * (size_t)width);
}

void rows_product(int rows, int width, int depth, const float *a, const float *b, float *out) {
  if (rows <= ROWS_FEW)
    few_rows(rows, width, depth, a, b, out);
  else
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, width, depth, 1.0f, a, depth, b, width, 1.0f, out,
                width);
}

static int lesser(int a, int b) { return a < b ? a : b; }

void rows_transpose(int height, int width, const float *in, float *out) {
  for (int i = 0; i < height; i += BLOCK)
    for (int j = 0; j < width; j += BLOCK)
      for (int y = i; y < lesser(i + BLOCK, height); y++)
        for (int x = j; x < lesser(j + BLOCK, width); x++)
          out[(size_t)x * (size_t)height + (size_t)y] = in[(size_t)y * (size_t)width + (size_t)x];
}
