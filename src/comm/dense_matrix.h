/* A symmetric matrix of floats over the ranks, in square blocks dealt cyclically over a grid of processes: block (i, j)
 * stands on the process in row i mod rows, column j mod columns. ScaLAPACK's layout: a process holds its blocks as one
 * matrix, column by column. Rows and columns are padded to whole blocks, with ones on the diagonal, so that every block
 * is treated alike wherever it stands. */
#ifndef COMM_DENSE_MATRIX_H
#define COMM_DENSE_MATRIX_H

#include <stdint.h>

#include "comm/grid.h"

typedef struct dense_matrix {
  const grid *grid;
  int32_t order;
  int block, blocks;             /* width of a block; blocks along one side */
  int row_blocks, column_blocks; /* of this rank */
  int64_t stride;                /* floats from column to column */
  float *value;                  /* [column_blocks × block, stride] */
} dense_matrix;

/* Adds this rank's share of columns [first, first + count): sum [count, stride], zeroed; element (c, r) for rows
 * r >= first + c. Called once for all columns, from left to right. */
typedef void (*dense_source)(void *self, int32_t first, int count, int64_t *sum, int64_t stride);

/* Collective. Zeros; memory from `a`. `block` is a multiple of 16. Fails: STATUS_BUG when memory is out; on all ranks
 * alike. */
status dense_create(const grid *g, int32_t order, int block, arena *a, dense_matrix *out);

/* Collective. Element (i, j), i >= j, becomes unit × Σ over ranks of what the source adds, plus `diagonal` where
 * i = j: sums of integers, whose order does not matter. Fails: STATUS_BUG when memory is out; on all ranks alike. */
status dense_fill(dense_matrix *m, dense_source source, void *self, double unit, double diagonal);

/* Collective. Columns [first, first + count) on every rank, `count` floats from each row: out [order, stride]. They
 * must stand in one column of blocks, and both triangles must be filled. */
void dense_columns(const dense_matrix *m, int32_t first, int count, float *out, int stride);

/* Local. A block of this rank; its columns are m->stride apart. */
float *dense_block(const dense_matrix *m, int i, int j);
int dense_owner(const dense_matrix *m, int i, int j);

/* Local. The block of the whole matrix that is this rank's n-th along a column, along a row. */
static inline int dense_row(const dense_matrix *m, int n) { return n * m->grid->rows + m->grid->row; }
static inline int dense_column(const dense_matrix *m, int n) { return n * m->grid->columns + m->grid->column; }

#endif
