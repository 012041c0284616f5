#include "comm/dense_matrix.h"

#include <string.h>

#include "comm/mpi_handle.h"

enum { STEP = 16 /* floats of a line of the cache */ };

/* Blocks of `blocks` that fall to the process at `place` of `of`. */
static int share(int blocks, int place, int of) { return place < 0 ? 0 : (blocks - place + of - 1) / of; }

status dense_create(const grid *g, int32_t order, int block, arena *a, dense_matrix *out) {
  const int blocks = (order + block - 1) / block;
  *out = (dense_matrix){.grid = g, .order = order, .block = block, .blocks = blocks};
  out->row_blocks = share(blocks, g->row, g->rows);
  out->column_blocks = share(blocks, g->column, g->columns);
  /* Not a power of two, where the columns of a block would crowd each other out of the cache. */
  out->stride = (int64_t)out->row_blocks * block + STEP;
  TRY_ALL(g->comm, ARENA(a, out->stride * out->column_blocks * block, &out->value));
  return STATUS_OK;
}

float *dense_block(const dense_matrix *m, int i, int j) {
  const int64_t column = (int64_t)(j / m->grid->columns) * m->block;
  return m->value + column * m->stride + (int64_t)(i / m->grid->rows) * m->block;
}

int dense_owner(const dense_matrix *m, int i, int j) {
  return grid_rank(m->grid, i % m->grid->rows, j % m->grid->columns);
}

/* The sums [block, block] of block (i, j), column by column. */
static void place(dense_matrix *m, int i, int j, const int64_t *sum, double unit, double diagonal) {
  float *to = dense_block(m, i, j);
  for (int c = 0; c < m->block; c++)
    for (int r = 0; r < m->block; r++) {
      const int64_t row = (int64_t)i * m->block + r, column = (int64_t)j * m->block + c;
      const double extra = row != column ? 0 : row < m->order ? diagonal : 1;
      to[c * m->stride + r] = (float)((double)sum[c * m->block + r] * unit + extra);
    }
}

/* The sums of a column of blocks, below the diagonal, to those who hold them: one row of processes after another. */
static void place_column(dense_matrix *m, int k, const int64_t *sum, int64_t *packed, double unit, double diagonal) {
  const int64_t height = (int64_t)m->blocks * m->block, area = (int64_t)m->block * m->block;
  const comm *c = m->grid->comm;
  for (int row = 0; row < m->grid->rows; row++) {
    const int first = k + (row - k % m->grid->rows + m->grid->rows) % m->grid->rows;
    const int owner = grid_rank(m->grid, row, k % m->grid->columns);
    int64_t count = 0;
    for (int i = first; i < m->blocks; i += m->grid->rows)
      for (int column = 0; column < m->block; column++, count += m->block)
        memcpy(packed + count, sum + column * height + (int64_t)i * m->block, (size_t)m->block * sizeof *packed);
    for (int64_t done = 0; done < count; done += area) /* a block at a time: a message's count is an int */
      MPI_TIMED(c, moved, "a sum of blocks",
                MPI_Reduce(c->rank == owner ? MPI_IN_PLACE : packed + done, packed + done, (int)area, MPI_INT64_T,
                           MPI_SUM, owner, c->mpi->world));
    if (c->rank != owner) {
      c->mpi->sent += count * (int64_t)sizeof *packed;
      continue;
    }
    for (int i = first, n = 0; i < m->blocks; i += m->grid->rows, n++)
      place(m, i, k, packed + n * area, unit, diagonal);
  }
}

status dense_fill(dense_matrix *m, dense_source source, void *self, double unit, double diagonal) {
  const int64_t height = (int64_t)m->blocks * m->block;
  arena work = {0};
  int64_t *sum = NULL, *packed = NULL;
  status done = ARENA(&work, height * m->block, &sum);
  if (done == STATUS_OK) done = ARENA(&work, (height / m->grid->rows + m->block) * m->block, &packed);
  TRY_ALL_DONE(m->grid->comm, done, done);
  for (int k = 0; k < m->blocks; k++) {
    const int32_t first = k * m->block, left = m->order - first;
    memset(sum, 0, (size_t)(height * m->block) * sizeof *sum);
    source(self, first, left < m->block ? left : m->block, sum, height);
    place_column(m, k, sum, packed, unit, diagonal);
    watchdog_pulse();
  }
done:
  arena_free(&work);
  return done;
}

/* out [height, stride] = in, whose columns stand one after another. */
static void turn(int height, int width, const float *in, int64_t in_stride, float *out, int stride) {
  for (int r = 0; r < height; r += STEP)
    for (int c = 0; c < width; c += STEP)
      for (int y = r; y < height && y < r + STEP; y++)
        for (int x = c; x < width && x < c + STEP; x++) out[(int64_t)y * stride + x] = in[x * in_stride + y];
}

void dense_columns(const dense_matrix *m, int32_t first, int count, float *out, int stride) {
  const comm *c = m->grid->comm;
  const int j = first / m->block;
  for (int i = 0; i < m->blocks; i++) {
    const int32_t row = i * m->block, left = m->order - row;
    const int owner = dense_owner(m, i, j), height = left < m->block ? left : m->block;
    float *to = out + (int64_t)row * stride;
    if (c->rank == owner)
      turn(height, count, dense_block(m, i, j) + (first - j * m->block) * m->stride, m->stride, to, stride);
    MPI_Datatype rows;
    MPI_Type_vector(height, count, stride, MPI_FLOAT, &rows);
    MPI_Type_commit(&rows);
    MPI_TIMED(c, moved, "columns of a matrix", MPI_Bcast(to, 1, rows, owner, c->mpi->world));
    MPI_Type_free(&rows);
    if (c->rank == owner) c->mpi->sent += (int64_t)height * count * (int64_t)sizeof *to;
  }
}
