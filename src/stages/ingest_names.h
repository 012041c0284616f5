/* What a name in a file was found to mean, by its bytes: a keyed hash costs a hundred times what it takes to see that a
 * user has been met before. Local. */
#ifndef STAGES_INGEST_NAMES_H
#define STAGES_INGEST_NAMES_H

#include <stdint.h>

#include "stages/ingest_buffer.h"

enum { INGEST_NAME_MOST = UINT16_MAX, INGEST_NAME_SHORT = 16 };

/* A name and what it means, as the caller has it; all that is the caller's starts as 0. Two of them fill a cache line,
 * so that looking for a short name, which most are, fetches one. */
typedef struct ingest_name {
  int32_t meaning;
  uint16_t length;
  uint8_t group;
  uint8_t is_there;
  int64_t tally;
  union {
    char text[INGEST_NAME_SHORT];
    struct {
      int64_t place; /* in `texts` */
      uint64_t hash;
    } far; /* longer than INGEST_NAME_SHORT */
  } at;
} ingest_name;

/* Starts as {0}. */
typedef struct ingest_names {
  int64_t count;
  ingest_name *slot; /* [slots], at most three quarters of them taken */
  int64_t slots;     /* a power of two */
  ingest_buffer texts;
} ingest_names;

uint64_t ingest_names_hash(const char *name, int64_t length);

/* A table of users is in no cache: whoever has several names to look up asks for each some names ahead. */
static inline void ingest_names_soon(const ingest_names *n, uint64_t hash) {
  if (n->slots > 0) __builtin_prefetch(&n->slot[hash & (uint64_t)(n->slots - 1)]);
}

/* Of at most INGEST_NAME_MOST bytes. Valid until the next call. Fails: STATUS_BUG. */
status ingest_names_find(ingest_names *n, uint64_t hash, const char *name, int64_t length, ingest_name **out,
                         int *is_new);

/* The names in any order: *at starts as 0. NULL after the last. */
const ingest_name *ingest_names_next(const ingest_names *n, int64_t *at);

void ingest_names_free(ingest_names *n);

#endif
