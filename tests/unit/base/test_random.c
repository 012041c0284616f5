#include "base/random.h"

#include <math.h>

#include "support/suite.h"

/* Vectors published with Random123 (kat_vectors, philox4x32 10). */
static void blocks_agree_with_the_published_vectors(void) {
  const uint32_t zero[4] = {0, 0, 0, 0}, zero_key[2] = {0, 0};
  uint32_t out[4];
  random_block(zero, zero_key, out);
  CU_ASSERT_EQUAL(out[0], 0x6627e8d5u);
  CU_ASSERT_EQUAL(out[1], 0xe169c58du);
  CU_ASSERT_EQUAL(out[2], 0xbc57ac4cu);
  CU_ASSERT_EQUAL(out[3], 0x9b00dbd8u);
  const uint32_t counter[4] = {0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u};
  const uint32_t key[2] = {0xa4093822u, 0x299f31d0u};
  random_block(counter, key, out);
  CU_ASSERT_EQUAL(out[0], 0xd16cfe09u);
  CU_ASSERT_EQUAL(out[1], 0x94fdccebu);
  CU_ASSERT_EQUAL(out[2], 0x5001e420u);
  CU_ASSERT_EQUAL(out[3], 0x24126ea1u);
}

static void streams_of_other_names_differ(void) {
  random_stream a = random_open(1, RANDOM_TEST, 7, 0), b = random_open(1, RANDOM_TEST, 8, 0);
  random_stream c = random_open(1, RANDOM_SAMPLE, 7, 0), d = random_open(2, RANDOM_TEST, 7, 0);
  const uint32_t first = random_u32(&a);
  CU_ASSERT_NOT_EQUAL(first, random_u32(&b));
  CU_ASSERT_NOT_EQUAL(first, random_u32(&c));
  CU_ASSERT_NOT_EQUAL(first, random_u32(&d));
}

static void normal_numbers_have_mean_0_and_variance_1(void) {
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  double sum = 0, squares = 0;
  const int n = 200000;
  for (int i = 0; i < n; i++) {
    const double x = random_normal(&r);
    sum += x;
    squares += x * x;
  }
  CU_ASSERT_TRUE(fabs(sum / n) < 0.01);
  CU_ASSERT_TRUE(fabs(squares / n - 1) < 0.02);
}

static void below_covers_its_range_evenly(void) {
  random_stream r = random_open(4, RANDOM_TEST, 0, 0);
  int seen[7] = {0};
  for (int i = 0; i < 70000; i++) seen[random_below(&r, 7)]++;
  for (int i = 0; i < 7; i++) CU_ASSERT_TRUE(seen[i] > 9500 && seen[i] < 10500);
}

int main(void) {
  const suite_test tests[] = {
      TEST(blocks_agree_with_the_published_vectors),
      TEST(streams_of_other_names_differ),
      TEST(normal_numbers_have_mean_0_and_variance_1),
      TEST(below_covers_its_range_evenly),
  };
  return SUITE_RUN("random", tests);
}
