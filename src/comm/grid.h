/* The ranks as a grid of rows and columns of processes, as ScaLAPACK wants them: what a block of a matrix needs to be
 * told about then stands in one row and one column, not on all ranks. */
#ifndef COMM_GRID_H
#define COMM_GRID_H

#include "comm/comm.h"

typedef struct grid {
  const comm *comm;
  int rows, columns;
  int row, column; /* of this rank; −1: outside */
  int context;     /* BLACS's */
  int handle;
} grid;

/* Local. The grid that uses most of `ranks` of all that are at least as high as wide and at most eight times as high;
 * of equals the one nearest to a square. Panels are computed by a column of processes: the higher, the more take part.
 */
void grid_shape(int ranks, int *rows, int *columns);

/* Collective. The first rows × columns ranks, row by row; the others stand outside, with an empty share. */
void grid_open(const comm *c, int rows, int columns, grid *out);

/* Collective. */
void grid_close(grid *g);

static inline int grid_inside(const grid *g) { return g->row >= 0; }
static inline int grid_rank(const grid *g, int row, int column) { return row * g->columns + column; }

#endif
