/* The models of a job together: fitted one after another to one history, weighed against each other by what users did
 * after it, and ranked as one sum. */
#ifndef RECOMMEND_ENSEMBLE_H
#define RECOMMEND_ENSEMBLE_H

#include "recommend/blend.h"

typedef struct ensemble {
  int terms;
  ranking_term *term; /* [terms], in the order of recommender.models; weight 1 until ensemble_learn */
  arena *memory;      /* [terms], of each model */
  void **given;       /* [terms]: models that the caller has fitted and keeps, or NULL */
  int spares;         /* 1: models of weight 0 are not fitted */
} ensemble;

/* Called on all ranks after each fit. */
typedef void ensemble_told(void *context, const char *model, double seconds);

/* Local. The models that recommender.models names, none fitted. Fails: STATUS_SETTINGS for a name that is none. */
status ensemble_create(const settings *s, arena *a, ensemble *out);

/* Collective. Fits every model to `h`, which must outlive the fit; what was fitted before is given back first, weights
 * stay. `told` may be NULL. Fails as the models do; what is fitted then is given back by ensemble_free. */
status ensemble_fit(ensemble *e, const history *h, const settings *s, ensemble_told *told, void *context);

/* Collective. NULL-safe members; may be called at any time. */
void ensemble_free(ensemble *e);

#endif
