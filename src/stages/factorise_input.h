/* What factorise learns from: the users of this rank's logical partitions, and views of their interactions. */
#ifndef STAGES_FACTORISE_INPUT_H
#define STAGES_FACTORISE_INPUT_H

#include "data/catalogue.h"
#include "data/users.h"
#include "recommend/als_model.h"
#include "stages/stage.h"

typedef struct factorise_input {
  catalogue items;
  int first, count;    /* logical partitions [first, first + count) are this rank's */
  users *users;        /* [count] */
  int64_t users_total; /* over all ranks */
  int64_t now, cut;    /* Unix seconds: of the night, of the validation cut */
  double half_life;    /* days; 0: none */
  int is_explicit;
  double lowest, highest;                                     /* rating, over all ranks */
  history_features item_words, item_features, *user_features; /* as history has them */
} factorise_input;

/* Collective. Loads catalogue and users into the stage's arena, and finds their features. */
status factorise_input_load(const stage *s, factorise_input *out);

/* Collective. What a model of either goal learns from: the interactions before the cut (train 1), or all.
 *   ranking  seen, weight log(1 + w), which keeps one user's hundredth purchase from drowning all else; explicit: the
 *            rating, scaled to 0.5 … 1.5, by age
 *   ratings  rated, target the rating */
status factorise_input_history(const factorise_input *in, const stage *s, als_model_goal goal, int train, arena *a,
                               history *out);

/* Collective. Mean rating over the interactions before the cut, or all. */
status factorise_input_mean(const factorise_input *in, const stage *s, int train, double *mean);

#endif
