/* Which rows of a node_table move between which ranks. For the files of this floor. */
#ifndef COMM_NODE_ROUTES_H
#define COMM_NODE_ROUTES_H

#include "base/arena.h"
#include "comm/comm.h"

/* The rows of one owner that go to, or come from, one rank. */
typedef struct node_route {
  int64_t count;
  const int32_t *row; /* [count] ascending, from the owner's first on; NULL: all of them */
} node_route;

typedef struct node_routes {
  node_route *send, *receive; /* [size], by the other rank; receive: by the owner */
  int64_t bytes;              /* that all ranks together receive, at one byte a row */
} node_routes;

/* Every row goes once to every other node: there, its members take turns to receive for all.
 *   start   [size + 1], rows of the ranks
 *   leader  [size], one rank of each rank's node
 * Collective. Fails: STATUS_BUG (memory). */
status node_routes_all(const comm *c, const int64_t *start, const int *leader, arena *a, node_routes *out);

/* Only the rows go whose bits are set in `held`, the same on all ranks of a node. Collective. Fails: STATUS_BUG. */
status node_routes_needed(const comm *c, const int64_t *start, const int *leader, const uint64_t *held, arena *a,
                          node_routes *out);

/* Local. Bits of a set of rows. */
enum { NODE_ROUTES_WORD = 64 };

static inline int node_routes_has(const uint64_t *bits, int64_t row) {
  return (int)(bits[row / NODE_ROUTES_WORD] >> (row % NODE_ROUTES_WORD) & 1);
}

#endif
