/* What a name in a file was found to mean, by its bytes: a keyed hash costs a hundred times what it takes to see that a
 * user has been met before. Local. */
#ifndef STAGES_INGEST_NAMES_H
#define STAGES_INGEST_NAMES_H

#include <stdint.h>

#include "stages/ingest_buffer.h"

/* Starts as {0}. */
typedef struct ingest_names {
  int64_t count;
  uint64_t *slot; /* [slots], at most half of them taken: bits of the hash, and where in `known` the name stands */
  int64_t slots;  /* a power of two */
  ingest_buffer known;
} ingest_names;

enum { INGEST_NAME_MOST = UINT16_MAX };

/* A name and what it means, as the caller has it; all starts as 0. The name follows. */
typedef struct ingest_name {
  int32_t meaning;
  uint16_t length;
  uint8_t group, reserved;
  int64_t tally;
} ingest_name;

uint64_t ingest_names_hash(const char *name, int64_t length);

/* A table of users is in no cache: whoever has several names to look up asks for the first of these of each some names
 * ahead, and later for the second. */
void ingest_names_soon(const ingest_names *n, uint64_t hash);
void ingest_names_now(const ingest_names *n, uint64_t hash);

/* Of at most INGEST_NAME_MOST bytes. Valid until the next call. Fails: STATUS_BUG. */
status ingest_names_find(ingest_names *n, uint64_t hash, const char *name, int64_t length, ingest_name **out,
                         int *is_new);

/* The names in the order in which they were met: *at starts as 0. NULL after the last. */
const ingest_name *ingest_names_next(const ingest_names *n, int64_t *at);

void ingest_names_free(ingest_names *n);

#endif
