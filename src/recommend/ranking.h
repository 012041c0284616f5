/* The best K items of every user of this rank, exactly, by a weighted sum of models: panel of items by panel, block of
 * users by block. Memory is one block of scores and the lists. */
#ifndef RECOMMEND_RANKING_H
#define RECOMMEND_RANKING_H

#include "recommend/recommender.h"

/* One model of the sum: weight × (interactions of the user, at least 1)^(−exponent) × its score. Of weight 0: none. */
typedef struct ranking_term {
  const recommender_kind *kind;
  void *model;
  double weight, exponent;
} ranking_term;

typedef struct ranking_filter {
  const uint8_t *allowed;        /* [items], 0: never; NULL: all */
  const int64_t *const *offset;  /* [count] of [users + 1]: what each user of a partition is not offered, … */
  const item_row *const *hidden; /* … ascending; NULL: nothing is hidden */
  const int32_t *rows;           /* [count]: so many users of each partition are ranked, … */
  const user_row *const *row;    /* … these, ascending; NULL: all users */
} ranking_filter;

/* Of this rank's partitions: best first; of equal scores the lower row first; −1 and 0 where there are no more. Of one
 * term alone, the order is that of its own scores, before they are multiplied by its weight. */
typedef struct ranking {
  int keep;
  int32_t *rows;              /* [count]: lists of each partition, … */
  const user_row *const *row; /* … of these users; NULL: list u is that of user u */
  item_row **item;            /* [count] of [rows, keep] */
  float **score;
} ranking;

/* Pairs whose scores are wanted, such as targets or the candidates of a blend. */
typedef struct ranking_pairs {
  const int32_t *rows;          /* [count]: users of each partition that have pairs, … */
  const user_row *const *row;   /* … these, ascending; NULL: all users */
  const int64_t *const *offset; /* [count] of [rows + 1] */
  const item_row *const *item;  /* ascending in a row */
} ranking_pairs;

/* Collective. Lists are taken from `a`. A filter of NULL filters nothing. */
status ranking_find(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                    arena *a, ranking *out);

/* Collective. value [count] of [pairs] is filled. */
status ranking_score(const history *h, const ranking_term *term, int terms, const ranking_pairs *pairs,
                     float *const *value);

#endif
