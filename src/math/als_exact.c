#include "math/als_exact.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

int64_t als_exact_scratch(int stride) { return (int64_t)stride * stride + stride; }

/* matrix [n, n], lower triangle, in place. A pivot that vanishes leaves a column of 0: nothing determines it. */
static void decompose(double *matrix, int n) {
  for (int j = 0; j < n; j++) {
    double *row_j = matrix + (int64_t)j * n;
    const double whole = row_j[j];
    double pivot = whole;
    for (int k = 0; k < j; k++) pivot -= row_j[k] * row_j[k];
    const double root = pivot > 1e-12 * whole ? sqrt(pivot) : 0;
    for (int i = j + 1; i < n; i++) {
      double *row_i = matrix + (int64_t)i * n;
      double sum = row_i[j];
      for (int k = 0; k < j; k++) sum -= row_i[k] * row_j[k];
      row_i[j] = root > 0 ? sum / root : 0;
    }
    row_j[j] = root;
  }
}

static void substitute(const double *matrix, int n, double *x) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) x[i] -= matrix[(int64_t)i * n + k] * x[k];
    const double root = matrix[(int64_t)i * n + i];
    x[i] = root > 0 ? x[i] / root : 0;
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) x[i] -= matrix[(int64_t)k * n + i] * x[k];
    const double root = matrix[(int64_t)i * n + i];
    x[i] = root > 0 ? x[i] / root : 0;
  }
}

/* Adds one interaction to the lower triangle and the right-hand side. */
static void accumulate(const float *z, const float *base, const float *row, int stride, double weight, double target,
                       double *matrix, double *right) {
  for (int c = 0; c < stride; c++)
    if (base[c] < 0) target -= (double)row[c] * (double)z[c];
  for (int i = 0; i < stride; i++) {
    if (base[i] < 0) continue;
    const double scaled = weight * (double)z[i];
    right[i] += scaled * target;
    for (int j = 0; j <= i; j++)
      if (base[j] >= 0) matrix[(int64_t)i * stride + j] += scaled * (double)z[j];
  }
}

void als_exact_row(const als_interactions *m, int32_t r, const float *other, int stride, const float *base,
                   float lambda, float *row, double *scratch) {
  double *matrix = scratch, *right = scratch + (int64_t)stride * stride;
  memset(scratch, 0, (size_t)als_exact_scratch(stride) * sizeof *scratch);
  for (int64_t j = m->offset[r]; lambda >= 0 && j < m->offset[r + 1]; j++)
    accumulate(other + (int64_t)m->item[j] * stride, base, row, stride, m->weight != NULL ? (double)m->weight[j] : 1,
               m->target != NULL ? (double)m->target[j] : 1, matrix, right);
  for (int c = 0; m->prior != NULL && lambda > 0 && c < stride; c++)
    if (base[c] >= 0) right[c] += (double)lambda * (double)m->prior[(int64_t)r * stride + c];
  for (int c = 0; c < stride; c++)
    matrix[(int64_t)c * stride + c] += base[c] < 0 || lambda < 0 ? 1 : (double)base[c] + (double)lambda;
  decompose(matrix, stride);
  substitute(matrix, stride, right);
  for (int c = 0; c < stride; c++)
    if (base[c] >= 0) row[c] = (float)right[c];
}
