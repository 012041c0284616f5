/* The profile of one user from the events: words, and counts of behaviour. */
#ifndef STAGES_PROFILE_USER_H
#define STAGES_PROFILE_USER_H

#include "base/arena.h"
#include "data/profile.h"
#include "data/users.h"

/* Sums over the words of one user at a time. */
typedef struct profile_user {
  const words *words;
  int explicit_feedback;
  int has_time;
  int64_t now;
  double *sum;      /* [words], 0 between users */
  int32_t *touched; /* [words], rows with a sum */
  int32_t touched_count;
} profile_user;

status profile_user_create(const words *w, int explicit_feedback, int has_time, int64_t now, arena *a,
                           profile_user **out);

/* Space for the profiles of `count` users. */
status profile_user_take(arena *a, int32_t count, profiles *out);

/* Fills row `user` of `out` but for the segment, and the hashed vector [width] of unit length (zero without words). */
void profile_user_fill(profile_user *p, const users *u, user_row user, profiles *out, int width, float *vector);

#endif
