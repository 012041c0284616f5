#include "stages/ingest_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { FIRST_SLOTS = 4096, LINE = 64 };

/* All bytes of a name of up to 16: two words that may overlap. */
typedef struct two_words {
  uint64_t low, high;
} two_words;

static inline two_words words_of(const char *name, int64_t length) {
  two_words w = {0, 0};
  uint32_t first = 0, last = 0;
  if (length >= 8) {
    memcpy(&w.low, name, 8);
    memcpy(&w.high, name + length - 8, 8);
  } else if (length >= 4) {
    memcpy(&first, name, 4);
    memcpy(&last, name + length - 4, 4);
    w = (two_words){first, last};
  } else if (length > 0) {
    w.low = (uint64_t)(unsigned char)name[0] << 16 | (uint64_t)(unsigned char)name[length / 2] << 8 |
            (unsigned char)name[length - 1];
  }
  return w;
}

uint64_t ingest_names_hash(const char *name, int64_t length) {
  if (length > INGEST_NAME_SHORT) return hash_bytes(name, (size_t)length, 0);
  const two_words w = words_of(name, length);
  const uint64_t high = w.high * 0x9E3779B97F4A7C15u;
  return hash_mix(w.low ^ (high << 32 | high >> 32) ^ (uint64_t)length << 56);
}

static uint64_t hash_of(const ingest_name *n) {
  return n->length > INGEST_NAME_SHORT ? n->at.far.hash : ingest_names_hash(n->at.text, n->length);
}

static inline int is_it(const ingest_names *n, const ingest_name *known, uint64_t hash, const char *name,
                        int64_t length) {
  if (known->length != length) return 0;
  if (length > INGEST_NAME_SHORT)
    return known->at.far.hash == hash && memcmp(n->texts.bytes + known->at.far.place, name, (size_t)length) == 0;
  const two_words x = words_of(known->at.text, length), y = words_of(name, length);
  return x.low == y.low && x.high == y.high;
}

/* The first free slot for a hash. */
static ingest_name *place_for(ingest_name *slot, int64_t slots, uint64_t hash) {
  uint64_t at = hash & (uint64_t)(slots - 1);
  while (slot[at].is_there) at = (at + 1) & (uint64_t)(slots - 1);
  return &slot[at];
}

static status grow(ingest_names *n) {
  const int64_t slots = n->slots == 0 ? FIRST_SLOTS : n->slots * 2;
  ingest_name *slot = aligned_alloc(LINE, (size_t)slots * sizeof *slot);
  if (slot == NULL) return status_fail(STATUS_BUG, "out of memory for a table of %lld names", (long long)slots);
  memset(slot, 0, (size_t)slots * sizeof *slot);
  for (int64_t i = 0; i < n->slots; i++)
    if (n->slot[i].is_there) *place_for(slot, slots, hash_of(&n->slot[i])) = n->slot[i];
  free(n->slot);
  n->slot = slot;
  n->slots = slots;
  return STATUS_OK;
}

static status add(ingest_names *n, uint64_t hash, const char *name, int64_t length, ingest_name **out) {
  if (n->count >= n->slots / 4 * 3) TRY(grow(n));
  ingest_name known = {.length = (uint16_t)length, .is_there = 1};
  if (length > INGEST_NAME_SHORT) {
    known.at.far.place = n->texts.used;
    known.at.far.hash = hash;
    TRY(ingest_buffer_add(&n->texts, name, length));
  } else {
    memcpy(known.at.text, name, (size_t)length);
  }
  *out = place_for(n->slot, n->slots, hash);
  **out = known;
  n->count++;
  return STATUS_OK;
}

status ingest_names_find(ingest_names *n, uint64_t hash, const char *name, int64_t length, ingest_name **out,
                         int *is_new) {
  const uint64_t most = (uint64_t)(n->slots - 1);
  *is_new = 0;
  for (uint64_t at = hash & most; n->slots > 0 && n->slot[at].is_there; at = (at + 1) & most) {
    *out = &n->slot[at];
    if (is_it(n, *out, hash, name, length)) return STATUS_OK;
  }
  *is_new = 1;
  return add(n, hash, name, length, out);
}

const ingest_name *ingest_names_next(const ingest_names *n, int64_t *at) {
  while (*at < n->slots && !n->slot[*at].is_there) ++*at;
  return *at < n->slots ? &n->slot[(*at)++] : NULL;
}

void ingest_names_free(ingest_names *n) {
  ingest_buffer_free(&n->texts);
  free(n->slot);
  *n = (ingest_names){0};
}
