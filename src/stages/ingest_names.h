/* What a name in a file was found to mean, by its bytes: a keyed hash costs a hundred times what it takes to see that a
 * user has been met before. Local. */
#ifndef STAGES_INGEST_NAMES_H
#define STAGES_INGEST_NAMES_H

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "stages/ingest_buffer.h"

enum { INGEST_NAME_MOST = UINT16_MAX, INGEST_NAME_SHORT = 16 };

/* A name as it is looked for: of a short one `low` and `high` are all that is in it. */
typedef struct ingest_sought {
  int64_t length;
  uint64_t hash, low, high;
} ingest_sought;

/* A name and what it means, as the caller has it; all that is the caller's starts as 0. Two of them fill a cache line,
 * so that looking for a short name, which most are, fetches one. */
typedef struct ingest_name {
  int32_t meaning;
  uint16_t length;
  uint8_t group;
  uint8_t is_there;
  int64_t tally;
  uint64_t low, high; /* as ingest_sought has them; longer than INGEST_NAME_SHORT: place in `texts`, and hash */
} ingest_name;

/* Starts as {0}. */
typedef struct ingest_names {
  int64_t count;
  ingest_name *slot; /* [slots], at most half of them taken */
  int64_t slots;     /* a power of two */
  ingest_buffer texts;
} ingest_names;

/* Two words that hold all of a text of up to INGEST_NAME_SHORT bytes, and, with its length, of no other. */
static inline void ingest_names_words(const char *text, int64_t length, uint64_t *low, uint64_t *high) {
  uint32_t first = 0, last = 0;
  *low = *high = 0;
  if (length >= 8) {
    memcpy(low, text, 8);
    memcpy(high, text + length - 8, 8);
  } else if (length >= 4) {
    memcpy(&first, text, 4);
    memcpy(&last, text + length - 4, 4);
    *low = first;
    *high = last;
  } else if (length > 0) {
    *low = (uint64_t)(unsigned char)text[0] << 16 | (uint64_t)(unsigned char)text[length / 2] << 8 |
           (unsigned char)text[length - 1];
  }
}

static inline uint64_t ingest_names_hash_words(uint64_t low, uint64_t high, int64_t length) {
  const uint64_t mixed = high * 0x9E3779B97F4A7C15u;
  return hash_mix(low ^ (mixed << 32 | mixed >> 32) ^ (uint64_t)length << 56);
}

/* The text of `length` bytes that two words hold. */
static inline void ingest_names_restore(uint64_t low, uint64_t high, int64_t length, char *text) {
  if (length >= 8) {
    memcpy(text, &low, 8);
    memcpy(text + length - 8, &high, 8);
  } else if (length >= 4) {
    memcpy(text, &low, 4);
    memcpy(text + length - 4, &high, 4);
  } else {
    for (int64_t i = 0; i < length; i++) text[i] = (char)(low >> (i == 0 ? 16 : i == length - 1 ? 0 : 8));
  }
}

/* Of a text longer than INGEST_NAME_SHORT. */
uint64_t ingest_names_hash_long(const char *name, int64_t length);

static inline ingest_sought ingest_names_seek(const char *name, int64_t length) {
  ingest_sought s = {.length = length};
  if (length > INGEST_NAME_SHORT) {
    s.hash = ingest_names_hash_long(name, length);
    return s;
  }
  ingest_names_words(name, length, &s.low, &s.high);
  s.hash = ingest_names_hash_words(s.low, s.high, length);
  return s;
}

/* A table of users is in no cache: whoever has several names to look up asks for each some names ahead. */
static inline void ingest_names_soon(const ingest_names *n, uint64_t hash) {
  if (n->slots > 0) __builtin_prefetch(&n->slot[hash & (uint64_t)(n->slots - 1)]);
}

/* Is this name of INGEST_NAME_SHORT bytes or fewer the one that is sought? */
static inline int ingest_names_is(const ingest_name *known, const ingest_sought *s) {
  return known->low == s->low && known->high == s->high && known->length == s->length;
}

/* `name` has at most INGEST_NAME_MOST bytes, and is what `s` was made of; of a short one it is not looked at. Valid
 * until the next call. Fails: STATUS_BUG. */
status ingest_names_find(ingest_names *n, const ingest_sought *s, const char *name, ingest_name **out, int *is_new);

/* The names in any order: *at starts as 0. NULL after the last. */
const ingest_name *ingest_names_next(const ingest_names *n, int64_t *at);

void ingest_names_free(ingest_names *n);

#endif
