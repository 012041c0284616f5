#include <string.h>

#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"
#include "support/score_all.h"

enum { USERS = 90, ITEMS = 300, EVENTS = 12 };

static void check(int with_weights) {
  arena memory = {0};
  planted_history mine, all;
  float *scores = NULL;
  static double total[ITEMS];
  memset(total, 0, sizeof total);
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  for (int p = 0; !with_weights && p < mine.history.count; p++) mine.history.seen[p].weight = NULL;
  for (int p = 0; p < all.history.count; p++) {
    const als_interactions *seen = &all.history.seen[p];
    for (int64_t j = 0; j < seen->offset[seen->count]; j++)
      total[seen->item[j]] += with_weights ? (double)seen->weight[j] : 1;
  }
  CU_ASSERT_EQUAL(score_all(&popularity_recommender, &mine.history, NULL, &memory, &scores), STATUS_OK);
  int wrong = 0;
  for (int p = 0, at = 0; p < mine.history.count; p++)
    for (user_row u = 0; u < mine.history.seen[p].count; u++, at++)
      for (item_row i = 0; i < ITEMS; i++) wrong += scores[at * ITEMS + i] != (float)(total[i] / USERS);
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&memory);
}

/* The weights are whole numbers, so that every order of adding gives the same sum. */
static void a_score_is_the_mean_weight_over_all_users(void) { check(1); }
static void without_weights_every_interaction_counts_one(void) { check(0); }

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(a_score_is_the_mean_weight_over_all_users),
      TEST(without_weights_every_interaction_counts_one),
  };
  return MPI_SUITE_RUN(argc, argv, "popularity", tests);
}
