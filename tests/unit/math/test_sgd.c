#include "math/sgd.h"

#include "support/suite.h"

enum { COUNT = 37 };

static void steps_follow_the_formula(void) {
  float block[COUNT], gradient[COUNT];
  for (int i = 0; i < COUNT; i++) {
    block[i] = (float)i;
    gradient[i] = (float)(2 * i - 5);
  }
  sgd_step(block, gradient, COUNT, &(adam_options){.rate = 0.5, .decay = 0.1, .scale = 0.25});
  for (int i = 0; i < COUNT; i++) CU_ASSERT_TRUE(suite_close((double)block[i], i * 0.95 - 0.125 * (2 * i - 5), 1e-6));
}

static void mean_is_that_of_all_blocks(void) {
  float mean[COUNT], block[COUNT];
  for (int i = 0; i < COUNT; i++) mean[i] = 1e3f; /* of before, to be forgotten */
  for (int step = 1; step <= 10; step++) {
    for (int i = 0; i < COUNT; i++) block[i] = (float)(i * step);
    sgd_average(mean, block, COUNT, step);
  }
  for (int i = 0; i < COUNT; i++) CU_ASSERT_TRUE(suite_close((double)mean[i], i * 5.5, 1e-4));
}

int main(void) {
  const suite_test tests[] = {TEST(steps_follow_the_formula), TEST(mean_is_that_of_all_blocks)};
  return SUITE_RUN("sgd", tests);
}
