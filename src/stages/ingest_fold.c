#include "stages/ingest_fold.h"

#include <stdlib.h>

#include "stages/ingest_cut.h"

status ingest_fold_protocol(const stage *s, ingest_protocol *out) {
  static const ingest_protocol meant[] = {INGEST_HOLDS_TIME, INGEST_HOLDS_TIME, INGEST_HOLDS_LAST, INGEST_HOLDS_FILE};
  const int asked = settings_choice(s->settings, "evaluate.protocol");
  const int has_file = settings_text(s->settings, "inputs.test.path")[0] != '\0';
  *out = INGEST_HOLDS_NONE;
  if (s->purpose == STAGE_NIGHT) return STATUS_OK;
  *out = asked == 0 && has_file ? INGEST_HOLDS_FILE : meant[asked];
  if (*out != INGEST_HOLDS_FILE) return STATUS_OK;
  if (s->purpose == STAGE_TUNE) *out = INGEST_HOLDS_NONE;
  if (has_file) return STATUS_OK;
  return status_fail(STATUS_SETTINGS, "evaluate.protocol is file, but inputs.test.path names no file to judge by");
}

/* The events of one user and one item. */
typedef struct touched {
  item_row item;
  int64_t first; /* time */
  double draw;
} touched;

/* One user at a time. */
typedef struct holding {
  const stage *stage;
  const catalogue *catalogue;
  const ingest_owned *owned;
  ingest_cut cut;
  touched *room; /* [longest] */
} holding;

static int compare_touched(const void *a, const void *b) {
  const touched *x = a, *y = b;
  if (x->item != y->item) return x->item < y->item ? -1 : 1;
  return (x->first > y->first) - (x->first < y->first);
}

/* The items of the events of one user, each once, ascending. */
static int64_t list_items(const holding *h, const ingest_event *e, int64_t count) {
  const user_id user = ingest_table_at(&h->owned->users, h->owned->place[e->user])->key;
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) h->room[i] = (touched){.item = e[i].item, .first = e[i].time};
  qsort(h->room, (size_t)count, sizeof *h->room, compare_touched);
  for (int64_t i = 0; i < count; i++) {
    if (kept > 0 && h->room[kept - 1].item == h->room[i].item) continue;
    h->room[kept] = h->room[i];
    h->room[kept].draw = ingest_cut_draw(h->stage->seed, INGEST_CUT_TEST, user, h->catalogue->id[h->room[kept].item]);
    kept++;
  }
  return kept;
}

static void hold_item(ingest_event *e, int64_t count, item_row item) {
  for (int64_t i = 0; i < count; i++)
    if (e[i].item == item) e[i].held = INGEST_HELD;
}

static void hold_last(const holding *h, ingest_event *e, int64_t count) {
  const int64_t items = list_items(h, e, count);
  const touched *last = &h->room[0];
  for (int64_t i = 1; i < items; i++) {
    const touched *t = &h->room[i];
    if (t->first > last->first || (t->first == last->first && t->draw > last->draw)) last = t;
  }
  if (items >= 2) hold_item(e, count, last->item);
}

static void hold_drawn(const holding *h, ingest_event *e, int64_t count) {
  const int64_t items = list_items(h, e, count);
  int64_t kept = 0;
  for (int64_t i = 1; i < items; i++)
    if (h->room[i].draw > h->room[kept].draw) kept = i;
  for (int64_t i = 0; i < items; i++)
    if (i != kept && h->room[i].draw < h->cut.share) hold_item(e, count, h->room[i].item);
}

/* Of the user whose events begin at `from`. */
static int64_t count_user(const ingest_bucket *b, int64_t from) {
  int64_t to = from;
  while (to < b->count && b->event[to].user == b->event[from].user) to++;
  return to - from;
}

static status hold_by_user(holding *h, const ingest_bucket *b, arena *a) {
  int64_t longest = 0;
  for (int64_t from = 0, count = 0; from < b->count; from += count) {
    count = count_user(b, from);
    if (count > longest) longest = count;
  }
  const arena_mark before = arena_here(a);
  TRY(ARENA(a, longest, &h->room));
  for (int64_t from = 0, count = 0; from < b->count; from += count) {
    count = count_user(b, from);
    if (h->cut.share > 0)
      hold_drawn(h, b->event + from, count);
    else
      hold_last(h, b->event + from, count);
  }
  arena_release(a, before);
  return STATUS_OK;
}

static status hold_by_users(const stage *s, const catalogue *c, const ingest_cut *cut, ingest_owned *owned, arena *a) {
  holding h = {.stage = s, .catalogue = c, .owned = owned, .cut = *cut};
  for (int b = 0; b < INGEST_BUCKETS; b++) TRY(hold_by_user(&h, &owned->events.bucket[b], a));
  return STATUS_OK;
}

static void hold_from(int64_t time, const ingest_bucket *b) {
  for (int64_t i = 0; i < b->count; i++)
    if (b->event[i].time >= time) b->event[i].held = INGEST_HELD;
}

status ingest_fold_hold(const stage *s, ingest_protocol protocol, const ingest_plan *p, const catalogue *c,
                        ingest_owned *owned) {
  ingest_cut cut = {.share = 0};
  if (protocol == INGEST_HOLDS_NONE || protocol == INGEST_HOLDS_FILE) return STATUS_OK;
  if (protocol == INGEST_HOLDS_TIME) {
    ingest_cut_find(s, p->has_time, settings_real(s->settings, "evaluate.share"), &owned->events, &cut);
    for (int b = 0; b < INGEST_BUCKETS; b++) hold_from(cut.time, &owned->events.bucket[b]);
    if (cut.share <= 0) return STATUS_OK;
  }
  arena memory = {0};
  const status result = comm_agree(s->comm, hold_by_users(s, c, &cut, owned, &memory));
  arena_free(&memory);
  return result;
}
