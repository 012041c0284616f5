#include "math/ritz.h"

#include <cblas.h>
#include <math.h>
#include <stddef.h>

#include "math/symmetric.h"

/* Of the Gram matrix of normalised columns: what lies below is rounding. */
static const double LEAST = 1e-11;

void ritz_gram(int32_t rows, int width, const float *x, const float *y, double *out, double *scratch) {
  double *left = scratch, *right = scratch + (ptrdiff_t)RITZ_BLOCK * width;
  for (int32_t first = 0; first < rows; first += RITZ_BLOCK) {
    const int count = rows - first < RITZ_BLOCK ? rows - first : RITZ_BLOCK;
    const ptrdiff_t at = (ptrdiff_t)first * width, size = (ptrdiff_t)count * width;
    for (ptrdiff_t i = 0; i < size; i++) left[i] = (double)x[at + i];
    for (ptrdiff_t i = 0; i < size; i++) right[i] = (double)y[at + i];
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, width, width, count, 1, left, width, right, width, 1, out,
                width);
  }
}

int64_t ritz_scratch(int width) { return 3 * (int64_t)width * width + width + symmetric_scratch(width); }
int64_t ritz_scratch_int(int width) { return symmetric_scratch_int(width); }

/* basis: rows that make X orthonormal, from the eigenvectors of the Gram matrix of its normalised columns. */
static status whiten(int n, const double *gram, double *basis, double *values, double *scratch, int *scratch_int) {
  double *norm = scratch;
  for (int i = 0; i < n; i++) {
    const double square = gram[(ptrdiff_t)i * n + i];
    norm[i] = square > 0 ? 1 / sqrt(square) : 0;
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) basis[(ptrdiff_t)i * n + j] = norm[i] * gram[(ptrdiff_t)i * n + j] * norm[j];
  TRY(symmetric_eigen(n, basis, values, scratch + n, scratch_int));
  for (int r = 0; r < n; r++) {
    const double factor = values[r] > LEAST * values[n - 1] ? 1 / sqrt(values[r]) : 0;
    for (int c = 0; c < n; c++) basis[(ptrdiff_t)r * n + c] *= factor * norm[c];
  }
  return STATUS_OK;
}

status ritz_solve(int n, const double *gram, const double *product, float *vectors, double *values, double *scratch,
                  int *scratch_int) {
  const ptrdiff_t square = (ptrdiff_t)n * n;
  double *basis = scratch, *inner = basis + square, *turned = inner + square, *rest = turned + square;
  TRY(whiten(n, gram, basis, values, rest, scratch_int));
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, basis, n, product, n, 0, turned, n);
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, turned, n, basis, n, 0, inner, n);
  TRY(symmetric_eigen(n, inner, values, rest, scratch_int));
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, inner, n, basis, n, 0, turned, n);
  for (int r = 0; r < n; r++) /* ascending becomes descending */
    for (int c = 0; c < n; c++) vectors[(ptrdiff_t)r * n + c] = (float)turned[(ptrdiff_t)(n - 1 - r) * n + c];
  for (int r = 0; r < n / 2; r++) {
    const double value = values[r];
    values[r] = values[n - 1 - r];
    values[n - 1 - r] = value;
  }
  return STATUS_OK;
}
