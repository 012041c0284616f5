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

/* An accepted event, as it is kept and sent. */
typedef struct ingest_event {
  int64_t time, line;
  double quantity;
  float value;    /* money spent, or the rating, or 0 */
  float weight;   /* of its kind × the weight column; without decay. Explicit: the rating */
  int32_t user;   /* place in a table of users */
  int32_t item;   /* place in `items`, or row of the catalogue */
  int32_t source; /* rank that read it */
  uint8_t kind, meaning;
  uint8_t held; /* enum ingest_held */
  uint8_t reserved;
} ingest_event;

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

/* Appends a copy. Fails: STATUS_BUG when memory is out. */
status ingest_events_add(ingest_events *e, int bucket, const ingest_event *event);

/* Takes the first chunk out of a bucket; free() it. NULL when there is none. */
ingest_chunk *ingest_events_take(ingest_events *e, int bucket);

void ingest_events_free(ingest_events *e);

#endif
