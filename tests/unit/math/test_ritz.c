#include "math/ritz.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

enum { ROWS = 2 * RITZ_BLOCK + 37, WIDTH = 12, SPAN = 9 };

static float x[ROWS * WIDTH], y[ROWS * WIDTH], vectors[WIDTH * WIDTH];
static double diagonal[ROWS], gram[WIDTH * WIDTH], product[WIDTH * WIDTH], values[WIDTH];

/* W is diagonal, y = W x; the columns of x span SPAN dimensions, and differ in size by thousands. */
static void fill(void) {
  random_stream r = random_open(7, RANDOM_TEST, 2, 0);
  for (int i = 0; i < ROWS; i++) diagonal[i] = (double)random_unit(&r);
  for (int i = 0; i < ROWS; i++)
    for (int c = 0; c < SPAN; c++) x[i * WIDTH + c] = random_normal(&r) * powf(10, (float)(c % 5) - 2);
  for (int i = 0; i < ROWS; i++)
    for (int c = SPAN; c < WIDTH; c++) x[i * WIDTH + c] = c == WIDTH - 1 ? 0 : 2 * x[i * WIDTH + c - SPAN];
  for (int i = 0; i < ROWS * WIDTH; i++) y[i] = (float)(diagonal[i / WIDTH] * (double)x[i]);
}

static void grams(void) {
  static double scratch[2 * RITZ_BLOCK * WIDTH];
  memset(gram, 0, sizeof gram);
  memset(product, 0, sizeof product);
  ritz_gram(ROWS, WIDTH, x, x, gram, scratch);
  ritz_gram(ROWS, WIDTH, x, y, product, scratch);
}

static void a_gram_matrix_is_the_sum_over_rows(void) {
  fill();
  grams();
  double worst = 0;
  for (int a = 0; a < WIDTH; a++)
    for (int b = 0; b < WIDTH; b++) {
      double sum = 0, size = 1e-30;
      for (int i = 0; i < ROWS; i++) {
        sum += (double)x[i * WIDTH + a] * (double)y[i * WIDTH + b];
        size += fabs((double)x[i * WIDTH + a] * (double)y[i * WIDTH + b]);
      }
      worst = fmax(worst, fabs(sum - product[a * WIDTH + b]) / size);
    }
  CU_ASSERT(worst < 1e-13);
}

/* What the rows of `vectors` make of the columns of x. */
static double combined(int vector, int row) {
  double sum = 0;
  for (int c = 0; c < WIDTH; c++) sum += (double)vectors[vector * WIDTH + c] * (double)x[row * WIDTH + c];
  return sum;
}

static void combinations_are_orthonormal_and_make_the_matrix_diagonal(void) {
  arena memory = {0};
  double *scratch = NULL, skew = 0, off = 0;
  int *ints = NULL;
  CU_ASSERT_EQUAL(ARENA(&memory, ritz_scratch(WIDTH), &scratch), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&memory, ritz_scratch_int(WIDTH), &ints), STATUS_OK);
  fill();
  grams();
  CU_ASSERT_EQUAL(ritz_solve(WIDTH, gram, product, vectors, values, scratch, ints), STATUS_OK);
  for (int a = 0; a < WIDTH; a++)
    for (int b = 0; b < WIDTH; b++) {
      double dot = 0, inner = 0;
      for (int i = 0; i < ROWS; i++) {
        dot += combined(a, i) * combined(b, i);
        inner += combined(a, i) * diagonal[i] * combined(b, i);
      }
      skew = fmax(skew, fabs(dot - (a == b && a < SPAN ? 1 : 0)));
      off = fmax(off, fabs(inner - (a == b ? values[a] : 0)));
    }
  CU_ASSERT(skew < 1e-5);
  CU_ASSERT(off < 1e-5);
  for (int a = 1; a < WIDTH; a++) CU_ASSERT(values[a - 1] >= values[a]);
  CU_ASSERT(values[SPAN - 1] > 0.1);
  CU_ASSERT(fabs(values[SPAN]) < 1e-9);
  arena_free(&memory);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_gram_matrix_is_the_sum_over_rows),
      TEST(combinations_are_orthonormal_and_make_the_matrix_diagonal),
  };
  return SUITE_RUN("ritz", tests);
}
