/* Which item, and with what probability. */
#ifndef STAGES_DECIDE_CHOICE_H
#define STAGES_DECIDE_CHOICE_H

#include "base/random.h"
#include "stages/decide_side.h"

/* 1 if the user is never written to: share of the hashes of (salt, the platform's user id), which is neither keyed by
 * the seed nor tied to a night. */
int decide_choice_held_out(const decide_side *side, const users *u, user_row user);

/* For a user without a past: the popular items that may be offered, with their share of users as score. Both
 * [DECISION_CANDIDATES] */
void decide_choice_popular(const decide_side *side, item_row *candidate, float *score);

/* Draws among the first decide.explore candidates by softmax of score / (temperature × standard deviation of all
 * candidates' scores). With explicit feedback, candidates whose predicted rating is below the user's own average stand
 * back, unless all are. Returns the place of the chosen one, or -1 where there is none; *probability of it. */
int decide_choice_draw(const decide_side *side, const decide_part *p, user_row user, const item_row *candidate,
                       const float *score, random_stream *r, double *probability);

#endif
