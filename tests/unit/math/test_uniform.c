#include "math/uniform.h"

#include "support/suite.h"

static void numbers_are_those_of_the_stream(void) {
  const int64_t counts[] = {0, 1, 5, 64, 65, 200, 1000};
  for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
    float out[1001];
    random_stream r = random_open(0x123456789abcULL, RANDOM_TEST, 77, 3);
    r.counter[0] = n == 6 ? UINT32_MAX - 20 : 0; /* it wraps around */
    out[counts[n]] = 7;
    uniform_fill(r, out, counts[n]);
    for (int64_t i = 0; i < counts[n]; i++) CU_ASSERT_EQUAL(out[i], random_unit(&r));
    CU_ASSERT_EQUAL(out[counts[n]], 7);
  }
}

int main(void) {
  const suite_test tests[] = {TEST(numbers_are_those_of_the_stream)};
  return SUITE_RUN("uniform", tests);
}
