/* Events as they are read, in buckets by the top bits of their user's id: who owns them, and where they will stand
 * among all events, is then near for all events of a bucket. In chunks, so that no event is copied as they grow in
 * number, and so that memory goes back as they are taken out. Local. */
#ifndef STAGES_INGEST_EVENTS_H
#define STAGES_INGEST_EVENTS_H

#include <stdint.h>

#include "base/status.h"
#include "data/ids.h"

/* Whether an event is for a test only. */
typedef enum ingest_held {
  INGEST_KEPT,
  INGEST_HELD,  /* of inputs.interactions, held back by evaluate.protocol */
  INGEST_TESTED /* of inputs.test */
} ingest_held;

/* An accepted event, as it is kept and sent: half a cache line, since what ingest takes is mostly the moving of these.
 */
typedef struct ingest_event {
  int64_t time : 34;       /* Unix seconds, in [0, INGEST_TIME_END) */
  uint64_t line_high : 18; /* ingest_event_line */
  uint64_t kind : 8;
  uint64_t meaning : 2;
  uint64_t held : 2; /* enum ingest_held */
  uint32_t line_low;
  float quantity;
  float value;  /* money spent, or the rating, or 0 */
  float weight; /* of its kind × the weight column; without decay. Explicit: the rating */
  int32_t user; /* place in a table of users */
  int32_t item; /* place in `items`, or row of the catalogue */
} ingest_event;

_Static_assert(sizeof(ingest_event) == 32, "two events to a cache line");

/* 2200: later times are typing errors. */
static const int64_t INGEST_TIME_END = 7258118400;

/* Of the file, below 2^50. */
static inline int64_t ingest_event_line(const ingest_event *e) {
  return (int64_t)((uint64_t)e->line_high << 32 | e->line_low);
}

static inline void ingest_event_set_line(ingest_event *e, int64_t line) {
  e->line_high = (uint64_t)line >> 32 & 0x3FFFF;
  e->line_low = (uint32_t)line;
}

static inline void ingest_event_set_time(ingest_event *e, int64_t time) { e->time = time & 0x1FFFFFFFF; }

enum { INGEST_BUCKETS = 64 };

typedef struct ingest_chunk ingest_chunk;
struct ingest_chunk {
  ingest_chunk *next;
  int64_t count, room;
  ingest_event event[];
};

/* Starts as {0}. */
typedef struct ingest_events {
  int64_t count;
  ingest_chunk *first[INGEST_BUCKETS], *last[INGEST_BUCKETS];
} ingest_events;

static inline int ingest_events_bucket(user_id id) { return (int)(id.high >> 58); }

/* A further chunk for a bucket. Fails: STATUS_BUG when memory is out. */
status ingest_events_open(ingest_events *e, int bucket);

/* Appends a copy. Fails: as ingest_events_open. */
static inline status ingest_events_add(ingest_events *e, int bucket, const ingest_event *event) {
  ingest_chunk *chunk = e->last[bucket];
  if (chunk == NULL || chunk->count == chunk->room) {
    TRY(ingest_events_open(e, bucket));
    chunk = e->last[bucket];
  }
  chunk->event[chunk->count++] = *event;
  e->count++;
  return STATUS_OK;
}

/* Takes the first chunk out of a bucket; free() it. NULL when there is none. */
ingest_chunk *ingest_events_take(ingest_events *e, int bucket);

void ingest_events_free(ingest_events *e);

#endif
