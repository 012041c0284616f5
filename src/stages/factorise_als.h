/* The models of ALS that a night keeps: how many sweeps they need, found before the validation cut and judged after it;
 * a fit to everything with as many; and their files. Each phase checkpoints after its sweeps. */
#ifndef STAGES_FACTORISE_ALS_H
#define STAGES_FACTORISE_ALS_H

#include "recommend/als_model.h"
#include "recommend/verdict.h"
#include "stages/fold_view.h"

/* The sweeps of one fit to what was before the cut. */
typedef struct factorise_course {
  int64_t sweeps; /* best number */
  verdict best;   /* of a ranking … */
  double rmse;    /* … or of ratings */
} factorise_course;

/* Collective. Fits to v->history until als.patience sweeps were no better, judges each. */
status factorise_als_course(const stage *s, const fold_view *v, als_model_goal goal, factorise_course *out);

/* Collective. Fits with so many sweeps and solves exactly what they left; whoever calls it frees the model, after a
 * failure too. `phase` names its checkpoints, `what` stands beside the progress. */
status factorise_als_fit(const stage *s, const history *h, als_model_goal goal, int sweeps, const char *phase,
                         const char *what, arena *a, als_model *out);

/* Collective. The same to all that is known; begins with the items of als.warm_start, which may know what came after
 * the validation cut and is of no use before. */
status factorise_als_fit_all(const stage *s, const history *h, als_model_goal goal, int sweeps, const char *phase,
                             const char *what, arena *a, als_model *out);

/* Local. Writes items (by rank 0) and users; `popularity` [items] goes with the items. */
status factorise_als_save(const stage *s, const als_model *m, const float *popularity);

#endif
