/* The candidates that a blend is learned on: of some users, the best BLEND_POOL of each model, with the scores that
 * every model gives them, in units of that model's own spread. */
#ifndef RECOMMEND_BLEND_POOL_H
#define RECOMMEND_BLEND_POOL_H

#include "comm/tree_sum.h"
#include "recommend/ranking.h"
#include "recommend/targets.h"

/* Users of one logical partition. */
typedef struct blend_part {
  int32_t users;
  user_row *row;       /* [users], ascending */
  float *events;       /* [users]: interactions / their geometric mean over all users of the pool */
  int64_t *offset;     /* [users + 1] of candidates */
  item_row *item;      /* ascending in a row */
  float **value;       /* [terms] of [candidates] */
  int64_t *hit_offset; /* [users + 1] */
  int32_t *hit;        /* candidates of the user's row that are targets */
  double *ideal;       /* [users], what the gain of a perfect ranking would be */
} blend_part;

typedef struct blend_pool {
  const history *history;
  int terms, most;  /* candidates of one user at most */
  int64_t users;    /* over all ranks */
  int is_judged;    /* 0: nobody has a target */
  blend_part *part; /* [history->count] */
  double *unit;     /* [terms]: 1 / spread, by which values have been multiplied; 0: the model tells nothing apart */
  double mean;      /* geometric, of interactions */
} blend_pool;

/* Collective. Users have a past and, where anybody has one, a target; at most about `users` of them, the first of each
 * partition by id, which is a draw by hash. */
status blend_pool_fill(const history *h, const targets *t, const ranking_filter *filter, int64_t users,
                       const ranking_term *term, int terms, arena *a, blend_pool *out);

#endif
