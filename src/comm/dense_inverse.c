#include "comm/dense_inverse.h"

#include <cblas.h>
#include <string.h>

#include "base/stop.h"
#include "comm/mpi_handle.h"
#include "comm/scalapack.h"

/* One block column on its way: as ScaLAPACK transposes it, and as the products want it. */
typedef struct panel {
  dense_matrix *m;
  int64_t height; /* rows of this rank */
  float *tall;    /* [block, height]: column by column, on the column of processes that holds the block column */
  float *left;    /* [row_blocks] blocks [block, block], column by column: V_i of this rank's rows */
  float *above;   /* [column_blocks] blocks: V_jᵀ of this rank's columns */
  float *inverse; /* [block, block]: L⁻¹ */
  int tall_descriptor[SCALAPACK_DESCRIPTOR], wide_descriptor[SCALAPACK_DESCRIPTOR];
} panel;

static status panel_create(dense_matrix *m, arena *a, panel *out) {
  const int64_t area = (int64_t)m->block * m->block;
  *out = (panel){.m = m, .height = (int64_t)m->row_blocks * m->block};
  TRY(ARENA(a, out->height * m->block, &out->tall));
  TRY(ARENA(a, m->row_blocks * area, &out->left));
  TRY(ARENA(a, m->column_blocks * area, &out->above));
  return ARENA(a, area, &out->inverse);
}

static int holds_row(const panel *p, int k) { return p->m->grid->row == k % p->m->grid->rows; }
static int holds_column(const panel *p, int k) { return p->m->grid->column == k % p->m->grid->columns; }

/* The panels of block k: [order, block] on its column of processes, [block, order] on its row. */
static void describe(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int zero = 0, length = m->blocks * m->block, row = k % m->grid->rows, column = k % m->grid->columns;
  const int stride = p->height > 0 ? (int)p->height : 1;
  int info = 0;
  descinit_(p->tall_descriptor, &length, &m->block, &m->block, &m->block, &zero, &column, &m->grid->context, &stride,
            &info);
  descinit_(p->wide_descriptor, &m->block, &length, &m->block, &m->block, &row, &zero, &m->grid->context, &m->block,
            &info);
}

/* Blocks [from, to) of the wide panel become those of the tall one, or the other way round. */
static void transpose(panel *p, int from, int to, int to_tall) {
  const int one = 1, at = from * p->m->block + 1, length = (to - from) * p->m->block;
  const float alpha = 1, beta = 0;
  if (length <= 0) return;
  if (to_tall)
    MPI_TIMED(p->m->grid->comm, moved, "a transposed panel",
              pstran_(&length, &p->m->block, &alpha, p->above, &one, &at, p->wide_descriptor, &beta, p->tall, &at, &one,
                      p->tall_descriptor));
  else
    MPI_TIMED(p->m->grid->comm, moved, "a transposed panel",
              pstran_(&p->m->block, &length, &alpha, p->tall, &at, &one, p->tall_descriptor, &beta, p->above, &one, &at,
                      p->wide_descriptor));
}

static void copy(int block, const float *from, int64_t from_stride, float *to, int64_t to_stride) {
  for (int c = 0; c < block; c++) memcpy(to + c * to_stride, from + c * from_stride, (size_t)block * sizeof *to);
}

/* Block column k of the whole symmetric matrix into the tall panel: what stands left of the diagonal, turned, and what
 * stands below. */
static void collect(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int64_t area = (int64_t)m->block * m->block;
  for (int n = 0; holds_row(p, k) && n < m->column_blocks && dense_column(m, n) < k; n++)
    copy(m->block, dense_block(m, k, dense_column(m, n)), m->stride, p->above + n * area, m->block);
  transpose(p, 0, k, 1);
  for (int n = 0; holds_column(p, k) && n < m->row_blocks; n++)
    if (dense_row(m, n) >= k)
      copy(m->block, dense_block(m, dense_row(m, n), k), m->stride, p->tall + (int64_t)n * m->block, p->height);
}

/* L⁻¹ of the diagonal block, on the process that holds it. */
static status factorise(panel *p, int k) {
  const dense_matrix *m = p->m;
  if (stop_asked())
    return status_fail(STATUS_AGAIN, "asked to stop by %s while a matrix was inverted; start the same command again",
                       stop_reason());
  if (!holds_row(p, k) || !holds_column(p, k)) return STATUS_OK;
  copy(m->block, p->tall + (int64_t)(k / m->grid->rows) * m->block, p->height, p->inverse, m->block);
  int info = 0, sound = 1;
  spotrf_("L", &m->block, p->inverse, &m->block, &info);
  for (int c = 0; c < m->block; c++) sound &= p->inverse[c * m->block + c] > 0; /* not so where it is no number */
  if (info == 0 && sound) strtri_("L", "N", &m->block, p->inverse, &m->block, &info);
  if (info != 0 || !sound)
    return status_fail(STATUS_BUG,
                       "a %d × %d matrix cannot be inverted, as it is not positive definite or not made of numbers in "
                       "rows %d to %d; a larger regularisation makes it so",
                       m->order, m->order, k * m->block, k * m->block + m->block - 1);
  for (int c = 1; c < m->block; c++) memset(p->inverse + c * m->block, 0, (size_t)c * sizeof *p->inverse);
  return STATUS_OK;
}

static void broadcast(const panel *p, const char *scope, int mine, float *block, int blocks, int row, int column) {
  const int side = p->m->block;
  comm_mpi *mpi = p->m->grid->comm->mpi;
  if (mine) {
    MPI_TIMED(p->m->grid->comm, moved, "a panel",
              Csgebs2d(p->m->grid->context, scope, " ", side, blocks * side, block, side));
    mpi->sent += (int64_t)blocks * side * side * (int64_t)sizeof *block;
  } else {
    MPI_TIMED(p->m->grid->comm, moved, "a panel",
              Csgebr2d(p->m->grid->context, scope, " ", side, blocks * side, block, side, row, column));
  }
}

/* V_i = A_ik L⁻ᵀ of the column of processes that holds block column k. V_k = −L⁻ᵀ, so that one kind of product gives
 * all blocks of the step, where those of row and column k start from 0. */
static void multiply(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int side = m->block;
  for (int n = 0; n < m->row_blocks; n++) {
    float *tall = p->tall + (int64_t)n * side, *left = p->left + (int64_t)n * side * side;
    if (dense_row(m, n) == k) {
      for (int c = 0; c < side; c++)
        for (int r = 0; r < side; r++) left[c * side + r] = -p->inverse[r * side + c];
    } else {
      copy(side, tall, p->height, left, side);
      cblas_strmm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, side, side, 1, p->inverse, side,
                  left, side);
    }
    copy(side, left, side, tall, p->height);
  }
}

/* V to all who hold a row of it, Vᵀ to all who hold a column. */
static void distribute(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int row = k % m->grid->rows, column = k % m->grid->columns;
  if (holds_column(p, k)) {
    if (m->grid->rows > 1) broadcast(p, "Column", holds_row(p, k), p->inverse, 1, row, column);
    multiply(p, k);
  }
  transpose(p, 0, m->blocks, 0);
  if (m->grid->columns > 1 && m->row_blocks > 0)
    broadcast(p, "Row", holds_column(p, k), p->left, m->row_blocks, m->grid->row, column);
  if (m->grid->rows > 1 && m->column_blocks > 0)
    broadcast(p, "Column", holds_row(p, k), p->above, m->column_blocks, row, m->grid->column);
}

static void update(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int side = m->block;
  for (int c = 0; c < m->column_blocks; c++) {
    const int j = dense_column(m, c);
    for (int r = 0; r < m->row_blocks; r++) {
      const int i = dense_row(m, r);
      if (i < j) continue;
      const float keep = i == k || j == k ? 0 : 1;
      cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, side, side, side, -1, p->left + (int64_t)r * side * side,
                  side, p->above + (int64_t)c * side * side, side, keep, dense_block(m, i, j), (int)m->stride);
    }
    watchdog_pulse();
  }
}

/* Changes the sign of block column k from the diagonal down, and makes the block row its mirror image. */
static void mirror(panel *p, int k) {
  const dense_matrix *m = p->m;
  const int side = m->block;
  for (int n = 0; holds_column(p, k) && n < m->row_blocks; n++) {
    const int i = dense_row(m, n);
    if (i < k) continue;
    float *block = dense_block(m, i, k);
    for (int c = 0; c < side; c++)
      for (int r = i == k ? c : 0; r < side; r++) block[c * m->stride + r] = -block[c * m->stride + r];
    for (int c = 0; i == k && c < side; c++)
      for (int r = 0; r < c; r++) block[c * m->stride + r] = block[r * m->stride + c];
    copy(side, block, m->stride, p->tall + (int64_t)n * side, p->height);
  }
  transpose(p, k + 1, m->blocks, 0);
  for (int n = 0; holds_row(p, k) && n < m->column_blocks; n++)
    if (dense_column(m, n) > k)
      copy(side, p->above + (int64_t)n * side * side, side, dense_block(m, k, dense_column(m, n)), m->stride);
}

status dense_inverse(dense_matrix *m) {
  arena work = {0};
  panel p;
  status done = STATUS_OK;
  TRY_ALL_DONE(m->grid->comm, done, panel_create(m, &work, &p));
  const int inside = grid_inside(m->grid);
  for (int k = 0; k < m->blocks; k++) {
    if (inside) {
      describe(&p, k);
      collect(&p, k);
    }
    TRY_ALL_DONE(m->grid->comm, done, inside ? factorise(&p, k) : STATUS_OK);
    if (!inside) continue;
    distribute(&p, k);
    update(&p, k);
  }
  for (int k = 0; inside && k < m->blocks; k++) {
    describe(&p, k);
    mirror(&p, k);
  }
done:
  arena_free(&work);
  return done;
}
