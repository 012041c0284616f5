/* How much each model counts, learned from what users did after the history that the models were fitted to.
 *
 * Candidates of a user are the best BLEND_POOL of each model alone; weights and exponents climb, one coordinate at a
 * time on a fixed grid, the mean NDCG@20 of the pool ranked by the sum. */
#ifndef RECOMMEND_BLEND_H
#define RECOMMEND_BLEND_H

#include "recommend/ranking.h"
#include "recommend/targets.h"

enum { BLEND_POOL = 100, BLEND_TOP = 20 };

/* Collective. Fills weight and exponent of `term` [terms], the same on all ranks; `users` at most are looked at, chosen
 * by a hash of (seed, id). *ndcg of the pool before (each alone: [terms]) and after. Without targets all weigh the
 * same.
 */
status blend_learn(const history *h, const targets *t, const ranking_filter *filter, int64_t users, ranking_term *term,
                   int terms, double *alone, double *ndcg);

#endif
