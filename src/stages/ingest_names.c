#include "stages/ingest_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

enum { FIRST_SLOTS = 4096, LINE = 64 };

/* Eight bytes at a time; the last eight may overlap those before. */
uint64_t ingest_names_hash_long(const char *name, int64_t length) {
  uint64_t h = (uint64_t)length, word;
  for (int64_t at = 0; at < length; at += 8) {
    memcpy(&word, name + (at + 8 <= length ? at : length - 8), 8);
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    h ^= h >> 32;
  }
  return hash_mix(h);
}

static uint64_t hash_of(const ingest_name *known) {
  if (known->length > INGEST_NAME_SHORT) return known->high;
  return ingest_names_hash_words(known->low, known->high, known->length);
}

static int is_it(const ingest_names *n, const ingest_name *known, const ingest_sought *s, const char *name) {
  if (s->length <= INGEST_NAME_SHORT) return ingest_names_is(known, s);
  return known->length == s->length && known->high == s->hash &&
         memcmp(n->texts.bytes + known->low, name, (size_t)s->length) == 0;
}

/* Where to look in the n-th place: both slots of a cache line before those of the next. */
static uint64_t probe(uint64_t hash, uint64_t n, uint64_t most) {
  return (((hash >> 1) + (n >> 1)) << 1 | ((hash ^ n) & 1)) & most;
}

/* The first free slot for a hash. */
static ingest_name *place_for(ingest_name *slot, int64_t slots, uint64_t hash) {
  const uint64_t most = (uint64_t)(slots - 1);
  uint64_t n = 0;
  while (slot[probe(hash, n, most)].is_there) n++;
  return &slot[probe(hash, n, most)];
}

static status grow(ingest_names *n) {
  const int64_t slots = n->slots == 0 ? FIRST_SLOTS : n->slots * 2;
  const size_t bytes = (size_t)slots * sizeof *n->slot;
  ingest_name *slot = aligned_alloc(bytes < PAGES_LARGE ? LINE : PAGES_LARGE, bytes); /* in large pages all of it */
  if (slot == NULL) return status_fail(STATUS_BUG, "out of memory for a table of %lld names", (long long)slots);
  pages_want_large(slot, bytes);
  memset(slot, 0, bytes);
  for (int64_t i = 0; i < n->slots; i++)
    if (n->slot[i].is_there) *place_for(slot, slots, hash_of(&n->slot[i])) = n->slot[i];
  free(n->slot);
  n->slot = slot;
  n->slots = slots;
  return STATUS_OK;
}

static status add(ingest_names *n, const ingest_sought *s, const char *name, ingest_name **out) {
  if (n->count >= n->slots / 2) TRY(grow(n));
  ingest_name known = {.length = (uint16_t)s->length, .is_there = 1, .low = s->low, .high = s->high};
  if (s->length > INGEST_NAME_SHORT) {
    known.low = (uint64_t)n->texts.used;
    known.high = s->hash;
    TRY(ingest_buffer_add(&n->texts, name, s->length));
  }
  *out = place_for(n->slot, n->slots, s->hash);
  **out = known;
  n->count++;
  return STATUS_OK;
}

status ingest_names_find(ingest_names *n, const ingest_sought *s, const char *name, ingest_name **out, int *is_new) {
  const uint64_t most = (uint64_t)(n->slots - 1);
  *is_new = 0;
  for (uint64_t i = 0; n->slots > 0; i++) {
    *out = &n->slot[probe(s->hash, i, most)];
    if (!(*out)->is_there) break;
    if (is_it(n, *out, s, name)) return STATUS_OK;
  }
  *is_new = 1;
  return add(n, s, name, out);
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
