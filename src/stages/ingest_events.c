#include "stages/ingest_events.h"

#include <stdlib.h>

enum { LEAST = 64 };

/* A large block grows where its pages are, or takes them along; what is not reached yet takes no memory. */
status ingest_events_reserve(ingest_bucket *b, int64_t room) {
  if (room <= b->room) return STATUS_OK;
  if (room < 2 * b->room) room = 2 * b->room;
  if (room < LEAST) room = LEAST;
  ingest_event *event = realloc(b->event, (size_t)room * sizeof *event);
  if (event == NULL) return status_fail(STATUS_BUG, "out of memory for %lld events", (long long)room);
  b->event = event;
  b->room = room;
  return STATUS_OK;
}

void ingest_events_trim(ingest_bucket *b) {
  if (b->count == b->room) return;
  if (b->count == 0) {
    free(b->event);
    *b = (ingest_bucket){0};
    return;
  }
  ingest_event *event = realloc(b->event, (size_t)b->count * sizeof *event);
  if (event == NULL) return;
  b->event = event;
  b->room = b->count;
}

void ingest_events_free(ingest_events *e) {
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++) free(e->bucket[bucket].event);
  *e = (ingest_events){0};
}
