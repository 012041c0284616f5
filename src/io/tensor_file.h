/* Arrays in a file: what stages hand to each other, and model parameters.
 * Layout: 8 bytes magic "nmtensor", u64 length of the header, the header (nightmail.v1.TensorFile: kind, and per tensor
 * name, type, rows, columns, offset, XXH3), the XXH3 of all bytes so far, then raw little-endian payloads, each at a
 * multiple of 64 bytes, with zeroes between them and nothing after the last. Every byte is covered by a checksum or
 * known to be zero. Committed by rename (io/file.h). Nothing in it depends on time, host or rank. */
#ifndef IO_TENSOR_FILE_H
#define IO_TENSOR_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "data/strings.h"

typedef enum tensor_type {
  TENSOR_U8 = 1,
  TENSOR_I32,
  TENSOR_I64,
  TENSOR_U32,
  TENSOR_U64,
  TENSOR_F32,
  TENSOR_F64
} tensor_type;

enum { TENSOR_FILE_MOST = 64, TENSOR_FILE_NAME = 48 };

typedef struct tensor {
  char name[TENSOR_FILE_NAME]; /* longer ones are cut */
  tensor_type type;
  int64_t rows, columns; /* columns 1 for a vector */
  void *data;
} tensor;

/* A set of tensors being gathered for writing (starting as {0}), or found in a file. */
typedef struct tensor_file {
  const char *path; /* where it was read from, for sentences; NULL while gathering */
  int count;        /* more than TENSOR_FILE_MOST were added: tensor_file_write fails with STATUS_BUG */
  tensor tensors[TENSOR_FILE_MOST];
} tensor_file;

/* Adds a tensor; `data` must live until the file is written. A column of texts becomes two tensors, NAME.offset and
 * NAME.bytes. */
void tensor_file_add(tensor_file *f, const char *name, tensor_type type, int64_t rows, int64_t columns,
                     const void *data);
void tensor_file_add_strings(tensor_file *f, const char *name, const strings *s);

/* `kind` says what the file is ("users", "factors", …) and is checked by the reader. */
status tensor_file_write(const char *path, const char *kind, const tensor_file *f);

/* Reads everything and verifies each checksum and bound.
 * Fails: STATUS_MISSING; STATUS_DATA when damaged, cut, or of another kind or version (the sentence names the path). */
status tensor_file_read(const char *path, const char *kind, arena *a, tensor_file *out);

/* Finds one tensor. Fails: STATUS_DATA where there is none of this name. */
status tensor_file_find(const tensor_file *f, const char *name, const tensor **out);

/* Finds one tensor and checks type and shape; rows or columns < 0: any. *data points into the arena of the read.
 * Fails: STATUS_DATA. */
status tensor_file_get(const tensor_file *f, const char *name, tensor_type type, int64_t rows, int64_t columns,
                       void **data, int64_t *found_rows);

/* A column of texts; also checks that the offsets ascend within the bytes and that each text ends in a NUL.
 * count < 0: any. */
status tensor_file_get_strings(const tensor_file *f, const char *name, int64_t count, strings *out);

#endif
