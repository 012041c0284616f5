/* Scores of one block of users against one panel of items: of each term, and their weighted sum. */
#ifndef RECOMMEND_RANKING_SCORES_H
#define RECOMMEND_RANKING_SCORES_H

#include "recommend/ranking.h"
#include "recommend/ranking_block.h"

/* What is wanted; both may be. */
typedef enum ranking_wants { RANKING_ALONE = 1, RANKING_SUM = 2 } ranking_wants;

typedef struct ranking_scores {
  const history *history;
  const ranking_term *term;
  int terms, wants;
  int active, only; /* terms of the sum that count; the one, where active is 1 */
  float **alone;    /* [terms] of [users, panel]; one block for all where the sum alone is wanted */
  float *sum;       /* [users, panel] */
} ranking_scores;

/* Local. Memory from `a`. */
status ranking_scores_open(const history *h, const ranking_term *term, int terms, int wants, arena *a,
                           ranking_scores *out);

/* Local. Items of the panel that begins at `first`. */
int ranking_scores_count(const ranking_scores *s, item_row first);

/* Collective. Brings that panel of every term that is asked. */
status ranking_scores_panel(const ranking_scores *s, item_row first);

/* Local. Fills what is wanted. The sum of one term alone is left as the term gives it, … */
void ranking_scores_block(const ranking_scores *s, int part, const ranking_block *b, int count);

/* … and this is by what it is to be multiplied in the end; 1 for any other sum. */
float ranking_scores_factor(const ranking_scores *s, int part, user_row user);

#endif
