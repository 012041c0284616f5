/* A table that stands once per node, in an MPI shared-memory window, for all its ranks to read and write. */
#ifndef COMM_WINDOW_H
#define COMM_WINDOW_H

#include <stdint.h>

#include "base/status.h"
#include "comm/comm.h"

typedef struct window window;

/* Ranks of a node at most: those that share memory are taken for several nodes. Less only in tests. */
extern int window_node_most;

/* Collective. Finds the node's ranks, then takes its memory, which begins at a multiple of 64 bytes.
 * Fails: STATUS_BUG on all ranks alike. */
status window_create(const comm *c, int64_t bytes, window **out);
/* Collective. The same in two steps, for those whose size depends on the node. */
status window_open(const comm *c, window **out);
void window_take(window *w, int64_t bytes);
void *window_memory(const window *w);
/* Local. The place of this rank among those of its node, how many they are, and the first of them among all. */
int window_rank(const window *w);
int window_size(const window *w);
int window_leader(const window *w);
/* Local. 1 on one rank of each node: the first. */
int window_is_writer(const window *w);
/* Collective over the node: what its ranks wrote before is seen by all of them after. */
void window_fence(window *w);
/* Collective over the node. Every rank receives the bits that any of them brings: words [count]. */
void window_union(window *w, uint64_t *words, int64_t count);
/* Collective. NULL is allowed. */
void window_free(window *w);

#endif
