/* What recommenders learn from: who touched what, and how strongly.
 *
 * Users stand by logical partition on the rank that owns the partition, and never move; items are known to all ranks by
 * row. The caller fills a history and owns its memory; recommenders only read it. */
#ifndef RECOMMEND_HISTORY_H
#define RECOMMEND_HISTORY_H

#include <stdint.h>

#include "comm/comm.h"
#include "data/ids.h"
#include "math/als.h"

/* Sparse rows: row r has entries [offset[r], offset[r + 1]). */
typedef struct history_features {
  int32_t rows, columns;
  const int64_t *offset; /* [rows + 1] */
  const int32_t *column; /* [offset[rows]], ascending within a row */
  const float *value;    /* [offset[rows]] */
} history_features;

typedef struct history {
  const comm *comm;
  uint64_t seed;
  int32_t items;
  const item_id *item_id;        /* [items] */
  int user_parts, item_parts;    /* logical partitions, over all ranks */
  int first, count;              /* user partitions [first, first + count) are this rank's */
  const int64_t *user_start;     /* [user_parts + 1]: users of all partitions before; the last is the number of users */
  const user_id *const *user_id; /* [count] of [users of that partition] */
  als_interactions *seen;        /* [count]: items ascending in a row; weight: how strongly, > 0 */
  als_interactions *rated;       /* [count], target: the rating; NULL without ratings */
  double lowest, highest;        /* rating, over all ranks */
  history_features item_words;   /* words of the items' titles, value: TF-IDF, rows of length 1; rows 0: none known */
  history_features item_features;        /* for the linear prior of items without a past; rows 0: none */
  const history_features *user_features; /* [count], or NULL */
} history;

#endif
