/* Judges what factorise fits by what users did after the validation cut.
 *
 * Ranking: every available item that a user had not touched before the cut is ranked; the targets are the items first
 * touched after it. Judged are users with both: one without a past has no factor, and gets popular items from decide.
 * Ratings: root mean square error over the same pairs, predictions clipped to the range of ratings. */
#ifndef STAGES_FACTORISE_JUDGE_H
#define STAGES_FACTORISE_JUDGE_H

#include "recommend/als_model.h"
#include "recommend/verdict.h"
#include "stages/fold_view.h"

enum { FACTORISE_TOP = 20 };

/* Collective. Lists of FACTORISE_TOP of one model alone, fitted to v->history. */
status factorise_judge_ranking(const fold_view *v, const recommender_kind *kind, void *model, verdict *out);

/* Collective. Items by the number of users who touched them before the cut: what a model has to beat. */
status factorise_judge_popularity(const fold_view *v, verdict *out);

/* Collective. A model of ratings; with m NULL, the error of predicting `mean` for everything. */
status factorise_judge_ratings(const fold_view *v, const als_model *m, double mean, double *rmse);

#endif
