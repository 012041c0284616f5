#include "stages/ingest_buffer.h"

#include <stdlib.h>
#include <string.h>

static status make_room(ingest_buffer *b, int64_t count) {
  if (b->used + count > b->room) {
    int64_t room = b->room < 4096 ? 4096 : b->room;
    while (room < b->used + count) room += room / 2;
    char *bytes = realloc(b->bytes, (size_t)room);
    if (bytes == NULL) return status_fail(STATUS_BUG, "out of memory for %lld bytes of input", (long long)room);
    b->bytes = bytes;
    b->room = room;
  }
  return STATUS_OK;
}

status ingest_buffer_take(ingest_buffer *b, int64_t count, void **out) {
  TRY(make_room(b, count));
  *out = count > 0 ? b->bytes + b->used : b->bytes;
  if (count > 0) memset(*out, 0, (size_t)count);
  b->used += count;
  return STATUS_OK;
}

status ingest_buffer_add(ingest_buffer *b, const void *bytes, int64_t count) {
  TRY(make_room(b, count));
  if (count > 0) memcpy(b->bytes + b->used, bytes, (size_t)count);
  b->used += count;
  return STATUS_OK;
}

void ingest_buffer_free(ingest_buffer *b) {
  free(b->bytes);
  *b = (ingest_buffer){0};
}

status ingest_buffer_join(ingest_buffer *to, int size, arena *a, char **block, int64_t **offset) {
  TRY(ARENA(a, size + 1, offset));
  for (int r = 0; r < size; r++) (*offset)[r + 1] = (*offset)[r] + to[r].used;
  TRY(ARENA(a, (*offset)[size], block));
  for (int r = 0; r < size; r++) {
    if (to[r].used > 0) memcpy(*block + (*offset)[r], to[r].bytes, (size_t)to[r].used);
    ingest_buffer_free(&to[r]);
  }
  return STATUS_OK;
}
