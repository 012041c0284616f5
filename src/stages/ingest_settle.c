#include "stages/ingest_settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/watchdog.h"
#include "stages/ingest_sort.h"

typedef struct settling {
  ingest_event *events; /* of all users of the bucket: settled ones first */
  int64_t kept;         /* of these */
  ingest_key *key, *room;
  ingest_event *copy;
  ingest_buffer *dropped;
} settling;

#define COMPARE(x, y) \
  if ((x) != (y)) return (x) < (y) ? -1 : 1

/* Events that may be one and the same stand together, the first line first. */
static int compare_same(const void *a, const void *b) {
  const ingest_event *x = a, *y = b;
  COMPARE(x->item, y->item);
  COMPARE(x->time, y->time);
  COMPARE(x->kind, y->kind);
  COMPARE(x->quantity, y->quantity);
  COMPARE(x->held, y->held);
  COMPARE(ingest_event_line(x), ingest_event_line(y));
  return 0;
}

/* The order of data/users.h, and one that leaves nothing open. */
static int compare_kept(const void *a, const void *b) {
  const ingest_event *x = a, *y = b;
  COMPARE(x->time, y->time);
  COMPARE(x->item, y->item);
  COMPARE(x->meaning, y->meaning);
  return compare_same(a, b);
}

static int is_same(const ingest_event *x, const ingest_event *y) {
  return x->item == y->item && x->time == y->time && x->kind == y->kind && x->held == y->held &&
         !(x->quantity < y->quantity) && !(x->quantity > y->quantity);
}

/* Time and item, by which most events differ, in one word: a time of ingest is below 2^33. */
static uint64_t key_of(const ingest_event *e) { return (uint64_t)e->time << 31 | (uint32_t)e->item; }

/* By time and item. */
static void sort_events(settling *s, ingest_event *e, int64_t count) {
  for (int64_t i = 0; i < count; i++) s->key[i] = (ingest_key){key_of(&e[i]), i};
  ingest_sort(s->key, s->room, count);
  memcpy(s->copy, e, (size_t)count * sizeof *e);
  for (int64_t i = 0; i < count; i++) e[i] = s->copy[s->key[i].place];
}

/* Events of one user, item and time. */
static status settle_group(settling *s, ingest_event *e, int64_t count) {
  int64_t kept = 0;
  if (count > 1) qsort(e, (size_t)count, sizeof *e, compare_same);
  for (int64_t i = 0; i < count; i++) {
    if (kept > 0 && is_same(&e[i], &e[kept - 1]))
      TRY(ingest_buffer_add(s->dropped, &e[i], sizeof *e));
    else
      e[kept++] = e[i];
  }
  if (kept > 1) qsort(e, (size_t)kept, sizeof *e, compare_kept);
  memmove(&s->events[s->kept], e, (size_t)kept * sizeof *e);
  s->kept += kept;
  return STATUS_OK;
}

static status settle_user(settling *s, ingest_event *e, int64_t count) {
  int is_sorted = 1, is_unique = 1;
  for (int64_t i = 1; i < count; i++) {
    const uint64_t before = key_of(&e[i - 1]), now = key_of(&e[i]);
    is_sorted &= before <= now;
    is_unique &= before < now;
  }
  if (!is_sorted) sort_events(s, e, count);
  if (is_unique) {
    if (&s->events[s->kept] != e) memmove(&s->events[s->kept], e, (size_t)count * sizeof *e);
    s->kept += count;
    return STATUS_OK;
  }
  for (int64_t i = 0, next = 0; i < count; i = next) {
    for (next = i + 1; next < count && key_of(&e[next]) == key_of(&e[i]);) next++;
    TRY(settle_group(s, &e[i], next - i));
  }
  return STATUS_OK;
}

static status settle_all(settling *s, const int64_t *end, int64_t users, arena *a) {
  int64_t longest = 0;
  for (int64_t i = 0; i < users; i++) {
    const int64_t count = end[i] - (i > 0 ? end[i - 1] : 0);
    longest = count > longest ? count : longest;
  }
  TRY(ARENA(a, longest, &s->key));
  TRY(ARENA(a, longest, &s->room));
  TRY(ARENA(a, longest, &s->copy));
  for (int64_t i = 0; i < users; i++) {
    const int64_t from = i > 0 ? end[i - 1] : 0;
    TRY(settle_user(s, s->events + from, end[i] - from));
    watchdog_pulse();
  }
  return STATUS_OK;
}

status ingest_settle(ingest_bucket *b, const int64_t *end, int64_t users, ingest_buffer *dropped) {
  settling s = {.events = b->event, .dropped = dropped};
  arena scratch = {0};
  const status result = settle_all(&s, end, users, &scratch);
  arena_free(&scratch);
  b->count = s.kept;
  return result;
}

status ingest_settle_readers(const comm *c, const int64_t first_line[2], arena *a, ingest_readers *out) {
  int64_t *first = NULL, *offset = NULL;
  TRY(comm_gather_all(c, first_line, 2 * sizeof *first_line, a, (void **)&first, &offset));
  for (int i = 2 * c->size - 1; i >= 0; i--)
    if (first[i] == 0) first[i] = i + 2 < 2 * c->size ? first[i + 2] : INT64_MAX;
  *out = (ingest_readers){.size = c->size, .first = first};
  return STATUS_OK;
}

/* The rank that read an event: the last one that began at or before its line. */
static int reader_of(const ingest_readers *from, const ingest_event *e) {
  const int64_t *first = from->first + (e->held == INGEST_TESTED), line = ingest_event_line(e);
  int low = 0, high = from->size;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (first[2 * middle] <= line)
      low = middle;
    else
      high = middle;
  }
  return low;
}

status ingest_settle_list(const ingest_buffer *dropped, const ingest_readers *from, arena *a, ingest_dropped *out) {
  const ingest_event *e = (const void *)dropped->bytes;
  const int64_t count = dropped->used / (int64_t)sizeof *e;
  int64_t *next = NULL;
  TRY(ARENA(a, count, &out->line));
  TRY(ARENA(a, from->size + 1, &out->offset));
  TRY(ARENA(a, from->size, &next));
  for (int64_t i = 0; i < count; i++) out->offset[reader_of(from, &e[i]) + 1] += (int64_t)sizeof *out->line;
  for (int r = 0; r < from->size; r++) out->offset[r + 1] += out->offset[r];
  for (int r = 0; r < from->size; r++) next[r] = out->offset[r] / (int64_t)sizeof *out->line;
  for (int64_t i = 0; i < count; i++) {
    const int64_t line = ingest_event_line(&e[i]);
    out->line[next[reader_of(from, &e[i])]++] = e[i].held == INGEST_TESTED ? -line : line;
  }
  return STATUS_OK;
}
