/* For processors that have none of this: never called there, as bf16_available says so. */
#include <stdlib.h>

#include "math/bf16_tile.h"

#ifndef BF16_TILE

int64_t bf16_left_count(int rows, int depth) {
  (void)rows;
  (void)depth;
  abort();
}

int64_t bf16_right_count(int depth, int width) {
  (void)depth;
  (void)width;
  abort();
}

void bf16_left(int rows, int depth, const float *a, int stride, uint16_t *packed) {
  (void)rows;
  (void)depth;
  (void)a;
  (void)stride;
  (void)packed;
  abort();
}

void bf16_left_transposed(int rows, int depth, const float *a, int stride, uint16_t *packed) {
  (void)rows;
  (void)depth;
  (void)a;
  (void)stride;
  (void)packed;
  abort();
}

void bf16_right(int depth, int width, const float *b, int stride, uint16_t *packed) {
  (void)depth;
  (void)width;
  (void)b;
  (void)stride;
  (void)packed;
  abort();
}

void bf16_right_transposed(int depth, int width, const float *b, int stride, uint16_t *packed) {
  (void)depth;
  (void)width;
  (void)b;
  (void)stride;
  (void)packed;
  abort();
}

void bf16_product(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride) {
  (void)rows;
  (void)width;
  (void)depth;
  (void)a;
  (void)b;
  (void)add;
  (void)c;
  (void)stride;
  abort();
}

void bf16_outer(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride) {
  (void)rows;
  (void)width;
  (void)depth;
  (void)a;
  (void)b;
  (void)add;
  (void)c;
  (void)stride;
  abort();
}

void bf16_exponentials(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, const float *bias,
                       const float *shift, uint16_t *left, uint16_t *right, float *sums) {
  (void)rows;
  (void)width;
  (void)depth;
  (void)a;
  (void)b;
  (void)bias;
  (void)shift;
  (void)left;
  (void)right;
  (void)sums;
  abort();
}

float bf16_dot(int depth, const uint16_t *a, const float *b) {
  (void)depth;
  (void)a;
  (void)b;
  abort();
}

void bf16_column_sums(int rows, int width, const uint16_t *right, const float *scale, float *out) {
  (void)rows;
  (void)width;
  (void)right;
  (void)scale;
  (void)out;
  abort();
}

#endif
