/* How good rankings and ratings are.
 *
 * Of one user with at least one target, the first k places being looked at, hits being targets among them:
 *   recall     hits / targets
 *   NDCG       Σ over hits at place p (from 1) of 1 / log2(p + 1), divided by the same sum if the first min(k, targets)
 *              places were all hits (Järvelin and Kekäläinen 2002)
 *   hit rate   1 if there is a hit, else 0
 *   MAP        Σ over hits at place p of (hits up to p) / p, divided by min(k, targets)
 * Recall and NDCG as LightGCN (He et al. 2020) and the BARS benchmark count them; Liang et al. 2018 divide recall by
 * min(k, targets) instead. MAP divided as RecBole does; trec_eval divides by all targets.
 *
 * Of all lists together:
 *   coverage   share of the items that are in at least one list
 *   Gini       of how often items are listed, over all items: 0 where all are equally often, near 1 where one takes
 *              everything
 *   novelty    mean over all places of −log2 of the share of users that have seen the item (Vargas and Castells 2011),
 *              an item that nobody has seen counting as seen once */
#ifndef MATH_METRICS_H
#define MATH_METRICS_H

#include <stdint.h>

#include "data/ids.h"

typedef struct metrics_user {
  double recall, ndcg, hit_rate, map;
} metrics_user;

/*   ranked  [found], best first; fewer than k where candidates ran out
 *   target  [targets], ascending; at least one */
void metrics_ranking(const item_row *ranked, int found, const item_row *target, int64_t targets, int k,
                     metrics_user *out);

/*   listed  [items], how often each item is in a list
 *   seen    [items], users that have seen it, of `users`
 * All are 0 where nothing is listed. */
double metrics_coverage(const int64_t *listed, int32_t items);
double metrics_novelty(const int64_t *listed, const int64_t *seen, int32_t items, int64_t users);

/* Sorts `listed`. */
double metrics_gini(int64_t *listed, int32_t items);

/* Square of the error of a prediction, clipped to the range of ratings; RMSE is the root of their mean. */
double metrics_square_error(double predicted, double rating, double lowest, double highest);

#endif
