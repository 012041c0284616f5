#include <string.h>

#include "base/random.h"
#include "comm/comm_blocks.h"
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

/* Of what `from` brings for `to` in a round: some blocks are empty, some are cut into many messages. */
static int64_t length(int round, int from, int to) {
  random_stream r = random_open(3, RANDOM_TEST, (uint64_t)(from * 64 + to), (uint32_t)round);
  return random_below(&r, 3) == 0 ? 0 : (int64_t)random_below(&r, 40);
}

static unsigned char byte_at(int from, int to, int64_t i) { return (unsigned char)(31 * from + 7 * to + i); }

static void exchange_once(int round) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  arena memory = {0};
  int64_t *offset = NULL, *received_offset = NULL;
  unsigned char *send = NULL, *received = NULL;
  CU_ASSERT_EQUAL(ARENA(&memory, size + 1, &offset), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&memory, 40 * size, &send), STATUS_OK);
  for (int to = 0; to < size; to++) {
    offset[to + 1] = offset[to] + length(round, rank, to);
    for (int64_t i = 0; i < length(round, rank, to); i++) send[offset[to] + i] = byte_at(rank, to, i);
  }
  CU_ASSERT_EQUAL(comm_exchange(mpi_suite_comm, send, offset, &memory, (void **)&received, &received_offset),
                  STATUS_OK);
  int same = 1;
  for (int from = 0; from < size; from++) {
    same &= received_offset[from + 1] - received_offset[from] == length(round, from, rank);
    for (int64_t i = 0; i < length(round, from, rank); i++)
      same &= received[received_offset[from] + i] == byte_at(from, rank, i);
  }
  CU_ASSERT_TRUE(same);
  arena_free(&memory);
}

static void gather_once(int round) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  arena memory = {0};
  int64_t *offset = NULL;
  unsigned char mine[40] = {0}, *all = NULL;
  const int64_t count = length(round, rank, 0);
  for (int64_t i = 0; i < count; i++) mine[i] = byte_at(rank, 0, i);
  CU_ASSERT_EQUAL(comm_gather_all(mpi_suite_comm, mine, count, &memory, (void **)&all, &offset), STATUS_OK);
  int same = 1;
  for (int from = 0; from < size; from++) {
    same &= offset[from + 1] - offset[from] == length(round, from, 0);
    for (int64_t i = 0; i < length(round, from, 0); i++) same &= all[offset[from] + i] == byte_at(from, 0, i);
  }
  CU_ASSERT_TRUE(same);
  arena_free(&memory);
}

/* MPI counts are int: what is longer goes in pieces, here of a few bytes. */
static void blocks_of_any_length_arrive_whole_in_pieces_of_any_length(void) {
  const int64_t most[] = {1, 2, 7, 39, 1 << 30};
  const int64_t usual = comm_blocks_most;
  for (int round = 0; round < 20; round++) {
    comm_blocks_most = most[round % 5];
    exchange_once(round);
    gather_once(round);
  }
  comm_blocks_most = usual;
}

static void a_gathering_for_which_a_rank_has_no_memory_fails_on_all(void) {
  const int size = mpi_suite_comm->size, rank = mpi_suite_comm->rank;
  for (int failing = 0; failing < 2; failing++) {
    arena memory = {0};
    char *all = NULL;
    int64_t *offset = NULL;
    arena_fail_after(rank == size - 1 ? failing : -1);
    CU_ASSERT_EQUAL(comm_gather_all(mpi_suite_comm, "x", 1, &memory, (void **)&all, &offset), STATUS_BUG);
    arena_fail_after(-1);
    arena_free(&memory);
  }
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
      TEST(blocks_of_any_length_arrive_whole_in_pieces_of_any_length),
      TEST(a_gathering_for_which_a_rank_has_no_memory_fails_on_all),
      TEST(sums_and_extremes_of_integers_are_exact),
      TEST(a_window_shows_all_ranks_what_its_writer_wrote),
  };
  return MPI_SUITE_RUN(argc, argv, "exchange", tests);
}
