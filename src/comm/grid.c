#include "comm/grid.h"

#include "comm/mpi_handle.h"
#include "comm/scalapack.h"

enum { STEEPEST = 8 };

void grid_shape(int ranks, int *rows, int *columns) {
  *rows = *columns = 1;
  for (int wide = 1; wide <= ranks / wide; wide++) {
    const int high = ranks / wide < STEEPEST * wide ? ranks / wide : STEEPEST * wide;
    if (high * wide < *rows * *columns) continue;
    *rows = high;
    *columns = wide;
  }
}

void grid_open(const comm *c, int rows, int columns, grid *out) {
  *out = (grid){.comm = c, .rows = rows, .columns = columns, .row = -1, .column = -1};
  out->handle = Csys2blacs_handle(c->mpi->world);
  out->context = out->handle;
  MPI_TIMED(c, moved, "a grid of processes", Cblacs_gridinit(&out->context, "Row-major", rows, columns));
  if (c->rank >= rows * columns) return;
  out->row = c->rank / columns;
  out->column = c->rank % columns;
}

void grid_close(grid *g) {
  if (grid_inside(g)) Cblacs_gridexit(g->context);
  Cfree_blacs_system_handle(g->handle);
}
