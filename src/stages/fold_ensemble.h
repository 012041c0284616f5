/* The heart of factorise and evaluate: models fitted before the validation cut are weighed by what came after it, then
 * fitted again to everything that may be learned from. */
#ifndef STAGES_FOLD_ENSEMBLE_H
#define STAGES_FOLD_ENSEMBLE_H

#include "recommend/ensemble.h"
#include "stages/fold_view.h"

enum { FOLD_ENSEMBLE_USERS = 20000 /* whom a blend is learned from at most */ };

/* Local. The models that recommender.models names, without those that the data is too large for, of which the log
 * tells: ease beyond ease.items. A job that names no other keeps them, and fails when they are fitted. */
status fold_ensemble_create(const stage *s, const factorise_input *in, ensemble *out);

/* Collective. Fits to `h`; `upto` says in progress and log what that is. */
status fold_ensemble_fit_to(const stage *s, ensemble *e, const history *h, const char *upto);

/* Collective. Weights and exponents of models that are fitted to v->history, learned from its targets: of what ranks
 * best, or, where nobody can be judged, all alike in units of their spread. One model alone keeps its weight. */
status fold_ensemble_weigh(const stage *s, const fold_view *v, ensemble *e, blend_account *learned);

/* Collective. Fits to FOLD_TRAIN, learns weights and exponents from FOLD_VALIDATION, gives the models back. Where
 * one model is alone, nothing is fitted and learned->users is 0. Progress and log are the stage's. */
status fold_ensemble_learn(const stage *s, const factorise_input *in, ensemble *e, blend_account *learned);

/* Collective. Fits to FOLD_TRAIN and FOLD_VALIDATION; `view`, from `a`, is what was fitted to, with the targets of
 * FOLD_TEST, of which a night has none. */
status fold_ensemble_fit(const stage *s, const factorise_input *in, ensemble *e, arena *a, fold_view *view);

#endif
