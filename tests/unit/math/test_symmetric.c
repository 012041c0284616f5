#include "math/symmetric.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"

enum { WIDTH = 33 };

static double matrix[WIDTH * WIDTH], vectors[WIDTH * WIDTH], values[WIDTH], scratch[1 + 6 * WIDTH + 2 * WIDTH * WIDTH];
static int scratch_int[3 + 5 * WIDTH];

static void fill(void) {
  random_stream r = random_open(1, RANDOM_TEST, 0, 0);
  for (int i = 0; i < WIDTH; i++)
    for (int j = 0; j <= i; j++) matrix[i * WIDTH + j] = matrix[j * WIDTH + i] = (double)random_normal(&r);
  memcpy(vectors, matrix, sizeof matrix);
}

static void vectors_are_orthonormal_and_give_the_matrix_back(void) {
  fill();
  CU_ASSERT_EQUAL(symmetric_eigen(WIDTH, vectors, values, scratch, scratch_int), STATUS_OK);
  double worst = 0;
  for (int i = 0; i < WIDTH; i++)
    for (int j = 0; j < WIDTH; j++) {
      double dot = 0, whole = 0;
      for (int c = 0; c < WIDTH; c++) {
        dot += vectors[i * WIDTH + c] * vectors[j * WIDTH + c];
        whole += vectors[c * WIDTH + i] * values[c] * vectors[c * WIDTH + j];
      }
      worst = fmax(worst, fabs(dot - (i == j ? 1 : 0)));
      worst = fmax(worst, fabs(whole - matrix[i * WIDTH + j]));
    }
  CU_ASSERT_TRUE(worst < 1e-11);
  for (int c = 1; c < WIDTH; c++) CU_ASSERT_TRUE(values[c - 1] <= values[c]);
}

static void a_single_number_is_its_own_eigenvalue(void) {
  double one = 3, value = 0;
  CU_ASSERT_EQUAL(symmetric_eigen(1, &one, &value, scratch, scratch_int), STATUS_OK);
  CU_ASSERT_EQUAL(value, 3);
  CU_ASSERT_EQUAL(fabs(one), 1);
}

int main(void) {
  const suite_test tests[] = {
      TEST(vectors_are_orthonormal_and_give_the_matrix_back),
      TEST(a_single_number_is_its_own_eigenvalue),
  };
  return SUITE_RUN("symmetric", tests);
}
