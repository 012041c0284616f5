/* Events as they are read, in buckets by the top bits of their user's id: who owns them, and where they will stand
 * among all events, is then near for all events of a bucket. Local. */
#ifndef STAGES_INGEST_EVENTS_H
#define STAGES_INGEST_EVENTS_H

#include <stdint.h>
#include <string.h>

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

/* The fields that share a word, all at once: one after another they would wait for each other in memory. */
static inline void ingest_event_set(ingest_event *e, int64_t time, int64_t line, int kind, int meaning, int held) {
  const uint64_t word = ((uint64_t)time & 0x1FFFFFFFF) | ((uint64_t)line >> 32 & 0x3FFFF) << 34 |
                        ((uint64_t)kind & 0xFF) << 52 | ((uint64_t)meaning & 3) << 60 | (uint64_t)held << 62;
  memcpy(e, &word, sizeof word);
  e->line_low = (uint32_t)line;
}

enum { INGEST_BUCKETS = 64 };

/* Starts as {0}. */
typedef struct ingest_bucket {
  ingest_event *event; /* [count] */
  int64_t count, room;
} ingest_bucket;

/* Starts as {0}. */
typedef struct ingest_events {
  int64_t count; /* over all buckets */
  ingest_bucket bucket[INGEST_BUCKETS];
} ingest_events;

static inline int ingest_events_bucket(user_id id) { return (int)(id.high >> 58); }

/* Room for `room` events, twice what was there at least. Fails: STATUS_BUG when memory is out. */
status ingest_events_reserve(ingest_bucket *b, int64_t room);

/* Gives back the memory behind the last event. */
void ingest_events_trim(ingest_bucket *b);

/* Appends a copy of an event that has this user and item. Fails: as ingest_events_reserve. */
static inline status ingest_events_add(ingest_events *e, int bucket, const ingest_event *event, int32_t user,
                                       int32_t item) {
  ingest_bucket *b = &e->bucket[bucket];
  if (b->count == b->room) TRY(ingest_events_reserve(b, b->count + 1));
  ingest_event *to = &b->event[b->count++];
  *to = *event;
  to->user = user;
  to->item = item;
  __builtin_prefetch(to + 2, 1);
  e->count++;
  return STATUS_OK;
}

void ingest_events_free(ingest_events *e);

#endif
