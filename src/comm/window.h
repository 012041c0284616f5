/* A table that stands once per node, in an MPI shared-memory window, for all its ranks to read and for one to write. */
#ifndef COMM_WINDOW_H
#define COMM_WINDOW_H

#include <stdint.h>

#include "base/status.h"
#include "comm/comm.h"

typedef struct window window;

/* Collective. Fails: STATUS_BUG on all ranks alike. */
status window_create(const comm *c, int64_t bytes, window **out);
void *window_memory(const window *w);
/* Local. 1 on the rank of each node that may write it. */
int window_is_writer(const window *w);
/* Collective over the node: what the writer wrote before is seen by all after. */
void window_fence(window *w);
/* Collective. NULL is allowed. */
void window_free(window *w);

#endif
