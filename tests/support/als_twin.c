#include "support/als_twin.h"

#include <math.h>
#include <string.h>

enum { WIDTH_MOST = 128 };

static void eliminate(double a[WIDTH_MOST][WIDTH_MOST + 1], int n) {
  for (int c = 0; c < n; c++) {
    int pivot = c;
    for (int r = c + 1; r < n; r++)
      if (fabs(a[r][c]) > fabs(a[pivot][c])) pivot = r;
    for (int k = 0; k <= n; k++) {
      const double kept = a[c][k];
      a[c][k] = a[pivot][k];
      a[pivot][k] = kept;
    }
    for (int r = 0; r < n; r++) {
      if (r == c) continue;
      const double factor = a[r][c] / a[c][c];
      for (int k = c; k <= n; k++) a[r][k] -= factor * a[c][k];
    }
  }
}

void als_twin_user(const als_interactions *m, int32_t u, const float *item, int32_t items, int width, int frozen,
                   int stride, double unobserved, double lambda, double *row) {
  static double a[WIDTH_MOST][WIDTH_MOST + 1];
  memset(a, 0, sizeof a);
  for (int32_t i = 0; i < items; i++) {
    const float *z = item + (int64_t)i * stride;
    for (int r = 0; r < width; r++)
      for (int c = 0; c < width; c++) a[r][c] += unobserved * (double)z[r] * (double)z[c];
  }
  for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
    const float *z = item + (int64_t)m->item[j] * stride;
    const double w = m->weight != NULL ? (double)m->weight[j] : 1;
    double t = m->target != NULL ? (double)m->target[j] : 1;
    for (int c = width; c < width + frozen; c++) t -= row[c] * (double)z[c];
    for (int r = 0; r < width; r++) {
      for (int c = 0; c < width; c++) a[r][c] += w * (double)z[r] * (double)z[c];
      a[r][width] += w * t * (double)z[r];
    }
  }
  for (int r = 0; r < width; r++) a[r][r] += lambda;
  eliminate(a, width);
  for (int r = 0; r < width; r++) row[r] = a[r][width] / a[r][r];
}

static void multiply(double a[WIDTH_MOST][WIDTH_MOST + 1], int n, const double *x, double *out) {
  for (int r = 0; r < n; r++) {
    out[r] = 0;
    for (int c = 0; c < n; c++) out[r] += a[r][c] * x[c];
  }
}

static double inner(const double *x, const double *y, int n) {
  double sum = 0;
  for (int c = 0; c < n; c++) sum += x[c] * y[c];
  return sum;
}

void als_twin_conjugate(const als_interactions *m, int32_t u, const float *item, int width, int stride,
                        const float *base, double lambda, int steps, double *row) {
  static double a[WIDTH_MOST][WIDTH_MOST + 1];
  double residual[WIDTH_MOST], solved[WIDTH_MOST], direction[WIDTH_MOST], product[WIDTH_MOST];
  memset(a, 0, sizeof a);
  for (int r = 0; r < width; r++) a[r][r] = (double)base[r] + lambda;
  for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
    const float *z = item + (int64_t)m->item[j] * stride;
    for (int r = 0; r < width; r++) {
      for (int c = 0; c < width; c++) a[r][c] += (double)m->weight[j] * (double)z[r] * (double)z[c];
      a[r][width] += (double)m->weight[j] * (double)z[r];
    }
  }
  multiply(a, width, row, product);
  for (int r = 0; r < width; r++) residual[r] = a[r][width] - product[r];
  for (int r = 0; r < width; r++) direction[r] = solved[r] = residual[r] / a[r][r];
  for (int step = 0; step < steps; step++) {
    multiply(a, width, direction, product);
    const double before = inner(residual, solved, width), length = before / inner(direction, product, width);
    for (int r = 0; r < width; r++) {
      row[r] += length * direction[r];
      residual[r] -= length * product[r];
      solved[r] = residual[r] / a[r][r];
    }
    const double turn = inner(residual, solved, width) / before;
    for (int r = 0; r < width; r++) direction[r] = solved[r] + turn * direction[r];
  }
}

double als_twin_loss(const als_interactions *m, const float *user, const float *item, int32_t items, int width,
                     int stride, double unobserved, const float *user_lambda, const float *item_lambda) {
  double loss = 0;
  for (int32_t u = 0; u < m->count; u++) {
    for (int32_t i = 0; i < items; i++) {
      double dot = 0;
      for (int c = 0; c < width; c++)
        dot += (double)user[(int64_t)u * stride + c] * (double)item[(int64_t)i * stride + c];
      loss += unobserved * dot * dot;
      for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
        const double gap = (m->target != NULL ? (double)m->target[j] : 1) - dot;
        if (m->item[j] == i) loss += (m->weight != NULL ? (double)m->weight[j] : 1) * gap * gap;
      }
    }
    for (int c = 0; c < width && user_lambda[u] > 0; c++)
      loss += (double)user_lambda[u] * (double)user[(int64_t)u * stride + c] * (double)user[(int64_t)u * stride + c];
  }
  for (int32_t i = 0; i < items; i++)
    for (int c = 0; c < width && item_lambda[i] > 0; c++)
      loss += (double)item_lambda[i] * (double)item[(int64_t)i * stride + c] * (double)item[(int64_t)i * stride + c];
  return loss;
}
