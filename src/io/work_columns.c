#include "io/work_columns.h"

#include <string.h>

#include "data/ids.h"

work_columns work_columns_saving(const char *path) { return (work_columns){.path = path}; }

status work_columns_write(const work_columns *w, const char *kind) {
  return tensor_file_write(w->path, kind, &w->file);
}

status work_columns_open(const char *path, const char *kind, arena *a, work_columns *out) {
  TRY(tensor_file_read(path, kind, a, &out->file));
  out->path = out->file.path;
  out->loading = 1;
  return STATUS_OK;
}

/* `pointer` is the address of the struct's data pointer. */
status work_columns_plain(work_columns *w, const char *name, tensor_type type, int64_t rows, int64_t columns,
                          void *pointer) {
  void *data;
  if (!w->loading) {
    memcpy(&data, pointer, sizeof data);
    tensor_file_add(&w->file, name, type, rows, columns, data);
    return STATUS_OK;
  }
  TRY(tensor_file_get(&w->file, name, type, rows, columns, &data, NULL));
  memcpy(pointer, &data, sizeof data);
  return STATUS_OK;
}

status work_columns_texts(work_columns *w, const char *name, int64_t count, strings *s) {
  if (w->loading) return tensor_file_get_strings(&w->file, name, count, s);
  if (s->count != count)
    return status_fail(STATUS_BUG, "%s: %lld texts %s for %lld rows", w->path, (long long)s->count, name,
                       (long long)count);
  tensor_file_add_strings(&w->file, name, s);
  return STATUS_OK;
}

/* The column that says how many rows there are. */
status work_columns_count(work_columns *w, const char *name, tensor_type type, int64_t columns, int32_t *count) {
  if (!w->loading) return STATUS_OK;
  void *data;
  int64_t rows;
  TRY(tensor_file_get(&w->file, name, type, -1, columns, &data, &rows));
  if (rows >= INT32_MAX)
    return status_fail(STATUS_DATA, "%s: %lld rows are too many; use more partitions", w->path, (long long)rows);
  *count = (int32_t)rows;
  return STATUS_OK;
}

status work_columns_fault(const work_columns *w, const char *name, int64_t row) {
  if (!w->loading)
    return status_fail(STATUS_BUG, "%s: the column %s is out of range at row %lld", w->path, name, (long long)row);
  return status_fail(STATUS_DATA,
                     "%s: the column %s is out of range at row %lld; remove the file and run its stage again", w->path,
                     name, (long long)row);
}

status work_columns_below(work_columns *w, const char *name, int64_t rows, int below, uint8_t **values) {
  TRY(work_columns_plain(w, name, TENSOR_U8, rows, 1, values));
  for (int64_t i = 0; i < rows; i++)
    if ((*values)[i] >= below) return work_columns_fault(w, name, i);
  return STATUS_OK;
}

/* Rows of another table: values in [from, below). */
status work_columns_rows(work_columns *w, const char *name, int64_t rows, int64_t columns, int32_t from, int32_t below,
                         int32_t **values) {
  TRY(work_columns_plain(w, name, TENSOR_I32, rows, columns, values));
  for (int64_t i = 0; i < rows * columns; i++)
    if ((*values)[i] < from || (*values)[i] >= below) return work_columns_fault(w, name, i / columns);
  return STATUS_OK;
}

/* Offsets [rows + 1] that begin at 0 and never fall; *total is the last. */
status work_columns_offsets(work_columns *w, const char *name, int64_t rows, int64_t **values, int64_t *total) {
  TRY(work_columns_plain(w, name, TENSOR_I64, rows + 1, 1, values));
  if ((*values)[0] != 0) return work_columns_fault(w, name, 0);
  for (int64_t i = 0; i < rows; i++)
    if ((*values)[i] > (*values)[i + 1]) return work_columns_fault(w, name, i);
  *total = (*values)[rows];
  return STATUS_OK;
}

/* Ids are pairs of 64 bits, ascending; a user's and an item's look alike in memory. */
status work_columns_ids(work_columns *w, int64_t rows, void *pointer) {
  TRY(work_columns_plain(w, "id", TENSOR_U64, rows, 2, pointer));
  const uint64_t *id;
  memcpy(&id, pointer, sizeof id);
  for (int64_t i = 1; i < rows; i++) {
    const user_id before = {id[2 * i - 2], id[2 * i - 1]}, here = {id[2 * i], id[2 * i + 1]};
    if (user_id_compare(before, here) >= 0) return work_columns_fault(w, "id", i);
  }
  return STATUS_OK;
}
