#include "stages/ingest_meet.h"

#include <string.h>

#include "stages/ingest_names.h"

/* Rows on their way: names are looked for when AHEAD more have come. Those longer than NAME bytes let all before them
 * through, and do not wait. */
enum { AHEAD = 12, QUEUE = 16, NAME = 64 };

typedef struct waiting {
  ingest_event event;
  ingest_sought user, item;              /* item.length 0: event.item is there */
  char user_name[NAME], item_name[NAME]; /* of those longer than INGEST_NAME_SHORT */
} waiting;

struct ingest_meet {
  const digest_key *key;
  const catalogue *catalogue;
  ingest_rejects *rejects;
  ingest_rows *out;
  ingest_names users, items; /* met so far: the group of a user is the bucket of its events */
  uint64_t came, left;       /* of all rows so far */
  waiting queue[QUEUE];
};

status ingest_meet_open(const digest_key *key, const catalogue *c, ingest_rejects *rejects, ingest_rows *out, arena *a,
                        ingest_meet **m) {
  TRY(ARENA(a, 1, m));
  (*m)->key = key;
  (*m)->catalogue = c;
  (*m)->rejects = rejects;
  (*m)->out = out;
  return STATUS_OK;
}

/* The name that was sought: a short one out of its words, into `room`. */
static const char *name_of(const ingest_sought *s, const char *name, char room[INGEST_NAME_SHORT]) {
  if (s->length > INGEST_NAME_SHORT) return name;
  ingest_names_restore(s->low, s->high, s->length, room);
  return room;
}

static status meet_item(ingest_meet *m, const char *name, int64_t length, ingest_name *item) {
  const item_id id = digest_item(m->key, name, (size_t)length);
  if (m->catalogue == NULL)
    return ingest_table_add(&m->out->items, (user_id){id.high, id.low}, name, length, &item->meaning, NULL);
  item->meaning = catalogue_find(m->catalogue, id);
  return STATUS_OK;
}

static inline status find_item(ingest_meet *m, const ingest_sought *sought, const char *name, int32_t *item) {
  char room[INGEST_NAME_SHORT];
  ingest_name *found = NULL;
  int is_new = 0;
  TRY(ingest_names_find(&m->items, sought, name, &found, &is_new));
  if (is_new) TRY(meet_item(m, name_of(sought, name, room), sought->length, found));
  *item = found->meaning;
  return STATUS_OK;
}

status ingest_meet_item(ingest_meet *m, const char *name, int64_t length, int32_t *item) {
  const ingest_sought sought = ingest_names_seek(name, length);
  return find_item(m, &sought, name, item);
}

static status meet_user(ingest_meet *m, const char *name, int64_t length, ingest_name *user) {
  const user_id id = digest_user(m->key, name, (size_t)length);
  int is_new = 0;
  void *tally = NULL;
  TRY(ingest_table_add(&m->out->users, id, name, length, &user->meaning, &is_new));
  if (is_new) TRY(ingest_buffer_take(&m->out->tally, sizeof(int64_t), &tally));
  user->group = (uint8_t)ingest_events_bucket(id);
  return STATUS_OK;
}

static status take_in(ingest_meet *m, const waiting *w, const char *user, const char *item) {
  char room[INGEST_NAME_SHORT];
  ingest_name *found = NULL;
  int is_new = 0;
  int32_t place = w->event.item;
  if (w->item.length > 0) TRY(find_item(m, &w->item, item, &place));
  if (place < 0) return ingest_rejects_add(m->rejects, ingest_event_line(&w->event), INGEST_UNKNOWN_ITEM);
  TRY(ingest_names_find(&m->users, &w->user, user, &found, &is_new));
  if (is_new) TRY(meet_user(m, name_of(&w->user, user, room), w->user.length, found));
  found->tally++;
  return ingest_events_add(&m->out->events, found->group, &w->event, found->meaning, place);
}

static inline status take_first(ingest_meet *m) {
  const waiting *w = &m->queue[m->left++ % QUEUE];
  return take_in(m, w, w->user_name, w->item_name);
}

static status take_all(ingest_meet *m) {
  while (m->left < m->came) TRY(take_first(m));
  return STATUS_OK;
}

ingest_event *ingest_meet_event(ingest_meet *m) { return &m->queue[m->came % QUEUE].event; }

status ingest_meet_add(ingest_meet *m, const char *user, int64_t user_length, const char *item, int64_t item_length) {
  waiting *w = &m->queue[m->came % QUEUE];
  w->user = ingest_names_seek(user, user_length);
  ingest_names_soon(&m->users, w->user.hash);
  w->item.length = item_length;
  if (item_length > 0) {
    w->item = ingest_names_seek(item, item_length);
    ingest_names_soon(&m->items, w->item.hash);
  }
  if (user_length > NAME || item_length > NAME) {
    TRY(take_all(m));
    return take_in(m, w, user, item);
  }
  if (user_length > INGEST_NAME_SHORT) memcpy(w->user_name, user, (size_t)user_length);
  if (item_length > INGEST_NAME_SHORT) memcpy(w->item_name, item, (size_t)item_length);
  return ++m->came - m->left > AHEAD ? take_first(m) : STATUS_OK;
}

status ingest_meet_end(ingest_meet *m) {
  int64_t at = 0;
  TRY(take_all(m));
  for (const ingest_name *n = NULL; (n = ingest_names_next(&m->users, &at)) != NULL;)
    *ingest_rows_tally(m->out, n->meaning) += n->tally;
  return STATUS_OK;
}

void ingest_meet_close(ingest_meet *m) {
  if (m == NULL) return;
  ingest_names_free(&m->users);
  ingest_names_free(&m->items);
}
