#include "comm/bucket_sum.h"

#include <string.h>

#include "base/random.h"
#include "data/partition.h"
#include "support/mpi_suite.h"

enum { COUNT = 101, BUCKETS = 4 };

static const int64_t starts[BUCKETS + 1] = {0, 50, 50, 52, COUNT};

static float element(int lane, int i, int step) {
  random_stream r = random_open(5, RANDOM_TEST, (uint64_t)lane * 1000 + (uint64_t)i, (uint32_t)step);
  return random_normal(&r) * (float)(1 << (lane % 13));
}

/* The definition, by recursion: the left half is the largest power of two below n. */
static float plain_sum(int first, int n, int i, int step) {
  if (n == 1) return element(first, i, step);
  int half = 1;
  while (2 * half < n) half *= 2;
  return plain_sum(first, half, i, step) + plain_sum(first + half, n - half, i, step);
}

/* The last lane's buckets become final one after another, from the last to the second; the first is left to the end. */
static const float *run_step(bucket_sum *t, const int *first, int step) {
  const int last = first[mpi_suite_comm->rank + 1];
  for (int lane = first[mpi_suite_comm->rank]; lane < last; lane++) {
    float *vector = NULL;
    CU_ASSERT_EQUAL(bucket_sum_lane(t, &vector), STATUS_OK);
    if (lane + 1 < last) {
      for (int i = 0; i < COUNT; i++) vector[i] = element(lane, i, step);
      bucket_sum_push(t);
      continue;
    }
    for (int b = BUCKETS - 1; b >= 0; b--) {
      for (int64_t i = starts[b]; i < starts[b + 1]; i++) vector[i] = element(lane, (int)i, step);
      if (b > 0) bucket_sum_begin(t, b);
      bucket_sum_progress(t);
    }
  }
  return bucket_sum_finish(t);
}

static void check(int lanes, const int *first, arena *memory) {
  bucket_sum *t = NULL;
  CU_ASSERT_EQUAL(bucket_sum_create(mpi_suite_comm, first, starts, BUCKETS, memory, &t), STATUS_OK);
  int same = 1;
  for (int step = 0; step < 3; step++) { /* later ones from reused vectors */
    const float *sum = run_step(t, first, step);
    for (int i = 0; i < COUNT; i++) {
      const float expected = plain_sum(0, lanes, i, step);
      same &= memcmp(&expected, &sum[i], sizeof expected) == 0;
    }
  }
  CU_ASSERT_TRUE(same);
  CU_ASSERT_TRUE(bucket_sum_spent(t).exchanged >= bucket_sum_spent(t).waited);
  CU_ASSERT_EQUAL(bucket_sum_spent(t).bytes > 0, mpi_suite_comm->size > 1 && COUNT > mpi_suite_comm->size);
}

static void the_sum_is_that_of_the_tree_to_the_last_bit(void) {
  const int lanes[] = {1, 2, 3, 4, 7, 8, 13, 64};
  for (size_t n = 0; n < sizeof lanes / sizeof *lanes; n++) {
    arena memory = {0};
    int first[65];
    for (int r = 0; r <= mpi_suite_comm->size; r++) first[r] = (int)partition_start(lanes[n], mpi_suite_comm->size, r);
    check(lanes[n], first, &memory);
    arena_free(&memory);
  }
}

static void an_uneven_cut_changes_nothing(void) {
  arena memory = {0};
  int first[65] = {0};
  /* Everything but one lane each on the first rank. */
  for (int r = 1; r <= mpi_suite_comm->size; r++) first[r] = 24 - (mpi_suite_comm->size - r);
  check(24, first, &memory);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_sum_is_that_of_the_tree_to_the_last_bit),
      TEST(an_uneven_cut_changes_nothing),
  };
  return MPI_SUITE_RUN(argc, argv, "bucket_sum", tests);
}
