#include "recommend/neighbours.h"

#include <math.h>
#include <string.h>

#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/neighbours_twin.h"
#include "support/planted_history.h"
#include "support/score_all.h"

enum { USERS = 60, ITEMS = 270, EVENTS = 12, COUNT = 8 };

static double weights[USERS * ITEMS]; /* what all users did, on every rank */
static float near[ITEMS * ITEMS];

static void fill_weights(void) {
  arena memory = {0};
  planted_history all;
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  for (int p = 0; p < all.history.count; p++)
    for (user_row u = 0; u < all.history.seen[p].count; u++)
      for (int64_t j = all.history.seen[p].offset[u]; j < all.history.seen[p].offset[u + 1]; j++)
        weights[planted_history_user(&all.history, p, u) * ITEMS + all.history.seen[p].item[j]] =
            (double)all.history.seen[p].weight[j];
  arena_free(&memory);
}

static neighbours_twin twin_of(int of_items, int is_pearson) {
  return (neighbours_twin){.weights = weights,
                           .rows = of_items ? ITEMS : USERS,
                           .columns = of_items ? USERS : ITEMS,
                           .row_step = of_items ? 1 : ITEMS,
                           .column_step = of_items ? ITEMS : 1,
                           .is_pearson = is_pearson,
                           .count = COUNT,
                           .shrinkage = 3,
                           .damping = 0.5};
}

static double expected_score(int of_items, int64_t user, item_row item) {
  double sum = 0;
  if (of_items)
    for (item_row j = 0; j < ITEMS; j++) sum += (double)near[item * ITEMS + j] * weights[user * ITEMS + j];
  else
    for (int v = 0; v < USERS; v++) sum += (double)near[user * USERS + v] * weights[v * ITEMS + item];
  return sum;
}

static void check(const recommender_kind *kind, int of_items, const char *const *assignments, int is_pearson) {
  arena memory = {0};
  planted_history mine;
  float *scores = NULL;
  const neighbours_twin t = twin_of(of_items, is_pearson);
  fill_weights();
  neighbours_twin_find(&t, near);
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(kind, &mine.history, assignments, &memory, &scores), STATUS_OK);
  const history *h = &mine.history;
  int wrong = 0, above = 0;
  for (int p = 0, at = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++, at++)
      for (item_row i = 0; i < ITEMS; i++) {
        const double score = expected_score(of_items, planted_history_user(h, p, u), i);
        wrong += !suite_close(score, (double)scores[at * ITEMS + i], 1e-5);
        above += score > 0;
      }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT(above > 0);
  arena_free(&memory);
}

static const char *const cosine[] = {"neighbours.count=8", "neighbours.shrinkage=3", "neighbours.user_damping=0.5",
                                     NULL};
static const char *const pearson[] = {"neighbours.count=8", "neighbours.shrinkage=3", "neighbours.measure=pearson",
                                      NULL};

static void items_by_cosine(void) { check(&items_recommender, 1, cosine, 0); }
static void items_by_correlation(void) { check(&items_recommender, 1, pearson, 1); }
static void users_by_cosine(void) { check(&users_recommender, 0, cosine, 0); }
static void users_by_correlation(void) { check(&users_recommender, 0, pearson, 1); }

static void same_bits(const recommender_kind *kind) {
  arena memory = {0};
  planted_history mine, all;
  float *scores = NULL, *expected = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(kind, &mine.history, NULL, &memory, &scores), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(kind, &all.history, NULL, &memory, &expected), STATUS_OK);
  const int64_t *start = mine.history.user_start;
  const int64_t first = start[mine.history.first], end = start[mine.history.first + mine.history.count];
  CU_ASSERT_EQUAL(memcmp(scores, expected + first * ITEMS, (size_t)(end - first) * ITEMS * sizeof *scores), 0);
  arena_free(&memory);
}

static void scores_have_the_same_bits_on_any_number_of_ranks(void) {
  same_bits(&items_recommender);
  same_bits(&users_recommender);
}

/* Rows 1 to 3 are alike; of equals the lower rows are kept. */
static void of_equals_the_lower_rows_are_kept(void) {
  const int64_t row[] = {0, 1, 2, 3, 4}, column[] = {0, 4};
  const int32_t zeros[] = {0, 0, 0, 0}, rows[] = {0, 1, 2, 3};
  const float ones[] = {1, 1, 1, 1};
  arena memory = {0};
  settings *s = NULL;
  neighbours n;
  neighbour found[2];
  CU_ASSERT_EQUAL(settings_create(&memory, &s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(s, "neighbours.count=2"), STATUS_OK);
  CU_ASSERT_EQUAL(neighbours_create((neighbours_side){4, row, zeros, ones}, (neighbours_side){1, column, rows, ones}, s,
                                    0.5, &memory, &n),
                  STATUS_OK);
  for (int again = 0; again < 2; again++) { /* nothing of the first search is left */
    CU_ASSERT_EQUAL(neighbours_find(&n, 3, found), 2);
    CU_ASSERT_EQUAL(found[0].row, 0);
    CU_ASSERT_EQUAL(found[1].row, 1);
    CU_ASSERT_EQUAL(found[0].similarity, found[1].similarity);
  }
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(items_by_cosine),
      TEST(items_by_correlation),
      TEST(users_by_cosine),
      TEST(users_by_correlation),
      TEST(scores_have_the_same_bits_on_any_number_of_ranks),
      TEST(of_equals_the_lower_rows_are_kept),
  };
  return MPI_SUITE_RUN(argc, argv, "neighbours", tests);
}
