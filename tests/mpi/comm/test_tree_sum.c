#include "comm/tree_sum.h"

#include <string.h>

#include "base/random.h"
#include "data/partition.h"
#include "support/mpi_suite.h"

enum { COUNT = 37 };

static float element(int leaf, int i) {
  random_stream r = random_open(5, RANDOM_TEST, (uint64_t)leaf * 1000 + (uint64_t)i, 0);
  return random_normal(&r) * (float)(1 << (leaf % 13));
}

/* The definition, by recursion: the left half is the largest power of two below n. */
static float plain_sum(int first, int n, int i) {
  if (n == 1) return element(first, i);
  int half = 1;
  while (2 * half < n) half *= 2;
  return plain_sum(first, half, i) + plain_sum(first + half, n - half, i);
}

static void sum_over(int leaves, const int *first, arena *memory, float out[COUNT]) {
  tree_sum *t = NULL;
  CU_ASSERT_EQUAL(tree_sum_create(TREE_SUM_F32, COUNT, leaves, memory, &t), STATUS_OK);
  for (int repeat = 0; repeat < 2; repeat++) { /* the second time from reused vectors */
    for (int leaf = first[mpi_suite_comm->rank]; leaf < first[mpi_suite_comm->rank + 1]; leaf++) {
      float *vector = NULL;
      CU_ASSERT_EQUAL(tree_sum_leaf(t, leaf, (void **)&vector), STATUS_OK);
      for (int i = 0; i < COUNT; i++) vector[i] = element(leaf, i);
      tree_sum_push(t);
    }
    CU_ASSERT_EQUAL(tree_sum_finish(t, mpi_suite_comm, out), STATUS_OK);
  }
}

static void the_sum_is_that_of_the_tree_to_the_last_bit(void) {
  const int leaves[] = {1, 2, 3, 4, 7, 8, 13, 16, 64, 100};
  for (size_t n = 0; n < sizeof leaves / sizeof *leaves; n++) {
    arena memory = {0};
    partition p;
    float out[COUNT];
    CU_ASSERT_EQUAL(partition_cut(&memory, leaves[n], mpi_suite_comm->size, NULL, &p), STATUS_OK);
    sum_over(leaves[n], p.first, &memory, out);
    int same = 1;
    for (int i = 0; i < COUNT; i++) {
      const float expected = plain_sum(0, leaves[n], i);
      same &= memcmp(&expected, &out[i], sizeof expected) == 0;
    }
    CU_ASSERT_TRUE(same);
    arena_free(&memory);
  }
}

static void an_uneven_cut_changes_nothing(void) {
  arena memory = {0};
  const int leaves = 24;
  int first[65];
  /* Everything but one leaf each on the first rank. */
  first[0] = 0;
  for (int r = 1; r <= mpi_suite_comm->size; r++) first[r] = leaves - (mpi_suite_comm->size - r);
  float out[COUNT];
  sum_over(leaves, first, &memory, out);
  int same = 1;
  for (int i = 0; i < COUNT; i++) {
    const float expected = plain_sum(0, leaves, i);
    same &= memcmp(&expected, &out[i], sizeof expected) == 0;
  }
  CU_ASSERT_TRUE(same);
  arena_free(&memory);
}

static void doubles_are_summed_as_well(void) {
  arena memory = {0};
  tree_sum *t = NULL;
  partition p;
  CU_ASSERT_EQUAL(partition_cut(&memory, 10, mpi_suite_comm->size, NULL, &p), STATUS_OK);
  CU_ASSERT_EQUAL(tree_sum_create(TREE_SUM_F64, 1, 10, &memory, &t), STATUS_OK);
  for (int leaf = p.first[mpi_suite_comm->rank]; leaf < p.first[mpi_suite_comm->rank + 1]; leaf++) {
    double *vector = NULL;
    CU_ASSERT_EQUAL(tree_sum_leaf(t, leaf, (void **)&vector), STATUS_OK);
    vector[0] = leaf;
    tree_sum_push(t);
  }
  double out = 0;
  CU_ASSERT_EQUAL(tree_sum_finish(t, mpi_suite_comm, &out), STATUS_OK);
  CU_ASSERT_EQUAL(out, 45);
  arena_free(&memory);
}

/* One call of MPI for each rank would make a sum over thousands of them take longer than what is summed. */
static void the_calls_of_a_sum_do_not_grow_with_the_ranks(void) {
  arena memory = {0};
  tree_sum *t = NULL;
  double *vector = NULL, out = 0;
  CU_ASSERT_EQUAL(tree_sum_create(TREE_SUM_F64, 1, mpi_suite_comm->size, &memory, &t), STATUS_OK);
  CU_ASSERT_EQUAL(tree_sum_leaf(t, mpi_suite_comm->rank, (void **)&vector), STATUS_OK);
  vector[0] = 1;
  tree_sum_push(t);
  const int64_t before = comm_calls(mpi_suite_comm);
  CU_ASSERT_EQUAL(tree_sum_finish(t, mpi_suite_comm, &out), STATUS_OK);
  CU_ASSERT(comm_calls(mpi_suite_comm) - before <= 4);
  CU_ASSERT_EQUAL(out, mpi_suite_comm->size);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_sum_is_that_of_the_tree_to_the_last_bit),
      TEST(an_uneven_cut_changes_nothing),
      TEST(doubles_are_summed_as_well),
      TEST(the_calls_of_a_sum_do_not_grow_with_the_ranks),
  };
  return MPI_SUITE_RUN(argc, argv, "tree_sum", tests);
}
