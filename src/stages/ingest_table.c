#include "stages/ingest_table.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/pages.h"

static int64_t slot_of(const ingest_table *t, user_id key) {
  return (int64_t)(hash_mix(key.high ^ hash_mix(key.low)) & (uint64_t)(t->slots - 1));
}

static status grow(ingest_table *t) {
  const int64_t slots = t->slots == 0 ? 1024 : t->slots * 2;
  int32_t *slot = calloc((size_t)slots, sizeof *slot);
  if (slot == NULL) return status_fail(STATUS_BUG, "out of memory for a table of %lld ids", (long long)slots);
  pages_want_large(slot, (size_t)slots * sizeof *slot);
  free(t->slot);
  t->slot = slot;
  t->slots = slots;
  for (int64_t i = 0; i < t->count; i++) {
    int64_t at = slot_of(t, ingest_table_at(t, i)->key);
    while (slot[at] != 0) at = (at + 1) & (slots - 1);
    slot[at] = (int32_t)(i + 1);
  }
  return STATUS_OK;
}

status ingest_table_add(ingest_table *t, user_id key, const char *name, int64_t length, int32_t *place, int *is_new) {
  if (t->count * 2 >= t->slots) TRY(grow(t));
  if (is_new != NULL) *is_new = 0;
  int64_t at = slot_of(t, key);
  for (; t->slot[at] != 0; at = (at + 1) & (t->slots - 1)) {
    *place = t->slot[at] - 1;
    if (user_id_compare(ingest_table_at(t, *place)->key, key) == 0) return STATUS_OK;
  }
  if (t->count >= INT32_MAX - 1) return status_fail(STATUS_BUG, "more than 2^31 ids on one rank; use more ranks");
  const ingest_entry entry = {.key = key, .name = t->names.used};
  TRY(ingest_buffer_add(&t->entries, &entry, sizeof entry));
  TRY(ingest_buffer_add(&t->names, name, length));
  TRY(ingest_buffer_add(&t->names, "", 1));
  *place = (int32_t)t->count++;
  t->slot[at] = *place + 1;
  if (is_new != NULL) *is_new = 1;
  return STATUS_OK;
}

void ingest_table_free(ingest_table *t) {
  ingest_buffer_free(&t->entries);
  ingest_buffer_free(&t->names);
  free(t->slot);
  *t = (ingest_table){0};
}
