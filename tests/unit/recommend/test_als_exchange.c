#include "recommend/als_exchange.h"

#include "recommend/als_transpose.h"
#include "support/suite.h"

enum { STEPS = 3, ROW = 256 };

static void what_is_asked_for_is_done(void) {
  CU_ASSERT_TRUE(als_exchange_is_stationary(ALS_MODEL_STATIONARY, 10, 10, ROW, STEPS));
  CU_ASSERT_FALSE(als_exchange_is_stationary(ALS_MODEL_GATHER, INT32_MAX, 10, ROW, STEPS));
  CU_ASSERT_FALSE(als_exchange_is_stationary(ALS_MODEL_ROWS, INT32_MAX, 10, ROW, STEPS));
}

static void users_stand_still_where_they_are_many_and_items_few(void) {
  const int64_t many = ALS_EXCHANGE_BYTES / ROW, moved = 2 * (STEPS + 2) * ALS_EXCHANGE_FACTOR;
  CU_ASSERT_FALSE(als_exchange_is_stationary(ALS_MODEL_AUTO, many - 1, 10, ROW, STEPS));
  CU_ASSERT_TRUE(als_exchange_is_stationary(ALS_MODEL_AUTO, many, 10, ROW, STEPS));
  CU_ASSERT_FALSE(als_exchange_is_stationary(ALS_MODEL_AUTO, many, many / moved + 1, ROW, STEPS));
  CU_ASSERT_TRUE(als_exchange_is_stationary(ALS_MODEL_AUTO, 2 * many, many / moved + 1, ROW, STEPS));
}

static void users_beyond_32_bits_stand_still(void) {
  for (int e = ALS_MODEL_AUTO; e <= ALS_MODEL_STATIONARY; e++)
    CU_ASSERT_TRUE(als_exchange_is_stationary((als_model_exchange)e, (int64_t)INT32_MAX + 1, INT32_MAX, ROW, STEPS));
}

static void rows_of_more_interactions_than_32_bits_count_begin_where_they_must(void) {
  enum { RANKS = 3, ROWS = 4 };
  const int64_t big = (int64_t)3 << 31;
  int64_t count[RANKS * ROWS] = {big, 0, 5, big + 7, 1, 0, big, 2, 0, 0, 3, big};
  int64_t offset[ROWS + 1];
  als_transpose_offsets(RANKS, ROWS, count, offset);
  const int64_t starts[ROWS + 1] = {0, big + 1, big + 1, 2 * big + 9, 4 * big + 18};
  const int64_t shares[RANKS * ROWS] = {0,       big + 1,      big + 1, 2 * big + 9, big,         big + 1,
                                        big + 6, 3 * big + 16, big + 1, big + 1,     2 * big + 6, 3 * big + 18};
  for (int i = 0; i <= ROWS; i++) CU_ASSERT_EQUAL(offset[i], starts[i]);
  for (int i = 0; i < RANKS * ROWS; i++) CU_ASSERT_EQUAL(count[i], shares[i]);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_asked_for_is_done),
      TEST(users_stand_still_where_they_are_many_and_items_few),
      TEST(users_beyond_32_bits_stand_still),
      TEST(rows_of_more_interactions_than_32_bits_count_begin_where_they_must),
  };
  return SUITE_RUN("als_exchange", tests);
}
