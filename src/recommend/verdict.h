/* How good rankings and ratings are, over all users of all ranks; definitions in math/metrics.h. */
#ifndef RECOMMEND_VERDICT_H
#define RECOMMEND_VERDICT_H

#include "recommend/ranking.h"
#include "recommend/targets.h"

/* Over users; between low and high lie 95 % of a percentile bootstrap over users, keyed by the history's seed and the
 * users' ids. */
typedef struct verdict_mean {
  double mean, low, high;
} verdict_mean;

typedef struct verdict {
  int64_t judged, targets; /* users with a list and a target; their targets */
  verdict_mean recall, ndcg, hit_rate, map;
  double coverage; /* share of items in at least one list of a judged user */
  double gini;     /* of how often items are listed, over all items: 0 all alike, 1 one item alone */
  double novelty;  /* mean −log2 of the share of users that have seen a listed item, at least one user */
} verdict;

/* Collective. Lists of at least k places; without a judged user all is 0. Memory of `a` is given back. */
status verdict_of(const history *h, const ranking *r, const targets *t, int k, arena *a, verdict *out);

#endif
