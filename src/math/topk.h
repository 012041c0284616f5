/* The best K items of each user, exactly: products of blocks of users with blocks of items, and a short sorted list a
 * user. Of equal scores the lower item row stands first. Products have one shape whatever the number of users, so a
 * user's scores do not depend on who is scored beside it. */
#ifndef MATH_TOPK_H
#define MATH_TOPK_H

#include <stdint.h>

#include "data/ids.h"

typedef struct topk_query {
  int32_t users;
  int32_t items;
  int width;                  /* columns that are multiplied */
  int stride;                 /* floats from row to row, of both tables */
  const float *user;          /* [users, stride] */
  const float *item;          /* [items, stride] */
  const uint8_t *allowed;     /* [items], 0: never; NULL: all */
  const int64_t *seen_offset; /* [users + 1], or NULL: nothing is filtered */
  const item_row *seen;       /* items of each user that are left out, ascending */
  int keep;                   /* K */
} topk_query;

/* Floats of scratch for topk_find. */
int64_t topk_scratch(const topk_query *q);

/* best [users, K], -1 where there are no more; score [users, K]. */
void topk_find(const topk_query *q, item_row *best, float *score, float *scratch);

/* The same list kept by hand, for scores that are no product: offers one item to a list of K. Items must ascend for
 * ties to fall to the lower row. */
void topk_clear(int keep, item_row *best, float *score);
void topk_offer(int keep, item_row *best, float *score, item_row item, float value);

#endif
