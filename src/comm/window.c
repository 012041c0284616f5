#include "comm/window.h"

#include <limits.h>
#include <stdlib.h>

#include "comm/mpi_handle.h"

enum { ALIGNMENT = 64 };

int window_node_most = INT_MAX;

struct window {
  const comm *comm;
  MPI_Comm node;
  MPI_Win win;
  int rank, size, leader; /* on the node; of the node; its first among all */
  void *memory;
};

/* Finds the ranks of this node, or of a piece of it. */
static void meet(window *w) {
  const comm *c = w->comm;
  MPI_Comm machine;
  MPI_Comm_split_type(c->mpi->world, MPI_COMM_TYPE_SHARED, c->rank, MPI_INFO_NULL, &machine);
  MPI_Comm_rank(machine, &w->rank);
  MPI_Comm_split(machine, w->rank / window_node_most, w->rank, &w->node);
  MPI_Comm_free(&machine);
  MPI_Comm_rank(w->node, &w->rank);
  MPI_Comm_size(w->node, &w->size);
  w->leader = c->rank;
  MPI_Bcast(&w->leader, 1, MPI_INT, 0, w->node);
}

status window_open(const comm *c, window **out) {
  *out = calloc(1, sizeof **out);
  TRY_ALL(c, *out != NULL ? STATUS_OK : status_fail(STATUS_BUG, "out of memory for a shared window"));
  (*out)->comm = c;
  meet(*out);
  return STATUS_OK;
}

/* The mappings of all ranks of a node begin at pages, so that the same offset aligns the table in all of them. */
void window_take(window *w, int64_t bytes) {
  void *mine = NULL;
  MPI_Win_allocate_shared(w->rank == 0 ? (MPI_Aint)bytes + ALIGNMENT : 0, 1, MPI_INFO_NULL, w->node, &mine, &w->win);
  MPI_Aint size = 0;
  int unit = 0;
  MPI_Win_shared_query(w->win, 0, &size, &unit, &mine);
  w->memory = (char *)mine + (ALIGNMENT - (uintptr_t)mine % ALIGNMENT) % ALIGNMENT;
  MPI_Win_lock_all(MPI_MODE_NOCHECK, w->win);
}

status window_create(const comm *c, int64_t bytes, window **out) {
  TRY(window_open(c, out));
  window_take(*out, bytes);
  return STATUS_OK;
}

void *window_memory(const window *w) { return w->memory; }

int window_rank(const window *w) { return w->rank; }

int window_size(const window *w) { return w->size; }

int window_leader(const window *w) { return w->leader; }

int window_is_writer(const window *w) { return w->rank == 0; }

void window_fence(window *w) {
  MPI_Win_sync(w->win);
  MPI_TIMED(w->comm, waited, "the ranks of its node", MPI_Barrier(w->node));
  MPI_Win_sync(w->win);
}

void window_union(window *w, uint64_t *words, int64_t count) {
  for (int64_t done = 0; done < count; done += MPI_PIECE / 8) {
    const int piece = (int)(count - done < MPI_PIECE / 8 ? count - done : MPI_PIECE / 8);
    MPI_TIMED(w->comm, moved, "a union",
              MPI_Allreduce(MPI_IN_PLACE, words + done, piece, MPI_UINT64_T, MPI_BOR, w->node));
  }
}

void window_free(window *w) {
  if (w == NULL) return;
  if (w->memory != NULL) {
    MPI_Win_unlock_all(w->win);
    MPI_Win_free(&w->win);
  }
  MPI_Comm_free(&w->node);
  free(w);
}
