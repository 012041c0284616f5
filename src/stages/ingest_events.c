#include "stages/ingest_events.h"

#include <stdlib.h>

/* Of a chunk, in events. The largest take 2 MiB, which malloc returns to the system on their own; in small pages, since
 * the last of each bucket stays half empty. */
enum { LEAST = 32, MOST = 65536 };

status ingest_events_open(ingest_events *e, int bucket) {
  const ingest_chunk *last = e->last[bucket];
  const int64_t room = last == NULL ? LEAST : last->room * 2 < MOST ? last->room * 2 : MOST;
  ingest_chunk *chunk = malloc(sizeof *chunk + (size_t)room * sizeof *chunk->event);
  if (chunk == NULL) return status_fail(STATUS_BUG, "out of memory for %lld events", (long long)(e->count + room));
  chunk->room = room;
  chunk->count = 0;
  chunk->next = NULL;
  if (last == NULL)
    e->first[bucket] = chunk;
  else
    e->last[bucket]->next = chunk;
  e->last[bucket] = chunk;
  return STATUS_OK;
}

ingest_chunk *ingest_events_take(ingest_events *e, int bucket) {
  ingest_chunk *chunk = e->first[bucket];
  if (chunk == NULL) return NULL;
  e->first[bucket] = chunk->next;
  if (chunk->next == NULL) e->last[bucket] = NULL;
  e->count -= chunk->count;
  return chunk;
}

void ingest_events_free(ingest_events *e) {
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++)
    for (ingest_chunk *chunk = ingest_events_take(e, bucket); chunk != NULL; chunk = ingest_events_take(e, bucket))
      free(chunk);
}
