/* The interactions of all users, once per node in shared memory, by user and by item: what models multiply with whose
 * columns are items or users themselves. 16 bytes an event on each node, and 8 a user and an item.
 *
 * Users are counted through: row r of logical partition p is user history.user_start[p] + r. */
#ifndef RECOMMEND_NODE_MATRIX_H
#define RECOMMEND_NODE_MATRIX_H

#include "recommend/history.h"

typedef struct node_matrix {
  int32_t users;
  item_row items;
  const int64_t *user_offset; /* [users + 1] */
  const item_row *item;       /* [events], ascending within a user */
  const float *user_weight;   /* [events] */
  const int64_t *item_offset; /* [items + 1] */
  const int32_t *user;        /* [events], ascending within an item */
  const float *item_weight;   /* [events] */
} node_matrix;

/* Collective. The matrix of h->seen. Models of one history that are fitted side by side share it: it is built by the
 * first and lives until the last has closed it; `h` must not change meanwhile. Fails: STATUS_BUG (memory),
 * STATUS_SETTINGS where there are 2^31 users or more; on all ranks alike. */
status node_matrix_open(const history *h, const node_matrix **out);

/* Collective. NULL is allowed. */
void node_matrix_close(const node_matrix *m);

#endif
