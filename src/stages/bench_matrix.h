/* A matrix of interactions made up for measurements: the same for the same numbers, everywhere.
 *
 * Users' degrees are log-normal, items' popularity falls as 1 / (rank + BENCH_MATRIX_HEAD), and every user likes one of
 * BENCH_MATRIX_GENRES kinds of items best, so that there is something to learn. Confidences are real numbers. */
#ifndef STAGES_BENCH_MATRIX_H
#define STAGES_BENCH_MATRIX_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "data/ids.h"

enum { BENCH_MATRIX_GENRES = 40, BENCH_MATRIX_HEAD = 1 };

/* Compressed rows: row r has entries [offset[r], offset[r + 1]), columns ascending. */
typedef struct bench_matrix {
  int32_t rows, columns;
  int64_t *offset; /* [rows + 1] */
  int32_t *column; /* [offset[rows]] */
  float *value;    /* [offset[rows]], > 1: the confidence of Hu, Koren and Volinsky 2008 */
} bench_matrix;

/* Local. Draws about `events` different pairs (never more); a user has at most a quarter of the items.
 * Fails: STATUS_BUG when memory is out. */
status bench_matrix_draw(uint64_t seed, int32_t users, int32_t items, int64_t events, arena *a, bench_matrix *out);

/* Local. The same matrix by columns. Fails: STATUS_BUG when memory is out. */
status bench_matrix_transpose(const bench_matrix *m, arena *a, bench_matrix *out);

/* Writes FOLDER/indptr.npy, indices.npy and data.npy, which numpy and scipy read. Fails: STATUS_IO, STATUS_PERMISSION.
 */
status bench_matrix_write(const bench_matrix *m, const char *folder);

#endif
