/* The writer's products: by a BLAS in f32, or of operands rounded to bf16 where the weights are packed. */
#include <cblas.h>

#include "math/bf16.h"
#include "math/generator_pass.h"
#include "math/rows.h"

void generator_product(int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b,
                       float beta, float *c) {
  if (m == 0 || n == 0 || k == 0) return;
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k,
              1.0f, a, transpose_a ? m : k, b, transpose_b ? k : n, beta, c, n);
}

void generator_products_lay_out(generator_pass *w, kernel_scratch *scratch) {
  const generator_shape *s = w->shape;
  const int rows = w->batch->sequences * w->batch->steps, h = s->hidden, e = s->embedding, wide = e > h ? e : h;
  if (w->batch->packed == NULL) return;
  w->left = (uint16_t *)(void *)kernel_take(scratch, bf16_left_count(rows, wide > 4 * h ? wide : 4 * h) / 2 + 1);
  w->outer_left = (uint16_t *)(void *)kernel_take(scratch, bf16_right_count(rows, wide) / 2 + 1);
  w->outer_right =
      (uint16_t *)(void *)kernel_take(scratch, bf16_right_count(rows, wide > 4 * h ? wide : 4 * h) / 2 + 1);
}

void generator_ahead(const generator_pass *w, int rows, const float *a, const generator_matrix *m, int add,
                     float *out) {
  if (w->batch->packed == NULL) {
    if (add)
      rows_product(rows, m->width, m->depth, a, m->plain, out);
    else
      generator_product(0, 0, rows, m->width, m->depth, a, m->plain, 0, out);
    return;
  }
  bf16_left(rows, m->depth, a, m->depth, w->left);
  bf16_product(rows, m->width, m->depth, w->left, m->ahead, add, out, m->width);
}

void generator_back(const generator_pass *w, int rows, const float *a, const generator_matrix *m, float *out) {
  if (w->batch->packed == NULL) {
    generator_product(0, 1, rows, m->depth, m->width, a, m->plain, 0, out);
    return;
  }
  bf16_left(rows, m->width, a, m->width, w->left);
  bf16_product(rows, m->depth, m->width, w->left, m->back, 0, out, m->depth);
}

void generator_turn(const generator_pass *w, const generator_matrix *m) {
  if (w->batch->packed == NULL) rows_transpose(m->depth, m->width, m->plain, w->turned);
}

void generator_back_step(const generator_pass *w, int rows, const float *a, const generator_matrix *m, float *out) {
  if (w->batch->packed == NULL) {
    rows_product(rows, m->depth, m->width, a, w->turned, out);
    return;
  }
  bf16_left(rows, m->width, a, m->width, w->left);
  bf16_product(rows, m->depth, m->width, w->left, m->back, 1, out, m->depth);
}

void generator_outer_right(generator_pass *w, int rows, int width, const float *b) {
  w->outer_rows = rows;
  w->outer_width = width;
  w->outer_plain = b;
  if (w->batch->packed != NULL) bf16_right(rows, width, b, width, w->outer_right);
}

void generator_outer(const generator_pass *w, int width, const float *a, float *out) {
  if (w->batch->packed == NULL) {
    generator_product(1, 0, width, w->outer_width, w->outer_rows, a, w->outer_plain, 1, out);
    return;
  }
  bf16_right(w->outer_rows, width, a, width, w->outer_left);
  bf16_outer(width, w->outer_width, w->outer_rows, w->outer_left, w->outer_right, 1, out, w->outer_width);
}
