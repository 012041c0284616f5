#include "stages/ingest_suppressed.h"

#include <stdlib.h>

static int compare_ids(const void *a, const void *b) {
  return user_id_compare(*(const user_id *)a, *(const user_id *)b);
}

static status pack_suppressed(const partition *owners, const ingest_people *people, int size, arena *a, user_id **send,
                              int64_t **offset) {
  const user_id *ids = (const void *)people->suppressed.bytes;
  const int64_t count = people->suppressed.used / (int64_t)sizeof *ids;
  int64_t *counts = NULL;
  TRY(ARENA(a, size, &counts));
  TRY(ARENA(a, size + 1, offset));
  TRY(ARENA(a, count, send));
  for (int64_t i = 0; i < count; i++) counts[partition_owner(owners, partition_of(ids[i], owners->count))]++;
  for (int r = 0; r < size; r++) (*offset)[r + 1] = (*offset)[r] + counts[r];
  for (int64_t i = 0; i < count; i++)
    (*send)[(*offset)[partition_owner(owners, partition_of(ids[i], owners->count))]++] = ids[i];
  (*offset)[0] = 0;
  for (int r = 0; r < size; r++) (*offset)[r + 1] = (*offset)[r] + counts[r] * (int64_t)sizeof **send;
  return STATUS_OK;
}

status ingest_suppressed_send(const stage *s, const partition *owners, ingest_people *people, arena *keep, arena *a,
                              ingest_owned *out) {
  user_id *send = NULL;
  int64_t *send_offset = NULL, *offset = NULL;
  TRY_ALL(s->comm, pack_suppressed(owners, people, s->comm->size, a, &send, &send_offset));
  ingest_buffer_free(&people->suppressed);
  TRY(comm_exchange(s->comm, send, send_offset, keep, (void **)&out->suppressed, &offset));
  const int64_t count = offset[s->comm->size] / (int64_t)sizeof *out->suppressed;
  if (count > 0) qsort(out->suppressed, (size_t)count, sizeof *out->suppressed, compare_ids);
  for (int64_t i = 0; i < count; i++)
    if (i == 0 || user_id_compare(out->suppressed[i], out->suppressed[out->suppressed_count - 1]) != 0)
      out->suppressed[out->suppressed_count++] = out->suppressed[i];
  return STATUS_OK;
}
