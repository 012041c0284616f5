#include "math/metrics.h"

#include <math.h>

#include "support/suite.h"

static void a_perfect_ranking_scores_one(void) {
  const item_row ranked[] = {9, 2, 5}, target[] = {2, 5, 9};
  metrics_user m;
  metrics_ranking(ranked, 3, target, 3, 3, &m);
  CU_ASSERT_EQUAL(m.recall, 1);
  CU_ASSERT_EQUAL(m.ndcg, 1);
  CU_ASSERT_EQUAL(m.hit_rate, 1);
  CU_ASSERT_EQUAL(m.map, 1);
}

static void places_count_by_the_formula(void) {
  const item_row ranked[] = {1, 7, 3, 4}, target[] = {3, 7, 50, 60, 70};
  metrics_user m;
  metrics_ranking(ranked, 4, target, 5, 4, &m);
  CU_ASSERT_TRUE(suite_close(m.recall, 2.0 / 5, 1e-12));
  const double gain = 1 / log2(3) + 1 / log2(4), ideal = 1 + 1 / log2(3) + 1 / log2(4) + 1 / log2(5);
  CU_ASSERT_TRUE(suite_close(m.ndcg, gain / ideal, 1e-12));
  CU_ASSERT_TRUE(suite_close(m.map, (1.0 / 2 + 2.0 / 3) / 4, 1e-12));
  CU_ASSERT_EQUAL(m.hit_rate, 1);
}

static void hits_beyond_k_do_not_count_and_short_lists_are_no_fault(void) {
  const item_row ranked[] = {1, 2, 3}, target[] = {3};
  metrics_user m;
  metrics_ranking(ranked, 3, target, 1, 2, &m);
  CU_ASSERT_EQUAL(m.recall, 0);
  CU_ASSERT_EQUAL(m.ndcg, 0);
  CU_ASSERT_EQUAL(m.hit_rate, 0);
  CU_ASSERT_EQUAL(m.map, 0);
  metrics_ranking(ranked, 0, target, 1, 20, &m);
  CU_ASSERT_EQUAL(m.recall, 0);
}

/* Three users with lists of five of ten items. The expected values were computed by ranx 0.3.21 (recall@5, ndcg@5,
 * hit_rate@5), whose definitions are the same, and map@5 with RecBole's divisor. */
static void a_public_implementation_counts_the_same(void) {
  static const item_row ranked[3][5] = {{0, 3, 7, 2, 9}, {5, 1, 8, 6, 4}, {2, 9, 0, 1, 3}};
  static const item_row target[3][7] = {{2, 3, 5, 8}, {4}, {0, 1, 2, 3, 4, 5, 9}};
  static const int64_t targets[3] = {4, 1, 7};
  static const double recall[3] = {0.5, 1, 5.0 / 7}, ndcg[3] = {0.41442993, 0.38685281, 1}, map[3] = {0.25, 0.2, 1};
  for (int u = 0; u < 3; u++) {
    metrics_user m;
    metrics_ranking(ranked[u], 5, target[u], targets[u], 5, &m);
    CU_ASSERT_TRUE(suite_close(m.recall, recall[u], 1e-12));
    CU_ASSERT_TRUE(suite_close(m.ndcg, ndcg[u], 1e-7));
    CU_ASSERT_TRUE(suite_close(m.map, map[u], 1e-12));
    CU_ASSERT_EQUAL(m.hit_rate, 1);
  }
}

/* Four items in lists 0, 1, 1 and 6 times: mean absolute difference 22/16 × 2, mean 2. */
static void lists_are_counted_over_all_items(void) {
  int64_t listed[] = {6, 1, 0, 1};
  const int64_t seen[] = {8, 2, 0, 0};
  CU_ASSERT_TRUE(suite_close(metrics_coverage(listed, 4), 0.75, 1e-12));
  CU_ASSERT_TRUE(suite_close(metrics_novelty(listed, seen, 4, 8), (6 * 0.0 + 1 * 2 + 1 * 3) / 8, 1e-12));
  double differences = 0;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) differences += fabs((double)(listed[i] - listed[j]));
  CU_ASSERT_TRUE(suite_close(metrics_gini(listed, 4), differences / (2 * 4 * 4 * 2.0), 1e-12));
  int64_t same[] = {5, 5, 5}, none[] = {0, 0};
  CU_ASSERT_TRUE(suite_close(metrics_gini(same, 3), 0, 1e-12));
  CU_ASSERT_EQUAL(metrics_gini(none, 2), 0);
  CU_ASSERT_EQUAL(metrics_coverage(none, 0), 0);
  CU_ASSERT_EQUAL(metrics_novelty(none, none, 2, 3), 0);
}

static void predictions_are_clipped(void) {
  CU_ASSERT_TRUE(suite_close(metrics_square_error(7, 4, 1, 5), 1, 1e-12));
  CU_ASSERT_TRUE(suite_close(metrics_square_error(-2, 1, 1, 5), 0, 1e-12));
  CU_ASSERT_TRUE(suite_close(metrics_square_error(3.5, 4, 1, 5), 0.25, 1e-12));
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_perfect_ranking_scores_one),
      TEST(places_count_by_the_formula),
      TEST(hits_beyond_k_do_not_count_and_short_lists_are_no_fault),
      TEST(a_public_implementation_counts_the_same),
      TEST(lists_are_counted_over_all_items),
      TEST(predictions_are_clipped),
  };
  return SUITE_RUN("metrics", tests);
}
