/* What users did after what a history holds: what a ranking is judged by. */
#ifndef RECOMMEND_TARGETS_H
#define RECOMMEND_TARGETS_H

#include "data/ids.h"

/* By this rank's partitions, users as in the history. */
typedef struct targets {
  int64_t **offset; /* [count] of [users + 1] */
  item_row **item;  /* ascending in a row */
  float **rating;   /* NULL without ratings */
} targets;

#endif
