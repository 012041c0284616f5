#include "recommend/node_matrix.h"

#include <string.h>

#include "recommend/column_panel.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { USERS = 85, ITEMS = 40, EVENTS = 9 };

static void both_orders_hold_what_all_users_did(void) {
  arena memory = {0};
  planted_history mine, all;
  const node_matrix *m = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&mine.history, &m), STATUS_OK);
  CU_ASSERT_EQUAL(m->users, USERS);
  CU_ASSERT_EQUAL(m->items, ITEMS);
  int wrong = 0;
  int64_t at = 0, next[ITEMS];
  memcpy(next, m->item_offset, sizeof next);
  for (int p = 0; p < all.history.count; p++)
    for (user_row u = 0; u < all.history.seen[p].count; u++) {
      const als_interactions *seen = &all.history.seen[p];
      const int32_t user = (int32_t)planted_history_user(&all.history, p, u);
      wrong += m->user_offset[user] != at;
      for (int64_t j = seen->offset[u]; j < seen->offset[u + 1]; j++, at++) {
        const int64_t by_item = next[seen->item[j]]++;
        wrong += m->item[at] != seen->item[j] || m->user_weight[at] != seen->weight[j];
        wrong += m->user[by_item] != user || m->item_weight[by_item] != seen->weight[j];
      }
    }
  for (item_row i = 0; i < ITEMS; i++) wrong += next[i] != m->item_offset[i + 1];
  CU_ASSERT_EQUAL(m->user_offset[USERS], at);
  CU_ASSERT_EQUAL(wrong, 0);
  node_matrix_close(m);
  arena_free(&memory);
}

static void models_of_one_history_share_one(void) {
  arena memory = {0};
  planted_history one, other;
  const node_matrix *a = NULL, *b = NULL, *c = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &one), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS / 2, ITEMS, EVENTS, &memory, &other), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&one.history, &a), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&other.history, &b), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&one.history, &c), STATUS_OK);
  CU_ASSERT_PTR_EQUAL(a, c);
  CU_ASSERT_PTR_NOT_EQUAL(a, b);
  node_matrix_close(a);
  CU_ASSERT_EQUAL(c->users, USERS); /* the second keeps it */
  CU_ASSERT_EQUAL(b->users, USERS / 2);
  node_matrix_close(b);
  node_matrix_close(c);
  node_matrix_close(NULL);
  arena_free(&memory);
}

static void an_empty_history_makes_an_empty_matrix(void) {
  arena memory = {0};
  planted_history none;
  const node_matrix *m = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, 0, ITEMS, EVENTS, &memory, &none), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&none.history, &m), STATUS_OK);
  CU_ASSERT_EQUAL(m->users, 0);
  CU_ASSERT_EQUAL(m->item_offset[ITEMS], 0);
  node_matrix_close(m);
  arena_free(&memory);
}

enum { ROWS = 7, COLUMNS = 53, WIDTH = 20, BLOCK = 5 };

static int computed;

static void product(void *context, int32_t first, int count, float *out) {
  const int *factor = context;
  computed += count;
  for (int i = 0; i < ROWS; i++)
    for (int c = 0; c < count; c++) out[i * BLOCK + c] = (float)(*factor * (i + 1) * (first + c + 1));
}

static int wrong_in_panel(const column_panel *p, int factor, int first, int count) {
  int wrong = 0;
  for (int i = 0; i < ROWS; i++)
    for (int c = 0; c < count; c++) wrong += p->memory[i * WIDTH + c] != (float)(factor * (i + 1) * (first + c + 1));
  return wrong;
}

/* Panels in order, again, and out of order; each column is computed once in a pass, by one rank. */
static void every_rank_sees_every_column(void) {
  arena memory = {0};
  column_panel p;
  CU_ASSERT_EQUAL(column_panel_create(mpi_suite_comm, ROWS, COLUMNS, WIDTH, BLOCK, &memory, &p), STATUS_OK);
  for (int factor = 1; factor <= 2; factor++) {
    int wrong = 0;
    computed = 0;
    column_panel_forget(&p);
    for (int first = 0; first < COLUMNS; first += WIDTH) {
      const int count = COLUMNS - first < WIDTH ? COLUMNS - first : WIDTH;
      CU_ASSERT_EQUAL(column_panel_fill(&p, first, count, product, &factor), STATUS_OK);
      wrong += wrong_in_panel(&p, factor, first, count);
    }
    int64_t all = computed;
    comm_sum_i64(mpi_suite_comm, &all, 1);
    CU_ASSERT_EQUAL(all, COLUMNS);
    CU_ASSERT_EQUAL(wrong, 0);
  }
  int factor = 2;
  CU_ASSERT_EQUAL(column_panel_fill(&p, WIDTH, WIDTH, product, &factor), STATUS_OK);
  CU_ASSERT_EQUAL(wrong_in_panel(&p, factor, WIDTH, WIDTH), 0);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(both_orders_hold_what_all_users_did),
      TEST(models_of_one_history_share_one),
      TEST(an_empty_history_makes_an_empty_matrix),
      TEST(every_rank_sees_every_column),
  };
  return MPI_SUITE_RUN(argc, argv, "node_matrix", tests);
}
