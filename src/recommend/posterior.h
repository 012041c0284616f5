/* Ratings by Bayesian matrix factorisation (Salakhutdinov and Mnih, "Bayesian probabilistic matrix factorization using
 * Markov chain Monte Carlo", ICML 2008): factors of users and items have Gaussian priors whose means and precisions are
 * drawn too, and a rating is predicted as the mean over draws of the posterior, by Gibbs sampling. Nothing needs to be
 * regularised by hand.
 *
 * Users stand with their logical partition; every rank holds all items, and their normal equations are summed over
 * partitions: width × (width + 3) / 2 doubles an item. Each row draws numbers of its own id, so that the result has the
 * same bits on any number of ranks. */
#ifndef RECOMMEND_POSTERIOR_H
#define RECOMMEND_POSTERIOR_H

#include "base/settings.h"
#include "recommend/history.h"
#include "recommend/targets.h"

typedef struct posterior_options {
  int width;       /* of a factor */
  int burn, draws; /* sweeps before predictions count, and those that count */
} posterior_options;

/* Local. From the settings ratings.*. */
posterior_options posterior_options_of(const settings *s);

/* Collective. Predicts the rating of each pair of `of`, of users and items of `h`, which has ratings.
 *   value  [count] of [pairs], written
 * Fails: STATUS_BUG (memory). */
status posterior_predict(const history *h, const posterior_options *o, const targets *of, float *const *value);

#endif
