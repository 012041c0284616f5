#include "math/metrics.h"

#include <math.h>

#include "support/suite.h"

static void a_perfect_ranking_scores_one(void) {
  const item_row ranked[] = {9, 2, 5}, target[] = {2, 5, 9};
  double recall = 0, ndcg = 0;
  metrics_ranking(ranked, 3, target, 3, 3, &recall, &ndcg);
  CU_ASSERT_EQUAL(recall, 1);
  CU_ASSERT_EQUAL(ndcg, 1);
}

static void places_count_by_the_formula(void) {
  const item_row ranked[] = {1, 7, 3, 4}, target[] = {3, 7, 50, 60, 70};
  double recall = 0, ndcg = 0;
  metrics_ranking(ranked, 4, target, 5, 4, &recall, &ndcg);
  CU_ASSERT_TRUE(suite_close(recall, 2.0 / 5, 1e-12));
  const double gain = 1 / log2(3) + 1 / log2(4), ideal = 1 + 1 / log2(3) + 1 / log2(4) + 1 / log2(5);
  CU_ASSERT_TRUE(suite_close(ndcg, gain / ideal, 1e-12));
}

static void hits_beyond_k_do_not_count_and_short_lists_are_no_fault(void) {
  const item_row ranked[] = {1, 2, 3}, target[] = {3};
  double recall = 1, ndcg = 1;
  metrics_ranking(ranked, 3, target, 1, 2, &recall, &ndcg);
  CU_ASSERT_EQUAL(recall, 0);
  CU_ASSERT_EQUAL(ndcg, 0);
  metrics_ranking(ranked, 0, target, 1, 20, &recall, &ndcg);
  CU_ASSERT_EQUAL(recall, 0);
}

static void average_precision_is_that_of_the_places_hit(void) {
  const item_row ranked[] = {1, 7, 3, 4}, target[] = {3, 7, 50, 60, 70};
  CU_ASSERT_TRUE(suite_close(metrics_average_precision(ranked, 4, target, 5, 4), (1.0 / 2 + 2.0 / 3) / 4, 1e-12));
  CU_ASSERT_TRUE(suite_close(metrics_average_precision(ranked, 4, target, 2, 4), (1.0 / 2 + 2.0 / 3) / 2, 1e-12));
  CU_ASSERT_EQUAL(metrics_average_precision(ranked, 1, ranked, 1, 1), 1);
  CU_ASSERT_EQUAL(metrics_average_precision(ranked, 0, target, 5, 20), 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_perfect_ranking_scores_one),
      TEST(places_count_by_the_formula),
      TEST(hits_beyond_k_do_not_count_and_short_lists_are_no_fault),
      TEST(average_precision_is_that_of_the_places_hit),
  };
  return SUITE_RUN("metrics", tests);
}
