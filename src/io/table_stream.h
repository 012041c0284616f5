/* The bytes of a table, plain or out of a .zst, from its first one on, and where a range of it begins and ends. */
#ifndef IO_TABLE_STREAM_H
#define IO_TABLE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct table_unpacker table_unpacker;

typedef struct table_stream {
  int fd;
  const char *path;
  int64_t start, limit;   /* offsets of the (decompressed) bytes of the range; INT64_MAX as long as not known, which in
                           * a .zst they are as soon as a byte at or after them has been read */
  table_unpacker *packed; /* NULL: plain */
} table_stream;

/* Opens range `index` of `count`; `path` must outlive the stream. A name ending in .zst is decompressed: its ranges are
 * cut by compressed bytes. Fails: STATUS_MISSING, STATUS_DATA (empty), STATUS_PERMISSION, STATUS_IO. */
status table_stream_open(const char *path, int index, int count, arena *memory, table_stream *out);
void table_stream_close(table_stream *s);

/* Reads up to `capacity` bytes, the next ones in order; *got is 0 only at the end.
 * Fails: STATUS_IO; STATUS_DATA for a damaged or truncated .zst. */
status table_stream_read(table_stream *s, char *out, size_t capacity, size_t *got);

#endif
