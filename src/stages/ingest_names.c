#include "stages/ingest_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

/* A slot is 40 bits of place, in units of 32 bytes and never 0, below 24 bits of the hash. A name of up to 16 bytes is
 * a unit together with what it means, and so in one cache line. */
enum { PLACE_BITS = 40, UNIT = 32, FIRST_SLOTS = 4096 };

/* Bytes from one name to the next. */
static int64_t span_of(int64_t length) { return ((int64_t)sizeof(ingest_name) + length + UNIT - 1) / UNIT * UNIT; }

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
  if (length > 16) return hash_bytes(name, (size_t)length, 0);
  const two_words w = words_of(name, length);
  const uint64_t high = w.high * 0x9E3779B97F4A7C15u;
  return hash_mix(w.low ^ (high << 32 | high >> 32) ^ (uint64_t)length << 56);
}

static inline int is_same(const char *a, const char *b, int64_t length) {
  if (length > 16) return memcmp(a, b, (size_t)length) == 0;
  const two_words x = words_of(a, length), y = words_of(b, length);
  return x.low == y.low && x.high == y.high;
}

static ingest_name *name_at(const ingest_names *n, uint64_t slot) {
  return (ingest_name *)(void *)(n->known.bytes + (slot & (((uint64_t)1 << PLACE_BITS) - 1)) * UNIT);
}

void ingest_names_soon(const ingest_names *n, uint64_t hash) {
  if (n->slots > 0) __builtin_prefetch(&n->slot[hash & (uint64_t)(n->slots - 1)]);
}

void ingest_names_now(const ingest_names *n, uint64_t hash) {
  if (n->slots > 0) __builtin_prefetch(name_at(n, n->slot[hash & (uint64_t)(n->slots - 1)]));
}

static status grow(ingest_names *n) {
  const int64_t slots = n->slots == 0 ? FIRST_SLOTS : n->slots * 2;
  uint64_t *slot = calloc((size_t)slots, sizeof *slot);
  if (slot == NULL) return status_fail(STATUS_BUG, "out of memory for a table of %lld names", (long long)slots);
  for (int64_t i = 0; i < n->slots; i++) {
    if (n->slot[i] == 0) continue;
    const ingest_name *known = name_at(n, n->slot[i]);
    uint64_t at = ingest_names_hash((const char *)(known + 1), known->length) & (uint64_t)(slots - 1);
    while (slot[at] != 0) at = (at + 1) & (uint64_t)(slots - 1);
    slot[at] = n->slot[i];
  }
  free(n->slot);
  n->slot = slot;
  n->slots = slots;
  return STATUS_OK;
}

static status add(ingest_names *n, uint64_t at, uint64_t hash, const char *name, int64_t length, ingest_name **out) {
  void *place = NULL;
  if (n->known.used == 0) TRY(ingest_buffer_take(&n->known, UNIT, &place));
  const uint64_t unit = (uint64_t)n->known.used / UNIT;
  if (unit >> PLACE_BITS != 0) return status_fail(STATUS_BUG, "the names of one rank take 32 TiB; use more ranks");
  TRY(ingest_buffer_take(&n->known, span_of(length), &place));
  *out = place;
  (*out)->length = (uint16_t)length;
  memcpy(*out + 1, name, (size_t)length);
  n->slot[at] = hash >> PLACE_BITS << PLACE_BITS | unit;
  n->count++;
  return STATUS_OK;
}

status ingest_names_find(ingest_names *n, uint64_t hash, const char *name, int64_t length, ingest_name **out,
                         int *is_new) {
  if (n->count * 2 >= n->slots) TRY(grow(n));
  const uint64_t most = (uint64_t)(n->slots - 1);
  uint64_t at = hash & most;
  *is_new = 0;
  for (; n->slot[at] != 0; at = (at + 1) & most) {
    if ((n->slot[at] ^ hash) >> PLACE_BITS != 0) continue;
    *out = name_at(n, n->slot[at]);
    if ((*out)->length == length && is_same((const char *)(*out + 1), name, length)) return STATUS_OK;
  }
  *is_new = 1;
  return add(n, at, hash, name, length, out);
}

const ingest_name *ingest_names_next(const ingest_names *n, int64_t *at) {
  if (*at == 0) *at = UNIT;
  if (*at >= n->known.used) return NULL;
  const ingest_name *name = (const ingest_name *)(const void *)(n->known.bytes + *at);
  *at += span_of(name->length);
  return name;
}

void ingest_names_free(ingest_names *n) {
  ingest_buffer_free(&n->known);
  free(n->slot);
  *n = (ingest_names){0};
}
