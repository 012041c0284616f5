#include "math/als.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "math/als_row.h"
#include "math/kernel.h"

int als_stride(int columns) { return lanes_stride(columns); }

float als_lambda(double regularisation, double exponent, int64_t interactions, double unobserved_total) {
  if (interactions == 0) return ALS_EMPTY;
  return (float)(regularisation * pow((double)interactions + unobserved_total, exponent));
}

void als_initialise(uint64_t seed, const item_id *id, int32_t rows, int width, int stride, float *table) {
  const float deviation = 0.1F / sqrtf((float)width);
  for (int32_t i = 0; i < rows; i++) {
    random_stream r = random_open(seed, RANDOM_FACTORS, id[i].high ^ id[i].low, 0);
    float *row = table + (int64_t)i * stride;
    memset(row, 0, (size_t)stride * sizeof *row);
    for (int c = 0; c < width; c++) row[c] = deviation * (1 + random_normal(&r));
  }
}

void als_gram(const float *table, int32_t rows, int width, int stride, double *gram, float *scratch) {
  for (int32_t first = 0; first < rows; first += ALS_BLOCK) {
    const int count = rows - first < ALS_BLOCK ? rows - first : ALS_BLOCK;
    cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, width, count, 1, table + (int64_t)first * stride, stride, 0,
                scratch, width);
    for (int i = 0; i < width; i++)
      for (int j = 0; j < width; j++)
        gram[(int64_t)i * width + j] +=
            (double)(j <= i ? scratch[(int64_t)i * width + j] : scratch[(int64_t)j * width + i]);
  }
}

void als_rotate(float *table, int32_t rows, int width, int stride, const float *vectors, float *scratch) {
  for (int32_t first = 0; first < rows; first += ALS_BLOCK) {
    const int count = rows - first < ALS_BLOCK ? rows - first : ALS_BLOCK;
    float *block = table + (int64_t)first * stride;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, count, width, width, 1, block, stride, vectors, width, 0,
                scratch, width);
    for (int i = 0; i < count; i++)
      memcpy(block + (int64_t)i * stride, scratch + (int64_t)i * width, (size_t)width * sizeof *block);
  }
}

KERNEL static double seen_loss(const als_interactions *m, const float *user, const float *item, int stride) {
  double sum = 0;
  for (int32_t u = 0; u < m->count; u++)
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const float dot = lanes_dot(user + (int64_t)u * stride, item + (int64_t)m->item[j] * stride, stride);
      const double gap = (double)als_row_target(m, j) - (double)dot;
      sum += (double)als_row_weight(m, j) * gap * gap;
    }
  return sum;
}

double als_penalty(const float *table, int32_t rows, int stride, const float *base, const float *lambda, int weighted) {
  double sum = 0;
  for (int32_t i = 0; i < rows; i++) {
    const float *row = table + (int64_t)i * stride;
    for (int c = 0; c < stride; c++) {
      if (base[c] < 0) continue;
      const double factor = (weighted ? (double)base[c] : 0) + (lambda[i] > 0 ? (double)lambda[i] : 0);
      sum += factor * (double)row[c] * (double)row[c];
    }
  }
  return sum;
}

/* A function that is compiled more than once is found by other files under one name only with gcc, not with clang. */

double als_loss(const als_interactions *m, const float *user, const float *item, int stride) {
  return seen_loss(m, user, item, stride);
}
