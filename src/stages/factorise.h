/* Learns what each user likes: fits the models of recommender.models, weighs them against each other, and ranks.
 *
 * Models are fitted to the events before the validation cut and weighed by the interactions after it
 * (recommend/blend.h); those that count are fitted again to everything, and their weighted sum ranks, for each user
 * with a past, all that may be offered (stages/offers.h).
 *
 * ALS is always fitted, for its factors say which items are near each other: judged after each sweep by the
 * interactions after the cut, then again to everything with as many sweeps as were best. With als.feedback explicit a
 * second model with biases learns the ratings; it predicts what a user would give, which ranks poorly, so candidates
 * come from the blend and are vetoed by it (stages/decide).
 *
 * Reads:    work/ingest/items, users-I-of-P
 * Writes:   work/factorise/items (item_model: factors of ALS, share of users), users-I-of-P (factors),
 *           candidates-I-of-P (the best items of each user with their scores; none for users without a past and those
 *           that are suppressed); explicit also ratings-items (item_model with mean and biases), ratings-I-of-P
 * (factors with biases) Speaks:   as the models, the ranking and the verdict do. Restarts: ALS goes on from the last
 * sweep that was saved (stages/checkpoint.h); other models are fitted anew. Fails:    STATUS_MISSING, STATUS_DATA
 * (files of ingest), STATUS_SETTINGS (a model that does not fit), STATUS_IO, STATUS_BUG (memory). */
#ifndef STAGES_FACTORISE_H
#define STAGES_FACTORISE_H

#include "stages/stage.h"

/* Collective. */
status factorise_run(stage *s);

#endif
