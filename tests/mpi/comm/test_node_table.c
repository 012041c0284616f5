#include "comm/node_table.h"

#include <limits.h>
#include <string.h>

#include "base/random.h"
#include "comm/window.h"
#include "support/mpi_suite.h"

/* Rows as long as this go in several messages. */
enum { WIDTH = 512, RANKS_MOST = 4, ROWS_MOST = 3000 };

static int64_t start[RANKS_MOST + 1];
static uint64_t needed[ROWS_MOST / 64 + 1];

/* Rank 1 owns nothing, the others differ. */
static void deal(void) {
  for (int r = 0; r < mpi_suite_comm->size; r++) start[r + 1] = start[r] + (r == 1 ? 0 : 300 + 250 * r);
}

/* Every rank reads a share of all rows, chosen by itself. */
static void need(double share, uint64_t seed) {
  random_stream r = random_open(seed, RANDOM_TEST, (uint64_t)mpi_suite_comm->rank, 0);
  memset(needed, 0, sizeof needed);
  for (int64_t row = 0; row < start[mpi_suite_comm->size]; row++)
    if (random_unit_f64(&r) < share) needed[row / 64] |= (uint64_t)1 << (row % 64);
}

static int is_needed(int64_t row) { return (int)(needed[row / 64] >> (row % 64) & 1); }

static float value(int64_t row, int column, int round) { return (float)(row * 7 + column % 5 + 100000 * round); }

static void write_own(const node_table *t, int round) {
  for (int64_t row = start[mpi_suite_comm->rank]; row < start[mpi_suite_comm->rank + 1]; row++)
    for (int c = 0; c < WIDTH; c++) node_table_rows(t)[node_table_place(t, row) * WIDTH + c] = value(row, c, round);
}

/* Rows read that are not as their owner has written them. */
static int wrong_rows(const node_table *t, int only_needed, int round) {
  int wrong = 0;
  for (int64_t row = 0; row < start[mpi_suite_comm->size]; row++) {
    if (only_needed && !is_needed(row)) continue;
    int differs = 0;
    for (int c = 0; c < WIDTH; c++)
      differs |= node_table_rows(t)[node_table_place(t, row) * WIDTH + c] != value(row, c, round);
    wrong += differs;
  }
  return wrong;
}

static void every_rank_reads_what_the_owners_wrote(node_table_moves moves, int whole, double share) {
  arena a = {0};
  node_table *t = NULL;
  need(share, 3);
  const node_table_options o = {.start = start, .width = WIDTH, .needed = needed, .moves = moves, .whole = whole};
  CU_ASSERT_EQUAL(node_table_create(mpi_suite_comm, &o, &a, &t), STATUS_OK);
  for (int round = 1; round <= 3; round++) {
    write_own(t, round);
    node_table_update(t);
    CU_ASSERT_EQUAL(wrong_rows(t, 1, round), 0);
    node_table_fence(t);
  }
  if (whole) {
    write_own(t, 9);
    node_table_complete(t);
    CU_ASSERT_EQUAL(wrong_rows(t, 0, 9), 0);
  }
  const node_table_bytes b = node_table_traffic(t);
  CU_ASSERT_TRUE(b.needed <= b.all);
  CU_ASSERT_TRUE(b.chosen == b.all || b.chosen == b.needed);
  if (node_table_ranks(t) == mpi_suite_comm->size) CU_ASSERT_EQUAL(b.all, 0);
  if (share == 0 && moves != NODE_TABLE_ALL) CU_ASSERT_EQUAL(b.needed, 0);
  node_table_free(t);
  arena_free(&a);
}

static void on_nodes_of(int ranks) {
  window_node_most = ranks;
  static const double shares[] = {0, 0.1, 0.8};
  for (int s = 0; s < 3; s++)
    for (int whole = 0; whole < 2; whole++)
      for (int moves = NODE_TABLE_AUTO; moves <= NODE_TABLE_NEEDED; moves++)
        every_rank_reads_what_the_owners_wrote((node_table_moves)moves, whole, shares[s]);
  window_node_most = INT_MAX;
}

static void rows_stand_on_one_node(void) {
  deal();
  on_nodes_of(INT_MAX);
}

static void rows_go_between_nodes_of_one_rank(void) { on_nodes_of(1); }

static void rows_go_between_nodes_of_two_ranks(void) { on_nodes_of(2); }

static void rows_go_between_nodes_of_three_ranks_and_one(void) { on_nodes_of(3); }

static void few_rows_move_alone_and_take_no_more_room_than_they_must(void) {
  arena a = {0};
  node_table *t = NULL;
  window_node_most = 1;
  need(0.1, 4);
  const node_table_options o = {.start = start, .width = WIDTH, .needed = needed};
  CU_ASSERT_EQUAL(node_table_create(mpi_suite_comm, &o, &a, &t), STATUS_OK);
  const node_table_bytes b = node_table_traffic(t);
  CU_ASSERT_EQUAL(b.chosen, b.needed);
  int64_t rows = 0, held = 0;
  for (int64_t row = 0; row < start[mpi_suite_comm->size]; row++) {
    const int own = row >= start[mpi_suite_comm->rank] && row < start[mpi_suite_comm->rank + 1];
    held += own || is_needed(row);
    rows += !own && is_needed(row);
    if (own || is_needed(row)) CU_ASSERT_EQUAL(node_table_place(t, row), held - 1);
  }
  comm_sum_i64(mpi_suite_comm, &rows, 1);
  CU_ASSERT_EQUAL(b.needed, rows * WIDTH * (int64_t)sizeof(float));
  node_table_free(t);
  window_node_most = INT_MAX;
  arena_free(&a);
}

static void a_table_of_no_rows_is_a_table(void) {
  arena a = {0};
  node_table *t = NULL;
  static const int64_t none[RANKS_MOST + 1];
  const node_table_options o = {.start = none, .width = WIDTH};
  CU_ASSERT_EQUAL(node_table_create(mpi_suite_comm, &o, &a, &t), STATUS_OK);
  node_table_update(t);
  CU_ASSERT_EQUAL(node_table_traffic(t).chosen, 0);
  node_table_free(t);
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(rows_stand_on_one_node),
      TEST(rows_go_between_nodes_of_one_rank),
      TEST(rows_go_between_nodes_of_two_ranks),
      TEST(rows_go_between_nodes_of_three_ranks_and_one),
      TEST(few_rows_move_alone_and_take_no_more_room_than_they_must),
      TEST(a_table_of_no_rows_is_a_table),
  };
  return MPI_SUITE_RUN(argc, argv, "node_table", tests);
}
