#include "data/partition.h"

#include "base/hash.h"
#include "support/suite.h"

static void the_top_bits_of_an_id_name_its_partition(void) {
  CU_ASSERT_EQUAL(partition_of((user_id){UINT64_MAX, 0}, 1), 0);
  CU_ASSERT_EQUAL(partition_of((user_id){UINT64_C(0x8000000000000000), 0}, 2), 1);
  CU_ASSERT_EQUAL(partition_of((user_id){UINT64_C(0x7FFFFFFFFFFFFFFF), 0}, 2), 0);
  CU_ASSERT_EQUAL(partition_of((user_id){UINT64_C(0x1100000000000000), 0}, 256), 17);
  CU_ASSERT_EQUAL(partition_of((user_id){UINT64_MAX, 0}, 65536), 65535);
}

/* Every cut is contiguous, covers everything, and its owner function agrees with it. */
static void check_cut(int count, int size, const double *work) {
  arena a = {0};
  partition p;
  CU_ASSERT_EQUAL(partition_cut(&a, count, size, work, &p), STATUS_OK);
  CU_ASSERT_EQUAL(p.first[0], 0);
  CU_ASSERT_EQUAL(p.first[size], count);
  for (int r = 0; r < size; r++) {
    CU_ASSERT_TRUE(p.first[r] <= p.first[r + 1]);
    for (int i = p.first[r]; i < p.first[r + 1]; i++) CU_ASSERT_EQUAL(partition_owner(&p, i), r);
  }
  arena_free(&a);
}

static void any_cut_covers_every_partition_once(void) {
  double work[64];
  for (int i = 0; i < 64; i++) work[i] = (double)(hash_mix((uint64_t)i) % 1000);
  for (int size = 1; size <= 80; size++) {
    check_cut(64, size, work);
    check_cut(64, size, NULL);
    check_cut(1, size, NULL);
  }
  const double none[8] = {0};
  check_cut(8, 3, none);
}

static void the_largest_share_is_near_the_even_one(void) {
  arena a = {0};
  partition p;
  double work[256], total = 0;
  for (int i = 0; i < 256; i++) total += work[i] = 1 + (double)(hash_mix((uint64_t)i) % 100);
  CU_ASSERT_EQUAL(partition_cut(&a, 256, 8, work, &p), STATUS_OK);
  for (int r = 0; r < 8; r++) {
    double mine = 0;
    for (int i = p.first[r]; i < p.first[r + 1]; i++) mine += work[i];
    CU_ASSERT_TRUE(mine < total / 8 + 101);
  }
  arena_free(&a);
}

static void ranges_split_a_total_without_gap(void) {
  const int64_t totals[] = {0, 1, 7, 1000, INT64_C(1) << 40};
  for (int t = 0; t < 5; t++)
    for (int parts = 1; parts < 12; parts++) {
      CU_ASSERT_EQUAL(partition_start(totals[t], parts, 0), 0);
      CU_ASSERT_EQUAL(partition_start(totals[t], parts, parts), totals[t]);
      for (int i = 0; i < parts; i++) {
        const int64_t length = partition_start(totals[t], parts, i + 1) - partition_start(totals[t], parts, i);
        CU_ASSERT_TRUE(length >= totals[t] / parts && length <= totals[t] / parts + 1);
      }
    }
}

int main(void) {
  const suite_test tests[] = {
      TEST(the_top_bits_of_an_id_name_its_partition),
      TEST(any_cut_covers_every_partition_once),
      TEST(the_largest_share_is_near_the_even_one),
      TEST(ranges_split_a_total_without_gap),
  };
  return SUITE_RUN("partition", tests);
}
