#include "math/als.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "math/kernel.h"
#include "math/lanes.h"

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
    for (int c = 0; c < width; c++) row[c] = deviation * random_normal(&r);
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

static inline __attribute__((always_inline)) float weight_at(const als_interactions *m, int64_t j) {
  return m->weight != NULL ? m->weight[j] : 1;
}

static inline __attribute__((always_inline)) float target_at(const als_interactions *m, int64_t j) {
  return m->target != NULL ? m->target[j] : 1;
}

/* The few steps that conjugate gradients take on one row, between the passes over its interactions. */

/* residual holds Σ w (t − x·z) z and inverse Σ w z²: takes the diagonal in, makes the first direction; returns the
 * norm. */
static inline __attribute__((always_inline)) float row_start(const float *base, float lambda, int stride,
                                                             float *solution, float *direction, float *residual,
                                                             float *inverse) {
  lanes sum = {0};
  for (int c = 0; c < stride; c += LANES) {
    lanes part;
    for (int l = 0; l < LANES; l++) {
      const int at = c + l;
      const int solved = base[at] >= 0;
      if (solved && lambda < 0) solution[at] = 0;
      const float diagonal = base[at] + lambda;
      const float whole = diagonal + inverse[at];
      inverse[at] = solved && lambda >= 0 && whole > 0 ? 1 / whole : 0;
      residual[at] -= diagonal * solution[at];
      direction[at] = inverse[at] * residual[at];
      part[l] = residual[at] * direction[at];
    }
    sum += part;
  }
  return lanes_sum(&sum);
}

/* product holds Σ w (p·z) z for the direction p. Returns the new norm. */
static inline __attribute__((always_inline)) float row_step(const float *base, float lambda, int stride, float norm,
                                                            float *solution, float *direction, float *residual,
                                                            const float *inverse, const float *product) {
  const lanes *p = (const lanes *)direction, *q = (const lanes *)product, *b = (const lanes *)base;
  lanes curved = {0}, left = {0};
  for (int i = 0; i < stride / LANES; i++) curved += p[i] * (q[i] + (b[i] + lambda) * p[i]);
  const float curvature = lanes_sum(&curved);
  if (!(curvature > 0) || !(norm > 0)) return 0; /* nothing left to descend */
  const float length = norm / curvature;
  lanes *x = (lanes *)solution, *r = (lanes *)residual, *d = (lanes *)direction;
  const lanes *m = (const lanes *)inverse;
  for (int i = 0; i < stride / LANES; i++) {
    x[i] += length * d[i];
    r[i] -= length * (q[i] + (b[i] + lambda) * d[i]);
    left += r[i] * r[i] * m[i];
  }
  const float after = lanes_sum(&left), turn = after / norm;
  for (int i = 0; i < stride / LANES; i++) d[i] = r[i] * m[i] + turn * d[i];
  return after;
}

KERNEL static void solve_rows(const als_interactions *m, const float *other, int stride, const float *base,
                              const float *lambda, int steps, float *solution, float *residual_left, float *scratch) {
  float *residual = scratch, *inverse = scratch + stride, *direction = scratch + 2 * (int64_t)stride;
  float *product = scratch + 3 * (int64_t)stride;
  for (int32_t u = 0; u < m->count; u++) {
    float *x = solution + (int64_t)u * stride;
    memset(scratch, 0, 2 * (size_t)stride * sizeof *scratch);
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const float *z = other + (int64_t)m->item[j] * stride;
      const float w = weight_at(m, j), gap = target_at(m, j) - lanes_dot(x, z, stride);
      lanes_add(residual, w * gap, z, stride);
      lanes *square = (lanes *)inverse;
      for (int i = 0; i < stride / LANES; i++) square[i] += w * ((const lanes *)z)[i] * ((const lanes *)z)[i];
    }
    const float first = row_start(base, lambda[u], stride, x, direction, residual, inverse);
    float norm = first;
    for (int step = 0; step < steps && norm > 0; step++) {
      memset(product, 0, (size_t)stride * sizeof *product);
      for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
        const float *z = other + (int64_t)m->item[j] * stride;
        lanes_add(product, weight_at(m, j) * lanes_dot(direction, z, stride), z, stride);
      }
      norm = row_step(base, lambda[u], stride, norm, x, direction, residual, inverse, product);
    }
    if (residual_left != NULL) residual_left[u] = first > 0 ? norm / first : 0;
  }
}

KERNEL static void item_residual(const als_interactions *m, const float *user, const float *item, int stride,
                                 float *part) {
  for (int32_t u = 0; u < m->count; u++) {
    const float *x = user + (int64_t)u * stride;
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      float *row = part + (int64_t)m->item[j] * 2 * stride;
      const float w = weight_at(m, j);
      const float gap = target_at(m, j) - lanes_dot(x, item + (int64_t)m->item[j] * stride, stride);
      lanes_add(row, w * gap, x, stride);
      lanes *square = (lanes *)(row + stride);
      for (int i = 0; i < stride / LANES; i++) square[i] += w * ((const lanes *)x)[i] * ((const lanes *)x)[i];
    }
  }
}

KERNEL static void item_product(const als_interactions *m, const float *user, const float *direction, int stride,
                                float *part) {
  for (int32_t u = 0; u < m->count; u++) {
    const float *x = user + (int64_t)u * stride;
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const int64_t at = (int64_t)m->item[j] * stride;
      lanes_add(part + at, weight_at(m, j) * lanes_dot(x, direction + at, stride), x, stride);
    }
  }
}

KERNEL static void descent_start(const als_descent *d, const float *part) {
  for (int32_t i = 0; i < d->rows; i++) {
    const int64_t at = (int64_t)i * d->stride;
    memcpy(d->residual + at, part + 2 * at, (size_t)d->stride * sizeof *part);
    memcpy(d->inverse + at, part + 2 * at + d->stride, (size_t)d->stride * sizeof *part);
    d->norm[i] = row_start(d->base, d->lambda[i], d->stride, d->solution + at, d->direction + at, d->residual + at,
                           d->inverse + at);
  }
}

KERNEL static void descent_step(const als_descent *d, const float *product) {
  for (int32_t i = 0; i < d->rows; i++) {
    const int64_t at = (int64_t)i * d->stride;
    d->norm[i] = row_step(d->base, d->lambda[i], d->stride, d->norm[i], d->solution + at, d->direction + at,
                          d->residual + at, d->inverse + at, product + at);
  }
}

KERNEL static double seen_loss(const als_interactions *m, const float *user, const float *item, int stride) {
  double sum = 0;
  for (int32_t u = 0; u < m->count; u++)
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const float dot = lanes_dot(user + (int64_t)u * stride, item + (int64_t)m->item[j] * stride, stride);
      const double gap = (double)target_at(m, j) - (double)dot;
      sum += (double)weight_at(m, j) * gap * gap;
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

int64_t als_solve_scratch(int stride) { return 4 * (int64_t)stride; }

void als_solve_rows(const als_interactions *m, const float *other, int stride, const float *base, const float *lambda,
                    int steps, float *solution, float *residual, float *scratch) {
  solve_rows(m, other, stride, base, lambda, steps, solution, residual, scratch);
}

void als_item_residual(const als_interactions *m, const float *user, const float *item, int stride, float *part) {
  item_residual(m, user, item, stride, part);
}

void als_item_product(const als_interactions *m, const float *user, const float *direction, int stride, float *part) {
  item_product(m, user, direction, stride, part);
}

void als_descent_start(const als_descent *d, const float *part) { descent_start(d, part); }

void als_descent_step(const als_descent *d, const float *product) { descent_step(d, product); }

double als_loss(const als_interactions *m, const float *user, const float *item, int stride) {
  return seen_loss(m, user, item, stride);
}
