/* The best K items of every user of this rank, exactly, by each of several models or by their weighted sum: panel of
 * items by panel, block of users by block. Memory is a block of scores for each model, and the lists. */
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

/* The best items of any of several models, with the scores that each model gives them. Of partition p, list u:
 * [offset[p][u], offset[p][u + 1]) of item[p] and of value[p][term]. */
typedef struct ranking_pool {
  int64_t **offset; /* [count] of [rows + 1] */
  item_row **item;  /* ascending in a row */
  float ***value;   /* [count] of [terms] */
} ranking_pool;

/* Collective. Lists by the sum of the terms, taken from `a`. A filter of NULL filters nothing. */
status ranking_find(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                    arena *a, ranking *out);

/* Collective. Likewise, but each score is found once for all: out [terms + 1], lists by each term alone as if its
 * weight were 1 and its exponent 0, then those by the sum. */
status ranking_find_each(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                         arena *a, ranking *out);

/* Collective. Items that are among the best `keep` of a user by any term alone, weights and exponents aside. */
status ranking_find_pool(const history *h, const ranking_term *term, int terms, const ranking_filter *filter, int keep,
                         arena *a, ranking_pool *out);

#endif
