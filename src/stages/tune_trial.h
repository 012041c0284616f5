/* One trial: a model fitted with some settings to what was before the validation cut, judged by what came after it. Its
 * score stands in a file, so that nothing is tried twice, whoever tries it. */
#ifndef STAGES_TUNE_TRIAL_H
#define STAGES_TUNE_TRIAL_H

#include "recommend/recommender.h"
#include "stages/fold_view.h"
#include "stages/tune_space.h"

typedef struct tune_trial {
  const stage *stage;
  const char *folder; /* of results */
  const char *about;  /* all that a score depends on besides its trial: inputs, and how they were read */
  const fold_view *view;
  const recommender_kind *kind;
  const tune_space *space;
  int trials;    /* of the model */
  int rungs;     /* of a bracket */
  int64_t tried; /* how many were not in a file */
} tune_trial;

/* Collective. NDCG@20 of trial `number`, whose settings are drawn unless `given` names them, at `rung` from 0: the last
 * looks at tune.users users (and, where a fit is cubic in the items, at tune.items of them), each before it at a third
 * of the cost. Fails: as the model does; STATUS_IO; STATUS_AGAIN where the run was asked to stop. */
status tune_trial_score(tune_trial *t, const settings *given, int number, int rung, double *score);

#endif
