/* How well ratings are predicted, where feedback is explicit. */
#ifndef STAGES_EVALUATE_RATINGS_H
#define STAGES_EVALUATE_RATINGS_H

#include "stages/fold_view.h"

typedef struct evaluate_ratings {
  double rmse;           /* of the model of ratings that a night fits (stages/factorise_als.h) */
  double mean_rmse;      /* of predicting the mean for everything */
  int64_t sweeps;        /* of the first */
  double posterior_rmse; /* of recommend/posterior.h */
  int has_posterior;     /* ratings.draws is not 0 */
} evaluate_ratings;

/* Collective. Sweeps are found on FOLD_VALIDATION, then all is fitted to both; judged are the ratings of test->targets,
 * of users with a past. Fails: as the model does. */
status evaluate_ratings_judge(const stage *s, const factorise_input *in, const fold_view *test, evaluate_ratings *out);

#endif
