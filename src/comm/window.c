#include "comm/window.h"

#include <stdlib.h>

#include "comm/mpi_handle.h"

struct window {
  const comm *comm;
  MPI_Comm node;
  MPI_Win win;
  int rank; /* on the node */
  void *memory;
};

status window_create(const comm *c, int64_t bytes, window **out) {
  *out = calloc(1, sizeof **out);
  TRY_ALL(c, *out != NULL ? STATUS_OK : status_fail(STATUS_BUG, "out of memory for a shared window"));
  window *w = *out;
  w->comm = c;
  MPI_Comm_split_type(c->mpi->world, MPI_COMM_TYPE_SHARED, c->rank, MPI_INFO_NULL, &w->node);
  MPI_Comm_rank(w->node, &w->rank);
  void *mine = NULL;
  MPI_Win_allocate_shared(w->rank == 0 ? (MPI_Aint)bytes : 0, 1, MPI_INFO_NULL, w->node, &mine, &w->win);
  MPI_Aint size = 0;
  int unit = 0;
  MPI_Win_shared_query(w->win, 0, &size, &unit, &w->memory);
  MPI_Win_lock_all(MPI_MODE_NOCHECK, w->win);
  return STATUS_OK;
}

void *window_memory(const window *w) { return w->memory; }

int window_is_writer(const window *w) { return w->rank == 0; }

void window_fence(window *w) {
  MPI_Win_sync(w->win);
  MPI_TIMED(w->comm, waited, "the ranks of its node", MPI_Barrier(w->node));
  MPI_Win_sync(w->win);
}

void window_free(window *w) {
  if (w == NULL) return;
  MPI_Win_unlock_all(w->win);
  MPI_Win_free(&w->win);
  MPI_Comm_free(&w->node);
  free(w);
}
