/* A table of rows of floats, each owned by one rank, that stands once per node: a rank writes its own rows where they
 * stand and reads all that its node holds. What other nodes own comes by node_table_update, one message from the rank
 * that owns it to one rank of the node: all rows, or those that a rank of the node has said it needs. */
#ifndef COMM_NODE_TABLE_H
#define COMM_NODE_TABLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "comm/comm.h"

typedef struct node_table node_table;

/* Which rows move. AUTO: the needed ones where they are fewer than NODE_TABLE_SHARE of what all would be, as each has
 * to be packed and unpacked by itself. */
typedef enum node_table_moves { NODE_TABLE_AUTO, NODE_TABLE_ALL, NODE_TABLE_NEEDED } node_table_moves;
#define NODE_TABLE_SHARE 0.7

typedef struct node_table_options {
  const int64_t *start;   /* [size + 1]: rank r owns the rows [start[r], start[r + 1]); the last is their number */
  int width;              /* floats of a row */
  const uint64_t *needed; /* bits of the rows that this rank reads; NULL on all ranks: all rows */
  node_table_moves moves;
  int whole; /* every row has a place on every node; else only what the node owns or needs, where only that moves */
} node_table_options;

/* Bytes that one update brings from other nodes, over all of them. */
typedef struct node_table_bytes {
  int64_t all, needed, chosen;
} node_table_bytes;

/* Collective. `start` must outlive the table, `needed` need not; the rows live in shared memory, the rest in `a`. The
 * rows are not set. Fails: STATUS_BUG (memory). */
status node_table_create(const comm *c, const node_table_options *o, arena *a, node_table **out);

/* Local. The rows that this node holds, in ascending order, aligned to 64 bytes. */
float *node_table_rows(const node_table *t);
/* Local. Where a row that the node holds stands: its number where all stand. */
int64_t node_table_place(const node_table *t, int64_t row);
/* Local. How many rows have a place on this node. */
int64_t node_table_count(const node_table *t);
node_table_bytes node_table_traffic(const node_table *t);

/* Local. The place of this rank among those of its node, how many they are, and how many nodes there are. */
int node_table_rank(const node_table *t);
int node_table_ranks(const node_table *t);
int node_table_nodes(const node_table *t);

/* Collective over the node: what its ranks wrote before is seen by all of them after. Also to be called between reading
 * rows of others and their owners' writing them anew. */
void node_table_fence(node_table *t);
/* Collective. What the owners have written stands wherever it is needed. */
void node_table_update(node_table *t);
/* Collective. What the owners have written stands on every node; for tables that are whole. */
void node_table_complete(node_table *t);

/* Collective. NULL is allowed. */
void node_table_free(node_table *t);

#endif
