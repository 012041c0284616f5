#include "stages/ingest_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/watchdog.h"
#include "stages/ingest_settle.h"
#include "stages/ingest_suppressed.h"

/* A user on its way; the name follows, padded. */
typedef struct traveller {
  user_id id;
  int64_t note;   /* ingest_people_note, or INT64_MAX */
  int64_t events; /* that follow */
  int64_t name_length;
} traveller;

/* What a rank knows of the users that it read and of those that came. */
typedef struct journey {
  int64_t known; /* rows->users.count */
  int32_t
      *number; /* [known], of a user among the travellers to its owner; -1: does not travel; later, of our own: place */
  int32_t *target;  /* [known], its owner */
  int32_t *arrived; /* for each sending rank, one after another: its travellers' numbers in our table, later places */
  int64_t *first;   /* [size + 1], where each rank's begin */
  int64_t *events;  /* [owned->users.count], how many there are */
  int64_t *end;     /* [owned->users.count] by place, where in its bucket the next event of each goes */
  int64_t bucket[INGEST_BUCKETS + 1]; /* place of the first user of each */
} journey;

/* Starts of blocks of `count[r]` elements. */
static void to_offsets(const int64_t *count, int size, int64_t width, int64_t *offset) {
  offset[0] = 0;
  for (int r = 0; r < size; r++) offset[r + 1] = offset[r] + count[r] * width;
}

static status add_traveller(ingest_buffer *to, user_id id, int64_t note, int64_t events, const char *name) {
  const traveller head = {id, note, events, (int64_t)strlen(name)};
  void *place = NULL;
  TRY(ingest_buffer_add(to, &head, sizeof head));
  TRY(ingest_buffer_take(to, ingest_buffer_padded(head.name_length), &place));
  memcpy(place, name, (size_t)head.name_length);
  return STATUS_OK;
}

/* Packs the users with events, numbered per receiving rank, then those of the users file. */
static status pack_users(const partition *owners, const ingest_rows *rows, const ingest_people *people,
                         ingest_buffer *to, journey *j, int32_t *sent) {
  for (int64_t i = 0; i < rows->users.count; i++) {
    const user_id id = ingest_table_at(&rows->users, i)->key;
    const int64_t events = *ingest_rows_tally(rows, i);
    j->target[i] = partition_owner(owners, partition_of(id, owners->count));
    j->number[i] = -1;
    if (events == 0) continue;
    j->number[i] = sent[j->target[i]]++;
    TRY(add_traveller(&to[j->target[i]], id, INT64_MAX, events, ingest_table_name(&rows->users, i)));
  }
  for (int64_t i = 0; i < people->listed.count; i++) {
    const ingest_entry *entry = ingest_table_at(&people->listed, i);
    const int owner = partition_owner(owners, partition_of(entry->key, owners->count));
    TRY(add_traveller(&to[owner], entry->key, entry->tally, 0, ingest_table_name(&people->listed, i)));
  }
  return STATUS_OK;
}

/* Moves the others' events to where they go, and closes the gaps. */
static void pack_bucket(ingest_bucket *b, int mine, const journey *j, ingest_event *send, int64_t *next) {
  int64_t kept = 0;
  for (int64_t i = 0; i < b->count; i++) {
    ingest_event *e = &b->event[i];
    const int target = j->target[e->user];
    if (target == mine) {
      b->event[kept++] = *e;
    } else {
      ingest_event *to = &send[next[target]++];
      *to = *e;
      to->user = j->number[e->user];
    }
  }
  b->count = kept;
  ingest_events_trim(b);
}

/* Events of our own users stay in rows->events; the others' go into `send`, bucket by bucket, and their users become
 * numbers of travellers. */
static status pack_events(const comm *c, ingest_rows *rows, const journey *j, arena *a, ingest_event **send,
                          int64_t **offset) {
  int64_t *counts = NULL, *next = NULL;
  TRY(ARENA(a, c->size, &counts));
  TRY(ARENA(a, c->size + 1, &next));
  TRY(ARENA(a, c->size + 1, offset));
  for (int64_t i = 0; i < rows->users.count; i++)
    if (j->target[i] != c->rank) counts[j->target[i]] += *ingest_rows_tally(rows, i);
  to_offsets(counts, c->size, 1, next);
  TRY(ARENA(a, next[c->size], send));
  to_offsets(counts, c->size, (int64_t)sizeof **send, *offset);
  for (int b = 0; c->size > 1 && b < INGEST_BUCKETS; b++) pack_bucket(&rows->events.bucket[b], c->rank, j, *send, next);
  return STATUS_OK;
}

/* Enters what arrived into the table of users. */
static status unpack_users(const char *bytes, const int64_t *offset, int size, arena *a, ingest_table *table,
                           journey *j) {
  int64_t total = 0;
  for (int64_t at = 0; at < offset[size]; total++) {
    const traveller *t = (const traveller *)(uintptr_t)(bytes + at);
    at += (int64_t)sizeof *t + ingest_buffer_padded(t->name_length);
  }
  TRY(ARENA(a, total, &j->arrived));
  TRY(ARENA(a, total, &j->events));
  TRY(ARENA(a, size + 1, &j->first));
  int64_t next = 0;
  for (int r = 0; r < size; r++) {
    j->first[r] = next;
    for (int64_t at = offset[r]; at < offset[r + 1]; next++) {
      const traveller *t = (const traveller *)(uintptr_t)(bytes + at);
      const char *name = bytes + at + sizeof *t;
      int is_new = 0;
      TRY(ingest_table_add(table, t->id, name, t->name_length, &j->arrived[next], &is_new));
      ingest_entry *entry = ingest_table_at(table, j->arrived[next]);
      j->events[j->arrived[next]] += t->events;
      if (is_new || t->note < entry->tally) entry->tally = t->note;
      at += (int64_t)sizeof *t + ingest_buffer_padded(t->name_length);
    }
  }
  j->first[size] = next;
  return STATUS_OK;
}

typedef struct numbered {
  user_id id;
  int32_t number;
} numbered;

static int compare_numbered(const void *a, const void *b) {
  return user_id_compare(((const numbered *)a)->id, ((const numbered *)b)->id);
}

/* owned->place; and the users that arrived, and our own, become places in that order. Finds where the events of each
 * are to begin. */
static status order_users(ingest_owned *owned, int size, int rank, arena *keep, arena *a, journey *j) {
  const int64_t count = owned->users.count;
  numbered *all = NULL;
  int32_t *order = NULL;
  TRY(ARENA(a, count, &all));
  TRY(ARENA(a, count, &order));
  TRY(ARENA(a, count, &j->end));
  TRY(ARENA(keep, count, &owned->place));
  for (int64_t i = 0; i < count; i++) all[i] = (numbered){ingest_table_at(&owned->users, i)->key, (int32_t)i};
  qsort(all, (size_t)count, sizeof *all, compare_numbered);
  for (int b = 0; b < INGEST_BUCKETS; b++) {
    int64_t i = j->bucket[b], events = 0;
    for (; i < count && ingest_events_bucket(all[i].id) == b; i++) {
      owned->place[i] = all[i].number;
      order[all[i].number] = (int32_t)i;
      j->end[i] = events;
      events += j->events[all[i].number];
    }
    j->bucket[b + 1] = i;
    owned->events.bucket[b].count = events;
  }
  for (int64_t i = 0; i < j->first[size]; i++) j->arrived[i] = order[j->arrived[i]];
  for (int64_t i = 0; i < j->known; i++)
    if (j->target[i] == rank && j->number[i] >= 0) j->number[i] = j->arrived[j->first[rank] + j->number[i]];
  return STATUS_OK;
}

/* Puts events of one rank behind those of the same user that are there already, up to the first of a user that is not
 * below `last`; returns how many. */
static int64_t place_events(const ingest_event *from, int64_t count, const int32_t *place, int64_t last, int64_t *end,
                            ingest_event *events) {
  for (int64_t i = 0; i < count; i++) {
    const int32_t user = place[from[i].user];
    if (user >= last) return i;
    ingest_event *to = &events[end[user]++];
    *to = from[i];
    to->user = user;
  }
  return count;
}

/* Events that came from all ranks: `offset` in bytes, and those of each rank that are placed already. */
typedef struct arrivals {
  const comm *comm;
  const ingest_event *event;
  const int64_t *offset;
  int64_t *placed; /* [size] */
} arrivals;

/* One bucket, in order, into memory that is there; what our own events stood in takes its place as *spare. Pages that
 * have been used cost nothing, and new ones more than all else that is done here. */
static status settle_bucket(int b, const journey *j, ingest_events *ours, arrivals *from, ingest_bucket *spare,
                            ingest_bucket *out, ingest_buffer *dropped) {
  const int64_t first = j->bucket[b], last = j->bucket[b + 1], count = out->count;
  if (count == 0) return STATUS_OK; /* of others' users; nothing of it is here any more */
  TRY(ingest_events_reserve(spare, count));
  *out = *spare;
  out->count = count;
  *spare = ours->bucket[b];
  ours->bucket[b] = (ingest_bucket){0};
  place_events(spare->event, spare->count, j->number, last, j->end, out->event);
  spare->count = 0;
  for (int r = 0; r < from->comm->size; r++) {
    const int64_t begin = from->offset[r] / (int64_t)sizeof *from->event + from->placed[r],
                  end = from->offset[r + 1] / (int64_t)sizeof *from->event;
    from->placed[r] +=
        place_events(from->event + begin, end - begin, j->arrived + j->first[r], last, j->end, out->event);
  }
  watchdog_pulse();
  return ingest_settle(out, j->end + first, last - first, dropped);
}

static status settle_events(const journey *j, ingest_rows *rows, arrivals *from, arena *a, ingest_owned *out,
                            ingest_buffer *dropped) {
  ingest_bucket spare = {0};
  status result = ARENA(a, from->comm->size, &from->placed);
  for (int b = 0; b < INGEST_BUCKETS && result == STATUS_OK; b++) {
    result = settle_bucket(b, j, &rows->events, from, &spare, &out->events.bucket[b], dropped);
    out->events.count += out->events.bucket[b].count;
  }
  free(spare.event);
  rows->events.count = 0;
  return result;
}

static status note_duplicates(const int64_t *lines, int64_t count, ingest_rows *rows) {
  for (int64_t i = 0; i < count; i++)
    TRY(ingest_rejects_add(lines[i] < 0 ? &rows->test : &rows->rejects, llabs(lines[i]), INGEST_DUPLICATE));
  return STATUS_OK;
}

static status send_users(const stage *s, const partition *owners, ingest_rows *rows, ingest_people *people, arena *a,
                         ingest_owned *out, journey *j) {
  const comm *c = s->comm;
  ingest_buffer *to = NULL;
  int32_t *sent = NULL;
  char *send = NULL, *received = NULL;
  int64_t *send_offset = NULL, *offset = NULL;
  status result = STATUS_OK;
  TRY_ALL_DONE(c, result, ARENA(a, c->size, &to));
  TRY_ALL_DONE(c, result, ARENA(a, c->size, &sent));
  j->known = rows->users.count;
  TRY_ALL_DONE(c, result, ARENA(a, j->known, &j->number));
  TRY_ALL_DONE(c, result, ARENA(a, j->known, &j->target));
  TRY_ALL_DONE(c, result, pack_users(owners, rows, people, to, j, sent));
  TRY_ALL_DONE(c, result, ingest_buffer_join(to, c->size, a, &send, &send_offset));
  ingest_table_free(&people->listed);
  TRY_DONE(result, comm_exchange(c, send, send_offset, a, (void **)&received, &offset));
  TRY_ALL_DONE(c, result, unpack_users(received, offset, c->size, a, &out->users, j));
done:
  for (int r = 0; to != NULL && r < c->size; r++) ingest_buffer_free(&to[r]);
  return result;
}

/* The events of this rank's users; a user of an event is a place in the order of ids. */
static status send_events(const stage *s, ingest_rows *rows, journey *j, arena *keep, arena *a, ingest_owned *out) {
  const comm *c = s->comm;
  ingest_event *send = NULL, *received = NULL;
  int64_t *send_offset = NULL, *offset = NULL, *returned = NULL;
  ingest_buffer merged = {0};
  ingest_dropped dropped;
  ingest_readers readers;
  arena sending = {0};
  status sent = comm_agree(c, pack_events(c, rows, j, &sending, &send, &send_offset));
  ingest_table_free(&rows->users);
  if (sent == STATUS_OK) sent = comm_exchange(c, send, send_offset, a, (void **)&received, &offset);
  arena_free(&sending);
  TRY(sent);
  TRY_ALL(c, order_users(out, c->size, c->rank, keep, a, j));
  TRY(ingest_settle_readers(c, rows->first_line, a, &readers));
  arrivals from = {.comm = c, .event = received, .offset = offset};
  status settled = settle_events(j, rows, &from, a, out, &merged);
  if (settled == STATUS_OK) settled = ingest_settle_list(&merged, &readers, a, &dropped);
  ingest_buffer_free(&merged);
  TRY_ALL(c, settled);
  TRY(comm_exchange(c, dropped.line, dropped.offset, a, (void **)&returned, &offset));
  TRY_ALL(c, note_duplicates(returned, offset[c->size] / (int64_t)sizeof *returned, rows));
  return STATUS_OK;
}

status ingest_exchange(const stage *s, const partition *owners, ingest_rows *rows, ingest_people *people, arena *a,
                       ingest_owned *out) {
  arena scratch = {0};
  journey j = {0};
  status result = send_users(s, owners, rows, people, &scratch, out, &j);
  if (result == STATUS_OK) result = send_events(s, rows, &j, a, &scratch, out);
  if (result == STATUS_OK) result = ingest_suppressed_send(s, owners, people, a, &scratch, out);
  arena_free(&scratch);
  return result;
}

void ingest_exchange_free(ingest_owned *owned) {
  ingest_table_free(&owned->users);
  ingest_events_free(&owned->events);
}
