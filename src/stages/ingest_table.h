/* A hash table of 128-bit keys, each with a name and a tally, numbered in order of first sight. */
#ifndef STAGES_INGEST_TABLE_H
#define STAGES_INGEST_TABLE_H

#include <stdint.h>

#include "data/ids.h"
#include "stages/ingest_buffer.h"

typedef struct ingest_entry {
  user_id key;
  int64_t name; /* where its NUL-terminated name begins in `names` */
  int64_t tally;
} ingest_entry;

/* Starts as {0}. */
typedef struct ingest_table {
  int64_t count;
  ingest_buffer entries; /* [count] of ingest_entry */
  ingest_buffer names;
  int32_t *slot; /* [slots], place + 1, or 0 */
  int64_t slots; /* a power of two */
} ingest_table;

/* Finds `key`, or adds it with `name` (copied) and tally 0. *place is its number; *is_new may be NULL.
 * Fails: STATUS_BUG when memory is out or 2^31 keys are reached. */
status ingest_table_add(ingest_table *t, user_id key, const char *name, int64_t length, int32_t *place, int *is_new);

void ingest_table_free(ingest_table *t);

static inline ingest_entry *ingest_table_at(const ingest_table *t, int64_t place) {
  return (ingest_entry *)(void *)t->entries.bytes + place;
}
static inline const char *ingest_table_name(const ingest_table *t, int64_t place) {
  return t->names.bytes + ingest_table_at(t, place)->name;
}

#endif
