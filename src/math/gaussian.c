#include "math/gaussian.h"

#include <math.h>
#include <string.h>

int gaussian_factor(int n, double *a) {
  for (int j = 0; j < n; j++) {
    for (int i = j; i < n; i++) {
      double sum = a[i * n + j];
      for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i > j) {
        a[i * n + j] = sum / a[j * n + j];
      } else {
        if (!(sum > 0)) return 0;
        a[j * n + j] = sqrt(sum);
      }
    }
  }
  return 1;
}

void gaussian_forward(int n, const double *factor, double *x) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) x[i] -= factor[i * n + k] * x[k];
    x[i] /= factor[i * n + i];
  }
}

void gaussian_backward(int n, const double *factor, double *x) {
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) x[i] -= factor[k * n + i] * x[k];
    x[i] /= factor[i * n + i];
  }
}

void gaussian_draw(int n, const double *factor, random_stream *r, double *x) {
  gaussian_forward(n, factor, x);
  for (int i = 0; i < n; i++) x[i] += (double)random_normal(r);
  gaussian_backward(n, factor, x);
}

/* χ² by Marsaglia and Tsang 2000 (Gamma of shape freedom / 2 > 1/3, twice). */
static double draw_chi_square(double freedom, random_stream *r) {
  const double d = freedom / 2 - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    const double x = (double)random_normal(r), root = 1 + c * x, v = root * root * root;
    const double u = random_unit_f64(r);
    if (root > 0 && log(1 - u) < 0.5 * x * x + d - d * v + d * log(v)) return 2 * d * v;
  }
}

/* With B the Bartlett factor and S = (L × Lᵀ)⁻¹ the scale, M = L⁻ᵀ × B gives M × Mᵀ. */
void gaussian_wishart(int n, const double *factor, double freedom, random_stream *r, double *out, double *scratch) {
  memset(scratch, 0, (size_t)n * (size_t)n * sizeof *scratch);
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) scratch[j * n + i] = (double)random_normal(r);
    scratch[i * n + i] = sqrt(draw_chi_square(freedom - i, r));
  }
  for (int c = 0; c < n; c++) gaussian_backward(n, factor, scratch + c * n); /* row c holds column c of B, then of M */
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int c = 0; c < n; c++) sum += scratch[c * n + i] * scratch[c * n + j];
      out[i * n + j] = sum;
    }
}
