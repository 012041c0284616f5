/* Columns of a matrix too large to hold, some of them at a time on every rank. Blocks of columns are dealt to the
 * ranks, each computes its own alone and shares them: bits do not depend on the dealing. Where a panel has fewer blocks
 * than there are ranks, the others compute what the next panels need meanwhile. */
#ifndef RECOMMEND_COLUMN_PANEL_H
#define RECOMMEND_COLUMN_PANEL_H

#include "base/arena.h"
#include "comm/comm.h"

typedef struct column_panel {
  const comm *comm;
  int32_t rows, columns; /* of the whole matrix */
  int width, block;      /* columns of a panel and of a block; the first is a multiple of the second */
  float *memory;         /* [rows, width] the panel, 64-byte aligned */
  float *mine;           /* [rows, block] */
  int64_t kept;          /* the block that stands in `mine`, or −1 */
} column_panel;

/* Local. Writes columns [first, first + count) to out [rows, block]; of the rest of a row it may make what it likes. */
typedef void (*column_source)(void *context, int32_t first, int count, float *out);

/* Local. Memory from `a`. Fails: STATUS_BUG. */
status column_panel_create(const comm *c, int32_t rows, int32_t columns, int width, int block, arena *a,
                           column_panel *out);

/* Collective. Brings columns [first, first + count) to every rank, count <= width and `first` a multiple of `block`.
 * Fails: STATUS_BUG when memory is out; on all ranks alike. */
status column_panel_fill(column_panel *p, int32_t first, int count, column_source source, void *context);

/* Local. The matrix has changed: what was computed ahead is not used. On all ranks. */
void column_panel_forget(column_panel *p);

#endif
