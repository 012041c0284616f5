/* A model of ALS that was fitted by hand, sweep by sweep, as rankings take it. */
#ifndef RECOMMEND_ALS_RECOMMENDER_H
#define RECOMMEND_ALS_RECOMMENDER_H

#include "recommend/als_model.h"
#include "recommend/recommender.h"

/* Local. *model is one of als_recommender and ranks as `m` stands when it is asked; m is to be complete then, and to
 * outlive it: als_recommender.free leaves it alone. Fails: STATUS_BUG (memory). */
status als_recommender_adopt(als_model *m, arena *a, void **model);

#endif
