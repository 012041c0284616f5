/* The best K items of every user of this rank, exactly, by a weighted sum of models: panel of items by panel, block of
 * users by block. Memory is one block of scores and the lists. */
#ifndef RECOMMEND_RANKING_H
#define RECOMMEND_RANKING_H

#include "recommend/recommender.h"

/* One model of the sum: weight × (interactions of the user)^(−exponent) × its score. */
typedef struct ranking_term {
  const recommender_kind *kind;
  void *model;
  double weight, exponent;
} ranking_term;

typedef struct ranking_filter {
  const uint8_t *allowed;        /* [items], 0: never; NULL: all */
  const int64_t *const *offset;  /* [count] of [users + 1]: what each user of a partition is not offered, … */
  const item_row *const *hidden; /* … ascending; NULL: nothing is hidden */
} ranking_filter;

/* Of this rank's partitions: best first; of equal scores the lower row first; −1 and 0 where there are no more. */
typedef struct ranking {
  int keep;
  item_row **item; /* [count] of [users, keep] */
  float **score;
} ranking;

/* Collective. Lists are taken from `a`. */
status ranking_find(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                    arena *a, ranking *out);

/* Collective. Scores of given items: pair [count] of [users + 1] offsets and items ascending in a row, such as targets
 * or the candidates of a blend; value [count] of [pairs] is filled. */
status ranking_score(const history *h, const ranking_term *term, int terms, const int64_t *const *offset,
                     const item_row *const *item, float *const *value);

#endif
