#include "stages/ingest_exchange.h"

#include <stdlib.h>
#include <string.h>

/* A user on its way; the name follows, padded. */
typedef struct traveller {
  user_id id;
  int64_t note; /* ingest_people_note, or INT64_MAX */
  int64_t name_length;
} traveller;

/* Starts of blocks of `count[r]` elements. */
static void to_offsets(const int64_t *count, int size, int64_t width, int64_t *offset) {
  offset[0] = 0;
  for (int r = 0; r < size; r++) offset[r + 1] = offset[r] + count[r] * width;
}

static status add_traveller(ingest_buffer *to, user_id id, int64_t note, const char *name) {
  const traveller head = {id, note, (int64_t)strlen(name)};
  void *place = NULL;
  TRY(ingest_buffer_add(to, &head, sizeof head));
  TRY(ingest_buffer_take(to, ingest_buffer_padded(head.name_length), &place));
  memcpy(place, name, (size_t)head.name_length);
  return STATUS_OK;
}

/* Packs the users with events, numbered per receiving rank, then those of the users file.
 *   number  [rows->users.count], the number of a user among the travellers to its owner; -1: does not travel
 *   target  [rows->users.count], its owner */
static status pack_users(const partition *owners, const ingest_rows *rows, const ingest_people *people,
                         ingest_buffer *to, int32_t *number, int32_t *target, int32_t *sent) {
  const ingest_event *events = (const void *)rows->events.bytes;
  const int64_t count = ingest_rows_count(rows);
  for (int64_t i = 0; i < rows->users.count; i++) number[i] = -1;
  for (int64_t i = 0; i < count; i++) number[events[i].user] = 0;
  for (int64_t i = 0; i < rows->users.count; i++) {
    const user_id id = ingest_table_at(&rows->users, i)->key;
    target[i] = partition_owner(owners, partition_of(id, owners->count));
    if (number[i] < 0) continue;
    number[i] = sent[target[i]]++;
    TRY(add_traveller(&to[target[i]], id, INT64_MAX, ingest_table_name(&rows->users, i)));
  }
  for (int64_t i = 0; i < people->listed.count; i++) {
    const ingest_entry *entry = ingest_table_at(&people->listed, i);
    const int owner = partition_owner(owners, partition_of(entry->key, owners->count));
    TRY(add_traveller(&to[owner], entry->key, entry->tally, ingest_table_name(&people->listed, i)));
  }
  return STATUS_OK;
}

static status pack_events(const ingest_rows *rows, int size, const int32_t *number, const int32_t *target, arena *a,
                          ingest_event **send, int64_t **offset) {
  const ingest_event *events = (const void *)rows->events.bytes;
  const int64_t count = ingest_rows_count(rows);
  int64_t *counts = NULL;
  TRY(ARENA(a, size, &counts));
  TRY(ARENA(a, size + 1, offset));
  TRY(ARENA(a, count, send));
  for (int64_t i = 0; i < count; i++) counts[target[events[i].user]]++;
  to_offsets(counts, size, 1, *offset);
  for (int64_t i = 0; i < count; i++) {
    const int32_t user = events[i].user;
    ingest_event *e = &(*send)[(*offset)[target[user]]++];
    *e = events[i];
    e->user = number[user];
  }
  to_offsets(counts, size, (int64_t)sizeof(ingest_event), *offset);
  return STATUS_OK;
}

/* Enters what arrived into the table of users.
 *   *numbers  for each sending rank, one after another, the table numbers of its travellers
 *   *first    [size + 1], where each rank's begin */
static status unpack_users(const char *bytes, const int64_t *offset, int size, arena *a, ingest_table *table,
                           int32_t **numbers, int64_t **first) {
  int64_t total = 0;
  for (int64_t at = 0; at < offset[size]; total++) {
    const traveller *t = (const traveller *)(uintptr_t)(bytes + at);
    at += (int64_t)sizeof *t + ingest_buffer_padded(t->name_length);
  }
  TRY(ARENA(a, total, numbers));
  TRY(ARENA(a, size + 1, first));
  int64_t next = 0;
  for (int r = 0; r < size; r++) {
    (*first)[r] = next;
    for (int64_t at = offset[r]; at < offset[r + 1]; next++) {
      const traveller *t = (const traveller *)(uintptr_t)(bytes + at);
      const char *name = bytes + at + sizeof *t;
      int is_new = 0;
      TRY(ingest_table_add(table, t->id, name, t->name_length, &(*numbers)[next], &is_new));
      ingest_entry *entry = ingest_table_at(table, (*numbers)[next]);
      if (is_new || t->note < entry->tally) entry->tally = t->note;
      at += (int64_t)sizeof *t + ingest_buffer_padded(t->name_length);
    }
  }
  (*first)[size] = next;
  return STATUS_OK;
}

typedef struct numbered {
  user_id id;
  int32_t number;
} numbered;

static int compare_numbered(const void *a, const void *b) {
  return user_id_compare(((const numbered *)a)->id, ((const numbered *)b)->id);
}

/* owned->place, and *order: the place of each table number. */
static status order_users(ingest_owned *owned, arena *keep, arena *a, int32_t **order) {
  const int64_t count = owned->users.count;
  numbered *all = NULL;
  TRY(ARENA(a, count, &all));
  TRY(ARENA(a, count, order));
  TRY(ARENA(keep, count, &owned->place));
  for (int64_t i = 0; i < count; i++) all[i] = (numbered){ingest_table_at(&owned->users, i)->key, (int32_t)i};
  qsort(all, (size_t)count, sizeof *all, compare_numbered);
  for (int64_t i = 0; i < count; i++) {
    owned->place[i] = all[i].number;
    (*order)[all[i].number] = (int32_t)i;
  }
  return STATUS_OK;
}

#define COMPARE(x, y) \
  if ((x) != (y)) return (x) < (y) ? -1 : 1

/* Events that may be one and the same stand together, the first line first. */
static int compare_same(const void *a, const void *b) {
  const ingest_event *x = a, *y = b;
  COMPARE(x->user, y->user);
  COMPARE(x->item, y->item);
  COMPARE(x->time, y->time);
  COMPARE(x->kind, y->kind);
  COMPARE(x->quantity, y->quantity);
  COMPARE(x->held, y->held);
  COMPARE(x->line, y->line);
  return 0;
}

/* The order of data/users.h, and one that leaves nothing open. */
static int compare_kept(const void *a, const void *b) {
  const ingest_event *x = a, *y = b;
  COMPARE(x->user, y->user);
  COMPARE(x->time, y->time);
  COMPARE(x->item, y->item);
  COMPARE(x->meaning, y->meaning);
  return compare_same(a, b);
}

static int is_same(const ingest_event *x, const ingest_event *y) {
  return x->user == y->user && x->item == y->item && x->time == y->time && x->kind == y->kind && x->held == y->held &&
         !(x->quantity < y->quantity) && !(x->quantity > y->quantity);
}

/* Sorts, merges what is the same, and lists the dropped lines per reading rank; those of inputs.test below 0. */
static status settle_events(ingest_owned *owned, int size, arena *a, int64_t **lines, int64_t **offset) {
  ingest_event *e = owned->events;
  int64_t *counts = NULL, dropped = 0, kept = 0;
  ingest_event *twice = NULL;
  if (owned->event_count > 0) qsort(e, (size_t)owned->event_count, sizeof *e, compare_same);
  for (int64_t i = 1; i < owned->event_count; i++) dropped += is_same(&e[i], &e[i - 1]);
  TRY(ARENA(a, dropped, &twice));
  TRY(ARENA(a, dropped, lines));
  TRY(ARENA(a, size, &counts));
  TRY(ARENA(a, size + 1, offset));
  dropped = 0;
  for (int64_t i = 0; i < owned->event_count; i++) {
    if (kept > 0 && is_same(&e[i], &e[kept - 1]))
      twice[dropped++] = e[i];
    else
      e[kept++] = e[i];
  }
  owned->event_count = kept;
  for (int64_t i = 0; i < dropped; i++) counts[twice[i].source]++;
  to_offsets(counts, size, 1, *offset);
  for (int64_t i = 0; i < dropped; i++)
    (*lines)[(*offset)[twice[i].source]++] = twice[i].held == INGEST_TESTED ? -twice[i].line : twice[i].line;
  to_offsets(counts, size, (int64_t)sizeof(int64_t), *offset);
  if (kept > 0) qsort(e, (size_t)kept, sizeof *e, compare_kept);
  return STATUS_OK;
}

static status note_duplicates(const int64_t *lines, int64_t count, ingest_rows *rows) {
  for (int64_t i = 0; i < count; i++)
    TRY(ingest_rejects_add(lines[i] < 0 ? &rows->test : &rows->rejects, llabs(lines[i]), INGEST_DUPLICATE));
  return STATUS_OK;
}

static status send_users(const stage *s, const partition *owners, ingest_rows *rows, ingest_people *people, arena *a,
                         ingest_owned *out, int32_t **number, int32_t **target, int32_t **arrived, int64_t **first) {
  const comm *c = s->comm;
  ingest_buffer *to = NULL;
  int32_t *sent = NULL;
  char *send = NULL, *received = NULL;
  int64_t *send_offset = NULL, *offset = NULL;
  status result = STATUS_OK;
  TRY_ALL_DONE(c, result, ARENA(a, c->size, &to));
  TRY_ALL_DONE(c, result, ARENA(a, c->size, &sent));
  TRY_ALL_DONE(c, result, ARENA(a, rows->users.count, number));
  TRY_ALL_DONE(c, result, ARENA(a, rows->users.count, target));
  TRY_ALL_DONE(c, result, pack_users(owners, rows, people, to, *number, *target, sent));
  TRY_ALL_DONE(c, result, ingest_buffer_join(to, c->size, a, &send, &send_offset));
  ingest_table_free(&rows->users);
  ingest_table_free(&people->listed);
  TRY_DONE(result, comm_exchange(c, send, send_offset, a, (void **)&received, &offset));
  TRY_ALL_DONE(c, result, unpack_users(received, offset, c->size, a, &out->users, arrived, first));
done:
  for (int r = 0; to != NULL && r < c->size; r++) ingest_buffer_free(&to[r]);
  return result;
}

/* The events of this rank's users; a user of an event is a place in the order of ids. */
static status send_events(const stage *s, ingest_rows *rows, const int32_t *number, const int32_t *target,
                          const int32_t *arrived, const int64_t *first, arena *keep, arena *a, ingest_owned *out) {
  const comm *c = s->comm;
  ingest_event *send = NULL;
  int64_t *send_offset = NULL, *offset = NULL, *lines = NULL, *returned = NULL;
  int32_t *order = NULL;
  TRY_ALL(c, pack_events(rows, c->size, number, target, a, &send, &send_offset));
  ingest_buffer_free(&rows->events);
  TRY(comm_exchange(c, send, send_offset, keep, (void **)&out->events, &offset));
  TRY_ALL(c, order_users(out, keep, a, &order));
  out->event_count = offset[c->size] / (int64_t)sizeof(ingest_event);
  for (int64_t i = 0; i < out->event_count; i++) {
    ingest_event *e = &out->events[i];
    e->user = order[arrived[first[e->source] + e->user]];
  }
  TRY_ALL(c, settle_events(out, c->size, a, &lines, &send_offset));
  TRY(comm_exchange(c, lines, send_offset, a, (void **)&returned, &offset));
  TRY_ALL(c, note_duplicates(returned, offset[c->size] / (int64_t)sizeof *returned, rows));
  return STATUS_OK;
}

static int compare_ids(const void *a, const void *b) {
  return user_id_compare(*(const user_id *)a, *(const user_id *)b);
}

static status pack_suppressed(const partition *owners, const ingest_people *people, int size, arena *a, user_id **send,
                              int64_t **offset) {
  const user_id *ids = (const void *)people->suppressed.bytes;
  const int64_t count = people->suppressed.used / (int64_t)sizeof *ids;
  int64_t *counts = NULL;
  TRY(ARENA(a, size, &counts));
  TRY(ARENA(a, size + 1, offset));
  TRY(ARENA(a, count, send));
  for (int64_t i = 0; i < count; i++) counts[partition_owner(owners, partition_of(ids[i], owners->count))]++;
  to_offsets(counts, size, 1, *offset);
  for (int64_t i = 0; i < count; i++)
    (*send)[(*offset)[partition_owner(owners, partition_of(ids[i], owners->count))]++] = ids[i];
  to_offsets(counts, size, (int64_t)sizeof **send, *offset);
  return STATUS_OK;
}

static status send_suppressed(const stage *s, const partition *owners, ingest_people *people, arena *keep, arena *a,
                              ingest_owned *out) {
  user_id *send = NULL;
  int64_t *send_offset = NULL, *offset = NULL;
  TRY_ALL(s->comm, pack_suppressed(owners, people, s->comm->size, a, &send, &send_offset));
  ingest_buffer_free(&people->suppressed);
  TRY(comm_exchange(s->comm, send, send_offset, keep, (void **)&out->suppressed, &offset));
  const int64_t count = offset[s->comm->size] / (int64_t)sizeof *out->suppressed;
  if (count > 0) qsort(out->suppressed, (size_t)count, sizeof *out->suppressed, compare_ids);
  for (int64_t i = 0; i < count; i++)
    if (i == 0 || user_id_compare(out->suppressed[i], out->suppressed[out->suppressed_count - 1]) != 0)
      out->suppressed[out->suppressed_count++] = out->suppressed[i];
  return STATUS_OK;
}

status ingest_exchange(const stage *s, const partition *owners, ingest_rows *rows, ingest_people *people, arena *a,
                       ingest_owned *out) {
  arena scratch = {0};
  int32_t *number = NULL, *target = NULL, *arrived = NULL;
  int64_t *first = NULL;
  status result = send_users(s, owners, rows, people, &scratch, out, &number, &target, &arrived, &first);
  if (result == STATUS_OK) result = send_events(s, rows, number, target, arrived, first, a, &scratch, out);
  if (result == STATUS_OK) result = send_suppressed(s, owners, people, a, &scratch, out);
  arena_free(&scratch);
  return result;
}

void ingest_exchange_free(ingest_owned *owned) { ingest_table_free(&owned->users); }
