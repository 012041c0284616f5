/* Bytes that grow while a file is read; its length is not known before, and an arena would keep every smaller copy. */
#ifndef STAGES_INGEST_BUFFER_H
#define STAGES_INGEST_BUFFER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* Starts as {0}. */
typedef struct ingest_buffer {
  char *bytes;
  int64_t used, room;
} ingest_buffer;

/* Appends `count` zeroed bytes; *out is valid until the next call. Fails: STATUS_BUG when memory is out. */
status ingest_buffer_take(ingest_buffer *b, int64_t count, void **out);

/* Appends a copy. Fails: STATUS_BUG. */
status ingest_buffer_add(ingest_buffer *b, const void *bytes, int64_t count);

void ingest_buffer_free(ingest_buffer *b);

/* Joins one buffer per receiving rank into one block for comm_exchange, and frees them.
 *   *offset  [size + 1], bytes */
status ingest_buffer_join(ingest_buffer *to, int size, arena *a, char **block, int64_t **offset);

/* Texts between structs: the room they take, so that what follows stays aligned. */
static inline int64_t ingest_buffer_padded(int64_t count) { return (count + 8) / 8 * 8; }

#endif
