#include <string.h>

#include "comm/window.h"
#include "support/mpi_suite.h"

/* Rank a sends to rank b the byte 16·a + b, a + 2·b times. */
static void every_block_arrives_whole_and_in_rank_order(void) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  arena memory = {0};
  int64_t *offset = NULL, *received_offset = NULL;
  unsigned char *send = NULL, *received = NULL;
  CU_ASSERT_EQUAL(ARENA(&memory, size + 1, &offset), STATUS_OK);
  for (int to = 0; to < size; to++) offset[to + 1] = offset[to] + rank + 2 * to;
  CU_ASSERT_EQUAL(ARENA(&memory, offset[size], &send), STATUS_OK);
  for (int to = 0; to < size; to++) memset(send + offset[to], 16 * rank + to, (size_t)(offset[to + 1] - offset[to]));
  CU_ASSERT_EQUAL(comm_exchange(mpi_suite_comm, send, offset, &memory, (void **)&received, &received_offset),
                  STATUS_OK);
  for (int from = 0; from < size; from++) {
    CU_ASSERT_EQUAL(received_offset[from + 1] - received_offset[from], from + 2 * rank);
    for (int64_t i = received_offset[from]; i < received_offset[from + 1]; i++)
      CU_ASSERT_EQUAL(received[i], 16 * from + rank);
  }
  arena_free(&memory);
}

static void gathering_concatenates_in_rank_order(void) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  arena memory = {0};
  const char mine[8] = {(char)('a' + rank), (char)('a' + rank), (char)('a' + rank), 0};
  char *all = NULL;
  int64_t *offset = NULL;
  CU_ASSERT_EQUAL(comm_gather_all(mpi_suite_comm, mine, rank % 4, &memory, (void **)&all, &offset), STATUS_OK);
  int64_t at = 0;
  for (int r = 0; r < size; r++) {
    CU_ASSERT_EQUAL(offset[r], at);
    for (int i = 0; i < r % 4; i++) CU_ASSERT_EQUAL(all[at + i], 'a' + r);
    at += r % 4;
  }
  CU_ASSERT_EQUAL(offset[size], at);
  arena_free(&memory);
}

static void sums_and_extremes_of_integers_are_exact(void) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  int64_t sum[2] = {INT64_C(1) << 53, rank}, most = rank, least = rank;
  comm_sum_i64(mpi_suite_comm, sum, 2);
  comm_max_i64(mpi_suite_comm, &most, 1);
  comm_min_i64(mpi_suite_comm, &least, 1);
  CU_ASSERT_EQUAL(sum[0], (INT64_C(1) << 53) * size);
  CU_ASSERT_EQUAL(sum[1], size * (size - 1) / 2);
  CU_ASSERT_EQUAL(most, size - 1);
  CU_ASSERT_EQUAL(least, 0);
  double slowest = 0.5 * rank;
  comm_max_f64(mpi_suite_comm, &slowest, 1);
  CU_ASSERT_EQUAL(slowest, 0.5 * (size - 1));
}

static void a_window_shows_all_ranks_what_its_writer_wrote(void) {
  window *w = NULL;
  CU_ASSERT_EQUAL(window_create(mpi_suite_comm, 4096, &w), STATUS_OK);
  int *table = window_memory(w);
  if (window_is_writer(w))
    for (int i = 0; i < 1024; i++) table[i] = i * i;
  window_fence(w);
  CU_ASSERT_EQUAL(table[1000], 1000000);
  window_fence(w);
  window_free(w);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(every_block_arrives_whole_and_in_rank_order),
      TEST(gathering_concatenates_in_rank_order),
      TEST(sums_and_extremes_of_integers_are_exact),
      TEST(a_window_shows_all_ranks_what_its_writer_wrote),
  };
  return MPI_SUITE_RUN(argc, argv, "exchange", tests);
}
