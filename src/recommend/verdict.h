/* How good rankings and ratings are, over all users of all ranks; definitions in math/metrics.h. */
#ifndef RECOMMEND_VERDICT_H
#define RECOMMEND_VERDICT_H

#include "recommend/ranking.h"
#include "recommend/targets.h"

typedef struct verdict_mean {
  double mean, low, high; /* over users; 95 % of a bootstrap over users, its seed the history's */
} verdict_mean;

typedef struct verdict {
  int64_t judged, targets; /* users with a target, their targets */
  verdict_mean recall, ndcg, hit_rate, map;
  double coverage; /* share of items in at least one list */
  double gini;     /* of how often items are listed */
  double novelty;  /* mean −log2 of the share of users that have seen a listed item */
} verdict;

/* Collective. Lists of at least k places. */
status verdict_of(const history *h, const ranking *r, const targets *t, int k, arena *a, verdict *out);

#endif
