/* Users that are scored at once. Blocks depend on the list of users alone, not on who asks. */
#ifndef RECOMMEND_RANKING_BLOCK_H
#define RECOMMEND_RANKING_BLOCK_H

#include "recommend/recommender.h"

enum { RANKING_BLOCK_PANEL = RECOMMENDER_PANEL, RANKING_BLOCK_USERS = RECOMMENDER_USERS };

/* Places [at, end) of a list, rows from `first` on. */
typedef struct ranking_block {
  int32_t at, end;
  user_row first;
  int users;
} ranking_block;

/* The user at a place; a list of NULL is everybody. */
user_row ranking_block_row(const user_row *row, int32_t at);

/* The next block from place b->end on; 0 where no user is left. */
int ranking_block_next(const user_row *row, int32_t rows, ranking_block *b);

#endif
