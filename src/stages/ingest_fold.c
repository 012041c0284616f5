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

/* The items of the events [from, to) of one user, each once, ascending. */
static int64_t list_items(const holding *h, int64_t from, int64_t to) {
  const ingest_event *e = h->owned->events;
  const user_id user = ingest_table_at(&h->owned->users, h->owned->place[e[from].user])->key;
  int64_t kept = 0;
  for (int64_t i = from; i < to; i++) h->room[i - from] = (touched){.item = e[i].item, .first = e[i].time};
  qsort(h->room, (size_t)(to - from), sizeof *h->room, compare_touched);
  for (int64_t i = 0; i < to - from; i++) {
    if (kept > 0 && h->room[kept - 1].item == h->room[i].item) continue;
    h->room[kept] = h->room[i];
    h->room[kept].draw = ingest_cut_draw(h->stage->seed, INGEST_CUT_TEST, user, h->catalogue->id[h->room[kept].item]);
    kept++;
  }
  return kept;
}

static void hold_item(const holding *h, int64_t from, int64_t to, item_row item) {
  for (int64_t i = from; i < to; i++)
    if (h->owned->events[i].item == item) h->owned->events[i].held = INGEST_HELD;
}

static void hold_last(const holding *h, int64_t from, int64_t to) {
  const int64_t items = list_items(h, from, to);
  const touched *last = &h->room[0];
  for (int64_t i = 1; i < items; i++) {
    const touched *t = &h->room[i];
    if (t->first > last->first || (t->first == last->first && t->draw > last->draw)) last = t;
  }
  if (items >= 2) hold_item(h, from, to, last->item);
}

static void hold_drawn(const holding *h, int64_t from, int64_t to) {
  const int64_t items = list_items(h, from, to);
  int64_t kept = 0;
  for (int64_t i = 1; i < items; i++)
    if (h->room[i].draw > h->room[kept].draw) kept = i;
  for (int64_t i = 0; i < items; i++)
    if (i != kept && h->room[i].draw < h->cut.share) hold_item(h, from, to, h->room[i].item);
}

static int64_t end_of(const ingest_owned *owned, int64_t from) {
  int64_t to = from;
  while (to < owned->event_count && owned->events[to].user == owned->events[from].user) to++;
  return to;
}

static status hold_by_user(const stage *s, const catalogue *c, const ingest_cut *cut, ingest_owned *owned, arena *a) {
  holding h = {.stage = s, .catalogue = c, .owned = owned, .cut = *cut};
  int64_t longest = 0;
  for (int64_t from = 0, to = 0; from < owned->event_count; from = to) {
    to = end_of(owned, from);
    if (to - from > longest) longest = to - from;
  }
  TRY(ARENA(a, longest, &h.room));
  for (int64_t from = 0, to = 0; from < owned->event_count; from = to) {
    to = end_of(owned, from);
    if (cut->share > 0)
      hold_drawn(&h, from, to);
    else
      hold_last(&h, from, to);
  }
  return STATUS_OK;
}

status ingest_fold_hold(const stage *s, ingest_protocol protocol, const ingest_plan *p, const catalogue *c,
                        ingest_owned *owned) {
  ingest_cut cut = {.share = 0};
  if (protocol == INGEST_HOLDS_NONE || protocol == INGEST_HOLDS_FILE) return STATUS_OK;
  if (protocol == INGEST_HOLDS_TIME) {
    ingest_cut_find(s, p->has_time, settings_real(s->settings, "evaluate.share"), owned->events, owned->event_count,
                    &cut);
    for (int64_t i = 0; i < owned->event_count; i++)
      if (owned->events[i].time >= cut.time) owned->events[i].held = INGEST_HELD;
    if (cut.share <= 0) return STATUS_OK;
  }
  arena memory = {0};
  const status result = comm_agree(s->comm, hold_by_user(s, c, &cut, owned, &memory));
  arena_free(&memory);
  return result;
}
