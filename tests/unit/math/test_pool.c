#include "math/pool.h"

#include <math.h>

#include "base/random.h"
#include "support/suite.h"

enum { MOST = 150, TOP = 20 };

/* Places by counting who stands before whom. */
static double plain_gain(const float *sum, int count, const int32_t *hit, int hits) {
  double gain = 0;
  for (int k = 0; k < hits; k++) {
    int place = 1;
    for (int i = 0; i < count; i++) place += sum[i] > sum[hit[k]] || (sum[i] == sum[hit[k]] && i < hit[k]);
    if (place <= TOP) gain += 1 / log2(place + 1);
  }
  return gain;
}

static void the_gain_is_that_of_the_places(void) {
  random_stream r = random_open(1, RANDOM_TEST, 0, 0);
  double discount[TOP];
  pool_discount(TOP, discount);
  for (int round = 0; round < 200; round++) {
    float base[MOST], value[MOST], sum[MOST], scratch[MOST];
    int32_t hit[MOST];
    int hits = 0;
    const int count = 1 + (int)random_below(&r, MOST);
    for (int i = 0; i < count; i++) {
      base[i] = (float)random_below(&r, 30); /* few values, so that there are ties */
      value[i] = (float)random_below(&r, 10);
      sum[i] = base[i] + 2 * value[i];
      if (random_below(&r, 8) == 0) hit[hits++] = i;
    }
    const double gain = pool_gain(base, value, 2, count, hit, hits, discount, TOP, scratch);
    CU_ASSERT_EQUAL(gain, plain_gain(sum, count, hit, hits));
    pool_add(value, count, 2, 1, base);
    CU_ASSERT_EQUAL(gain, pool_gain(base, value, 0, count, hit, hits, discount, TOP, scratch));
  }
}

static void the_ideal_has_all_hits_first(void) {
  const float base[] = {5, 4, 3, 2, 1};
  const int32_t hit[] = {0, 1, 2};
  float scratch[5];
  double discount[TOP];
  pool_discount(TOP, discount);
  CU_ASSERT_EQUAL(pool_gain(base, base, 1, 5, hit, 3, discount, TOP, scratch), pool_ideal(3, discount, TOP));
  CU_ASSERT_EQUAL(pool_ideal(100, discount, 2), 1 + 1 / log2(3));
  CU_ASSERT_EQUAL(pool_ideal(0, discount, TOP), 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(the_gain_is_that_of_the_places),
      TEST(the_ideal_has_all_hits_first),
  };
  return SUITE_RUN("pool", tests);
}
