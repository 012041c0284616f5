/* How much each model counts, learned from what users did after the history that the models were fitted to.
 *
 * Candidates of a user are the best BLEND_POOL of each model alone, scores are measured in the model's own spread. From
 * the best model alone, models are added one by one (forward selection, as Caruana et al. 2004 build ensembles from
 * libraries of models): each time the one, with the weight on a fixed grid, that lifts the mean NDCG@20 of the pool
 * ranked by the sum most, as long as it does by more than twice the standard error of the gain, user by user; then all
 * weights climb by small steps. An exponent, by which a model counts more for users with few interactions, must be
 * worth as much. In the end models leave that are missed by no more than the standard error. So few users give few
 * models, and what validation cannot tell from chance is not carried over to a later time. The blend is never worse on
 * the pool than the best model alone. */
#ifndef RECOMMEND_BLEND_H
#define RECOMMEND_BLEND_H

#include "recommend/ranking.h"
#include "recommend/targets.h"

enum { BLEND_POOL = 100, BLEND_TOP = 20, BLEND_TERMS = 16 /* models at most */ };

typedef struct blend_account {
  int64_t users;             /* that were learned from */
  double alone[BLEND_TERMS]; /* NDCG of the pool ranked by each model alone */
  double share[BLEND_TERMS]; /* weight in units of the model's spread; they add up to 1 */
  double ndcg;               /* of the blend */
} blend_account;

/* Collective. Fills weight and exponent of `term` [terms], the same on all ranks and on any number of them. Learned
 * from about `users` at most of those that have a past and a target, chosen by the hash that their ids are. Without
 * any, all weigh the same in units of their spread and NDCG is 0. Fails: STATUS_BUG (memory), and as the models' panels
 * do. */
status blend_learn(const history *h, const targets *t, const ranking_filter *filter, int64_t users, ranking_term *term,
                   int terms, blend_account *out);

#endif
