/* How good a ranking is, for one user with at least one target.
 *   recall@k = hits among the first k / targets
 *   NDCG@k = Σ over hits at place p (from 1) of 1 / log2(p + 1), divided by the same sum if the first min(k, targets)
 *            places were all hits (Järvelin and Kekäläinen 2002)
 *   average precision@k = Σ over hits at place p of the share of hits among the first p, divided by min(k, targets);
 *            its mean over users is MAP@k
 * as LightGCN and the BARS benchmark count them; Liang et al. 2018 divide recall by min(k, targets) instead. */
#ifndef MATH_METRICS_H
#define MATH_METRICS_H

#include <stdint.h>

#include "data/ids.h"

/*   ranked  [found], best first; fewer than k where candidates ran out
 *   target  [targets], ascending */
void metrics_ranking(const item_row *ranked, int found, const item_row *target, int64_t targets, int k, double *recall,
                     double *ndcg);

double metrics_average_precision(const item_row *ranked, int found, const item_row *target, int64_t targets, int k);

#endif
