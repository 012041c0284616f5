/* The columns of a noun in a file of tensors, for io/work_file. One list of columns serves both ways: while saving,
 * each call adds what the struct points to; while loading, it makes the struct point into the file and checks what it
 * finds. So the two cannot drift apart. All fail with STATUS_DATA while loading and STATUS_BUG while saving, with the
 * path, column and row. */
#ifndef IO_WORK_COLUMNS_H
#define IO_WORK_COLUMNS_H

#include "base/arena.h"
#include "base/status.h"
#include "io/tensor_file.h"

typedef struct work_columns {
  tensor_file file;
  const char *path;
  int loading;
} work_columns;

work_columns work_columns_saving(const char *path);
status work_columns_write(const work_columns *w, const char *kind);
status work_columns_open(const char *path, const char *kind, arena *a, work_columns *out);

/* `pointer` is the address of the struct's data pointer. */
status work_columns_plain(work_columns *w, const char *name, tensor_type type, int64_t rows, int64_t columns,
                          void *pointer);

status work_columns_texts(work_columns *w, const char *name, int64_t count, strings *s);

/* While loading: *count becomes the number of rows of the column `name`. */
status work_columns_count(work_columns *w, const char *name, tensor_type type, int64_t columns, int32_t *count);

/* Values in [0, below). */
status work_columns_below(work_columns *w, const char *name, int64_t rows, int below, uint8_t **values);

/* Rows of another table: values in [from, below). */
status work_columns_rows(work_columns *w, const char *name, int64_t rows, int64_t columns, int32_t from, int32_t below,
                         int32_t **values);

/* Offsets [rows + 1] that begin at 0 and never fall; *total is the last. */
status work_columns_offsets(work_columns *w, const char *name, int64_t rows, int64_t **values, int64_t *total);

/* The column "id": pairs of 64 bits, ascending. `pointer` is the address of a user_id or item_id pointer. */
status work_columns_ids(work_columns *w, int64_t rows, void *pointer);

/* The sentence for a value out of its range. */
status work_columns_fault(const work_columns *w, const char *name, int64_t row);

#endif
