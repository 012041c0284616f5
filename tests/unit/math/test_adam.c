#include "math/adam.h"

#include <math.h>

#include "support/suite.h"

enum { COUNT = 37 };

/* The formulas of the paper, one parameter at a time, in double. */
static void steps_agree_with_the_paper(void) {
  float block[COUNT], gradient[COUNT], first[COUNT] = {0}, second[COUNT] = {0};
  double exact[COUNT], m[COUNT] = {0}, v[COUNT] = {0};
  for (int i = 0; i < COUNT; i++) exact[i] = (double)(block[i] = (float)i / 10 - 1);
  const adam_options options = {0.01, 0.1, 0.5};
  for (int step = 1; step <= 5; step++) {
    for (int i = 0; i < COUNT; i++) {
      gradient[i] = (float)(sin(i + step) * 3);
      const double g = (double)gradient[i] * options.scale;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.99 * v[i] + 0.01 * g * g;
      const double m_hat = m[i] / (1 - pow(0.9, step)), v_hat = v[i] / (1 - pow(0.99, step));
      exact[i] -= options.rate * (m_hat / (sqrt(v_hat) + 1e-8) + options.decay * exact[i]);
    }
    adam_step(block, gradient, first, second, COUNT, step, &options);
  }
  for (int i = 0; i < COUNT; i++) CU_ASSERT_TRUE(suite_close((double)block[i], exact[i], 1e-5));
}

static void clipping_bounds_the_scaled_norm(void) {
  const float gradient[] = {3, 4, 0, 12};
  const double norm = adam_norm(gradient, 4);
  CU_ASSERT_TRUE(suite_close(norm, 13, 1e-12));
  CU_ASSERT_TRUE(suite_close(norm * adam_clip(norm, 2, 1), 1, 1e-12));
  CU_ASSERT_TRUE(suite_close(adam_clip(norm, 2, 100), 0.5, 1e-12));
  CU_ASSERT_TRUE(suite_close(adam_clip(norm, 2, 0), 0.5, 1e-12));
  CU_ASSERT_EQUAL(adam_clip(0, 1, 1), 1);
}

static void the_rate_rises_and_falls(void) {
  double before = 0;
  for (int i = 0; i < 10; i++) {
    const double now = adam_schedule(i, 100, 0.1);
    CU_ASSERT_TRUE(now > before && now <= 1);
    before = now;
  }
  for (int i = 11; i < 100; i++) {
    const double now = adam_schedule(i, 100, 0.1);
    CU_ASSERT_TRUE(now < before && now >= 0.02);
    before = now;
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(steps_agree_with_the_paper),
      TEST(clipping_bounds_the_scaled_norm),
      TEST(the_rate_rises_and_falls),
  };
  return SUITE_RUN("adam", tests);
}
