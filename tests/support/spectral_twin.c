#include "support/spectral_twin.h"

#include <math.h>
#include <string.h>

void spectral_twin_matrix(const double *weights, int users, int items, double *w, double *root) {
  memset(w, 0, (size_t)items * (size_t)items * sizeof *w);
  memset(root, 0, (size_t)items * sizeof *root);
  for (int u = 0; u < users; u++)
    for (int i = 0; i < items; i++) root[i] += weights[u * items + i];
  for (int i = 0; i < items; i++) root[i] = sqrt(root[i]);
  for (int u = 0; u < users; u++) {
    const double *row = weights + u * items;
    double sum = 0;
    for (int i = 0; i < items; i++) sum += row[i];
    for (int i = 0; i < items; i++)
      for (int j = 0; row[i] > 0 && j < items; j++)
        if (row[j] > 0) w[i * items + j] += row[i] * row[j] / (sum * root[i] * root[j]);
  }
}

static double sum_of(const double *weights, int count, int step) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += weights[i * step];
  return sum;
}

void spectral_twin_linear(const double *weights, int users, int items, double user, double input, double output,
                          double *linear) {
  double of_user[1024], of_item[1024], per_user = 0, per_item = 0, active = 0, known = 0;
  for (int u = 0; u < users; u++) of_user[u] = sum_of(weights + u * items, items, 1);
  for (int i = 0; i < items; i++) of_item[i] = sum_of(weights + i, users, items);
  for (int u = 0; u < users; u++) active += of_user[u] > 0;
  for (int i = 0; i < items; i++) known += of_item[i] > 0;
  for (int u = 0; u < users; u++) per_user += of_user[u] / active;
  for (int i = 0; i < items; i++) per_item += of_item[i] / known;
  for (int i = 0; i < items; i++)
    for (int j = 0; j < items; j++) {
      double sum = 0;
      for (int u = 0; u < users; u++)
        if (of_user[u] > 0)
          sum += weights[u * items + i] * weights[u * items + j] * pow(of_user[u] / per_user, -user) / per_user;
      linear[i * items + j] =
          sum > 0 ? sum * pow(of_item[i] / per_item, -input) * pow(of_item[j] / per_item, -output) / per_item : 0;
    }
}

/* Rotates rows and columns p and q so that matrix[p][q] becomes 0. */
static void rotate(double *m, double *vectors, int n, int p, int q) {
  const double off = m[p * n + q];
  if (fabs(off) < 1e-300) return;
  const double theta = (m[q * n + q] - m[p * n + p]) / (2 * off);
  const double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int k = 0; k < n; k++) {
    const double a = m[k * n + p], b = m[k * n + q];
    m[k * n + p] = c * a - s * b;
    m[k * n + q] = s * a + c * b;
  }
  for (int k = 0; k < n; k++) {
    const double a = m[p * n + k], b = m[q * n + k];
    m[p * n + k] = c * a - s * b;
    m[q * n + k] = s * a + c * b;
  }
  for (int k = 0; k < n; k++) {
    const double a = vectors[p * n + k], b = vectors[q * n + k];
    vectors[p * n + k] = c * a - s * b;
    vectors[q * n + k] = s * a + c * b;
  }
}

void spectral_twin_eigen(double *matrix, int n, double *values, double *vectors) {
  memset(vectors, 0, (size_t)n * (size_t)n * sizeof *vectors);
  for (int i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < 12; sweep++)
    for (int p = 0; p < n; p++)
      for (int q = p + 1; q < n; q++) rotate(matrix, vectors, n, p, q);
  for (int i = 0; i < n; i++) values[i] = matrix[i * n + i];
  for (int i = 0; i < n; i++) /* selection, descending */
    for (int j = i + 1; j < n; j++) {
      if (values[j] <= values[i]) continue;
      const double value = values[i];
      values[i] = values[j];
      values[j] = value;
      for (int k = 0; k < n; k++) {
        const double entry = vectors[i * n + k];
        vectors[i * n + k] = vectors[j * n + k];
        vectors[j * n + k] = entry;
      }
    }
}

static void multiply(const double *a, const double *b, int n, double *out) {
  memset(out, 0, (size_t)n * (size_t)n * sizeof *out);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; a[i * n + k] != 0 && j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j];
}

void spectral_twin_model(const double *linear, const double *w, const double *root, int n, const double *vectors,
                         int count, double ideal, double length, double *model, double *scratch) {
  const size_t bytes = (size_t)n * (size_t)n * sizeof *model;
  double *blurred = scratch, *next = scratch + n * n;
  memcpy(blurred, linear, bytes);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < count && root[i] > 0; k++)
        blurred[i * n + j] += ideal / root[i] * vectors[k * n + i] * vectors[k * n + j] * root[j];
  memcpy(model, blurred, bytes);
  double factor = 1;
  for (int k = 1; k <= 4; k++) {
    multiply(blurred, w, n, next);
    memcpy(blurred, next, bytes);
    factor *= -length / k;
    for (int i = 0; i < n * n; i++) model[i] += factor * blurred[i];
  }
}
