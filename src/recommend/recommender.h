/* Recommenders as the exact top-K sees them: one row each. A new model is a pair of files and a row.
 *
 * A model is fitted to a history, then asked for the scores of one panel of items after another, so that no rank ever
 * holds users × items scores or items × items weights: `panel` brings to every rank what the next
 * RECOMMENDER_PANEL items need, `score` multiplies it with blocks of the rank's own users.
 * Scores have the same bits on any number of ranks. */
#ifndef RECOMMEND_RECOMMENDER_H
#define RECOMMEND_RECOMMENDER_H

#include "base/arena.h"
#include "base/settings.h"
#include "base/status.h"
#include "recommend/history.h"

enum {
  RECOMMENDER_PANEL = 256, /* items of a panel; it begins at a multiple */
  RECOMMENDER_USERS = 64   /* users of a block at most */
};

typedef struct recommender_kind {
  const char *name; /* as in settings and reports */

  /* Collective. Fits a model to `h`, which must outlive it. Memory from `a`. *model is NULL-safe to free even after a
   * failure. Fails: STATUS_BUG (memory, a matrix that cannot be factorised), STATUS_SETTINGS (does not fit in memory),
   * STATUS_AGAIN (told to stop in the middle). */
  status (*fit)(const history *h, const settings *s, arena *a, void **model);

  /* Collective. Items [first, first + count) come next. */
  status (*panel)(void *model, item_row first, int count);

  /* Local. Scores of users [from, from + users) of this rank's partition h->first + part against the panel:
   *   score [users, RECOMMENDER_PANEL], written, the first `count` columns of a row */
  void (*score)(void *model, int part, user_row from, int users, float *score);

  /* Collective. NULL is allowed. */
  void (*free)(void *model);
} recommender_kind;

extern const recommender_kind als_recommender;        /* als_recommender.c */
extern const recommender_kind ease_recommender;       /* Steck 2019 */
extern const recommender_kind spectral_recommender;   /* GF-CF, Shen et al. 2021; BSPM, Choi et al. 2023 */
extern const recommender_kind items_recommender;      /* item neighbours */
extern const recommender_kind users_recommender;      /* user neighbours */
extern const recommender_kind content_recommender;    /* TF-IDF cosine */
extern const recommender_kind popularity_recommender; /* weights of all users */

/* NULL-terminated, in the order of reports. */
extern const recommender_kind *const recommender_kinds[];

/* Local. NULL if there is none of that name. */
const recommender_kind *recommender_find(const char *name);

#endif
