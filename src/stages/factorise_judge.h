/* Judges a model by what users did after the validation cut.
 *
 * Ranking: every available item that a user had not touched before the cut is ranked; the targets are the items first
 * touched after it. Judged are users with both: one without a past has no factor, and gets popular items from decide.
 * Ratings: root mean square error over the same pairs, predictions clipped to the range of ratings. */
#ifndef STAGES_FACTORISE_JUDGE_H
#define STAGES_FACTORISE_JUDGE_H

#include "stages/factorise_input.h"

enum { FACTORISE_TOP = 20 };

typedef struct factorise_verdict {
  double recall, ndcg;       /* @FACTORISE_TOP, mean over judged users */
  double rmse;               /* ratings only */
  int64_t judged, newcomers; /* users with targets: with a past, without */
  int64_t targets;           /* of judged users */
} factorise_verdict;

typedef struct factorise_judge factorise_judge;

/* Collective. Gathers the judged users of every partition of this rank. */
status factorise_judge_create(const stage *s, const factorise_input *in, arena *a, factorise_judge **out);

/* Local, the same on all ranks. Judged users and their targets; rates 0. */
factorise_verdict factorise_judge_size(const factorise_judge *j);

/* Collective. Items by the number of users who touched them before the cut: what a model has to beat. */
status factorise_judge_popularity(factorise_judge *j, factorise_verdict *out);

/* Collective. A model of either goal, fitted to what was before the cut. */
status factorise_judge_model(factorise_judge *j, const als_model *m, factorise_verdict *out);

/* Collective. The error of predicting the mean for everything. */
status factorise_judge_mean(factorise_judge *j, double mean, factorise_verdict *out);

#endif
