#include "math/gaussian.h"

#include <math.h>

#include "support/suite.h"

static const double precision[9] = {4, 1, 0.5, 1, 3, -1, 0.5, -1, 2};

static void a_factor_solves(void) {
  double factor[9], x[3] = {1, -2, 0.5};
  for (int i = 0; i < 9; i++) factor[i] = precision[i];
  CU_ASSERT_EQUAL(gaussian_factor(3, factor), 1);
  gaussian_forward(3, factor, x);
  gaussian_backward(3, factor, x);
  const double wanted[3] = {1, -2, 0.5};
  for (int i = 0; i < 3; i++) {
    double sum = 0;
    for (int j = 0; j < 3; j++) sum += precision[3 * i + j] * x[j];
    CU_ASSERT_TRUE(suite_close(sum, wanted[i], 1e-12));
  }
  double wrong[4] = {1, 2, 2, 1};
  CU_ASSERT_EQUAL(gaussian_factor(2, wrong), 0);
}

/* Mean and covariance of many draws, against the inverse of the precision. */
static void draws_have_their_mean_and_covariance(void) {
  enum { DRAWS = 200000 };
  double factor[9], sum[3] = {0}, square[9] = {0};
  random_stream r = random_open(5, RANDOM_TEST, 1, 0);
  for (int i = 0; i < 9; i++) factor[i] = precision[i];
  CU_ASSERT_EQUAL(gaussian_factor(3, factor), 1);
  for (int d = 0; d < DRAWS; d++) {
    double x[3] = {1, 2, 3};
    gaussian_draw(3, factor, &r, x);
    for (int i = 0; i < 3; i++) {
      sum[i] += x[i];
      for (int j = 0; j < 3; j++) square[3 * i + j] += x[i] * x[j];
    }
  }
  for (int i = 0; i < 3; i++) {
    double column[3] = {i == 0, i == 1, i == 2}, mean[3] = {1, 2, 3};
    gaussian_forward(3, factor, column);
    gaussian_backward(3, factor, column);
    gaussian_forward(3, factor, mean);
    gaussian_backward(3, factor, mean);
    CU_ASSERT_TRUE(fabs(sum[i] / DRAWS - mean[i]) < 0.01);
    for (int j = 0; j < 3; j++)
      CU_ASSERT_TRUE(fabs(square[3 * i + j] / DRAWS - sum[i] / DRAWS * sum[j] / DRAWS - column[j]) < 0.01);
  }
}

/* The mean of a Wishart distribution is its freedom times its scale. */
static void precisions_have_their_mean(void) {
  enum { DRAWS = 40000 };
  double factor[9], sum[9] = {0}, out[9], scratch[9];
  random_stream r = random_open(5, RANDOM_TEST, 2, 0);
  for (int i = 0; i < 9; i++) factor[i] = precision[i];
  CU_ASSERT_EQUAL(gaussian_factor(3, factor), 1);
  for (int d = 0; d < DRAWS; d++) {
    gaussian_wishart(3, factor, 5.5, &r, out, scratch);
    for (int i = 0; i < 9; i++) sum[i] += out[i];
  }
  for (int i = 0; i < 3; i++) {
    double column[3] = {i == 0, i == 1, i == 2};
    gaussian_forward(3, factor, column);
    gaussian_backward(3, factor, column);
    for (int j = 0; j < 3; j++) CU_ASSERT_TRUE(fabs(sum[3 * i + j] / DRAWS - 5.5 * column[j]) < 0.05);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_factor_solves),
      TEST(draws_have_their_mean_and_covariance),
      TEST(precisions_have_their_mean),
  };
  return SUITE_RUN("gaussian", tests);
}
