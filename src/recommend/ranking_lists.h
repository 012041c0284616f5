/* Lists of the best items while they grow, of each term, of their sum, or of all of these, in one pass over the scores:
 * what ranking.h offers is made of it. */
#ifndef RECOMMEND_RANKING_LISTS_H
#define RECOMMEND_RANKING_LISTS_H

#include "recommend/ranking_scores.h"

/* Called on each rank after the lists of a block of partition h->first + part have been offered the panel that begins
 * at `first`. */
typedef void ranking_lists_taken(void *context, int part, const ranking_block *b, item_row first);

typedef struct ranking_lists {
  ranking_scores scores;
  const ranking_filter *filter;
  int lists;
  ranking *out; /* [lists]: of each term where RANKING_ALONE is wanted, then of the sum where RANKING_SUM is */
  struct ranking_walk **walk; /* [count] of [rows], or NULL: nothing is hidden */
  float *bar;                 /* [panel] −∞ where an item is not allowed, else 0; NULL: all are */
  ranking_lists_taken *taken; /* or NULL */
  void *context;
} ranking_lists;

/* Local. Lists are taken from `a`, all else from `scratch`. A filter of NULL filters nothing. */
status ranking_lists_open(const history *h, const ranking_term *term, int terms, int wants,
                          const ranking_filter *filter, int keep, arena *a, arena *scratch, ranking *out,
                          ranking_lists *l);

/* Collective. All panels; l->taken and l->context may have been set. */
status ranking_lists_fill(ranking_lists *l);

#endif
