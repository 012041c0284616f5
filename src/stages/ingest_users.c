#include "stages/ingest_users.h"

#include <math.h>
#include <stdlib.h>

#include "base/pages.h"
#include "io/work_file.h"
#include "stages/ingest_sort.h"

/* What decay has left of a weight is never nothing: a pair that was seen must not look unseen. */
static const double least_weight = 1e-6;

typedef struct builder {
  const stage *stage;
  const ingest_plan *plan;
  const ingest_cut *cut;
  const catalogue *catalogue;
  const ingest_owned *owned;
  ingest_totals *totals;
  double half_life; /* seconds; 0: no decay */
  language language;
} builder;

/* An event by its item: place is that among those of its user. */
typedef ingest_key touch;

/* Those of one user. */
typedef struct run {
  const ingest_event *event;
  int64_t count;
} run;

/* Where the events begin that are not written yet. */
typedef struct cursor {
  int bucket;
  int64_t at;
} cursor;

static double weight_of(const builder *b, const ingest_event *e) {
  if (b->half_life <= 0) return (double)e->weight;
  return (double)e->weight * exp2(-(double)(b->cut->now - e->time) / b->half_life);
}

/* Row `pair` from the touches of one user and one item, which ascend by time. */
static void fill_pair(const builder *b, users *u, int64_t pair, const ingest_event *events, const touch *touches,
                      int64_t count) {
  const item_row item = (item_row)touches[0].key;
  double all = 0, train = 0;
  int64_t trained = 0, kept = 0;
  for (int64_t i = 0; i < count; i++) kept += events[touches[i].place].held == INGEST_KEPT;
  for (int64_t i = 0; i < count; i++) {
    const ingest_event *e = &events[touches[i].place];
    if (kept > 0 && e->held != INGEST_KEPT) continue;
    const double weight = b->plan->explicit_feedback ? (double)e->weight : weight_of(b, e);
    all += weight;
    u->meanings[pair] = (uint8_t)(u->meanings[pair] | (1u << e->meaning));
    u->last[pair] = e->time;
    if (kept == 0 || e->time >= b->cut->time) continue;
    train += weight;
    trained++;
  }
  if (b->plan->explicit_feedback) {
    all /= (double)(kept > 0 ? kept : count);
    train = trained > 0 ? train / (double)trained : 0;
  } else {
    all = all > least_weight ? all : least_weight;
    train = train > least_weight ? train : least_weight;
  }
  u->item[pair] = item;
  u->weight[pair] = (float)all;
  u->train_weight[pair] = (float)train;
  u->fold[pair] = kept == 0 ? FOLD_TEST : trained > 0 ? FOLD_TRAIN : FOLD_VALIDATION;
  b->totals->item_users[item] += kept > 0;
}

/* The events of one user by item, and as they stood. */
static void sort_touches(run r, touch *touches, touch *room) {
  for (int64_t i = 0; i < r.count; i++) touches[i] = (touch){(uint64_t)r.event[i].item, i};
  ingest_sort(touches, room, r.count);
}

/* Merges the events of one user into rows from `pair` on; returns where the next user's begin. */
static int64_t merge_user(const builder *b, users *u, run r, const touch *touches, int64_t pair) {
  for (int64_t i = 0, next = 0; i < r.count; i = next) {
    for (next = i; next < r.count && touches[next].key == touches[i].key;) next++;
    fill_pair(b, u, pair++, r.event, touches + i, next - i);
  }
  return pair;
}

/* Where times cannot tell: draws validation pairs among those of user `i`, of whom one is kept to learn from. */
static void draw_pairs(const builder *b, users *u, user_row i) {
  int64_t kept = -1;
  double most = -1;
  for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
    if (u->fold[j] != FOLD_TRAIN) continue;
    const double draw = ingest_cut_draw(b->stage->seed, INGEST_CUT_VALIDATION, u->id[i], b->catalogue->id[u->item[j]]);
    if (draw < b->cut->share) u->fold[j] = FOLD_VALIDATION;
    if (draw > most) kept = j;
    most = fmax(most, draw);
  }
  if (kept >= 0) u->fold[kept] = FOLD_TRAIN;
}

static void count_pairs(const builder *b, const users *u) {
  for (user_row i = 0; i < u->count; i++) {
    int64_t held = 0;
    for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) held += u->fold[j] == FOLD_TEST;
    b->totals->pairs += u->offset[i + 1] - u->offset[i] - held;
    b->totals->test_pairs += held;
    b->totals->test_newcomers += held > 0 && held == u->offset[i + 1] - u->offset[i];
  }
}

static int compare_ids(const void *a, const void *b) {
  return user_id_compare(*(const user_id *)a, *(const user_id *)b);
}

static int is_suppressed(const ingest_owned *owned, user_id id) {
  return owned->suppressed_count > 0 &&
         bsearch(&id, owned->suppressed, (size_t)owned->suppressed_count, sizeof id, compare_ids) != NULL;
}

/* Users [first, first + count) in the order of ids. */
static status take_people(const builder *b, int64_t first, int32_t count, arena *a, users *u) {
  const ingest_owned *owned = b->owned;
  const char **names = NULL;
  u->count = count;
  TRY(ARENA(a, count, &u->id));
  TRY(ARENA(a, count, &u->language));
  TRY(ARENA(a, count, &u->flags));
  TRY(ARENA(a, count, &names));
  for (int32_t i = 0; i < count; i++) {
    const ingest_entry *entry = ingest_table_at(&owned->users, owned->place[first + i]);
    const int spoken = entry->tally == INT64_MAX ? INGEST_NO_LANGUAGE : ingest_people_language(entry->tally);
    names[i] = ingest_table_name(&owned->users, owned->place[first + i]);
    u->id[i] = entry->key;
    u->language[i] = (uint8_t)(spoken == INGEST_NO_LANGUAGE ? (int)b->language : spoken);
    if (spoken != INGEST_NO_LANGUAGE) u->flags[i] |= USER_HAS_LANGUAGE;
    if (is_suppressed(owned, u->id[i])) u->flags[i] |= USER_SUPPRESSED;
    b->totals->suppressed += (u->flags[i] & USER_SUPPRESSED) != 0;
  }
  return strings_create(a, names, count, &u->name);
}

/* The events of each of the users [first, first + u->count), those that are held among them: *runs [u->count]. */
static status find_events(const builder *b, int64_t first, cursor *from, arena *a, const users *u, run **runs) {
  TRY(ARENA(a, u->count, runs));
  for (int32_t i = 0; i < u->count; i++) {
    const ingest_bucket *in = &b->owned->events.bucket[from->bucket];
    while (from->at == in->count && from->bucket + 1 < INGEST_BUCKETS) {
      in = &b->owned->events.bucket[++from->bucket];
      from->at = 0;
    }
    run *r = &(*runs)[i];
    *r = (run){.event = in->event + from->at};
    for (; from->at < in->count && in->event[from->at].user == first + i; from->at++) r->count++;
  }
  return STATUS_OK;
}

/* Room for `count` events, and for as many pairs, of which there may be fewer. */
static status take_columns(int64_t count, arena *a, users *u) {
  TRY(ARENA(a, u->count + 1, &u->event_offset));
  TRY(ARENA(a, count, &u->event_item));
  TRY(ARENA(a, count, &u->event_meaning));
  TRY(ARENA(a, count, &u->event_time));
  TRY(ARENA(a, count, &u->event_value));
  TRY(ARENA(a, u->count + 1, &u->offset));
  TRY(ARENA(a, count, &u->item));
  TRY(ARENA(a, count, &u->weight));
  TRY(ARENA(a, count, &u->train_weight));
  TRY(ARENA(a, count, &u->fold));
  TRY(ARENA(a, count, &u->meanings));
  return ARENA(a, count, &u->last);
}

/* The events of one user, as rows from `at` on; returns where the next user's begin. */
static int64_t copy_events(const builder *b, users *u, run r, int64_t at) {
  for (int64_t j = 0; j < r.count; j++) {
    const ingest_event *e = &r.event[j];
    b->totals->held += e->held == INGEST_HELD;
    b->totals->tested += e->held == INGEST_TESTED;
    if (e->held != INGEST_KEPT) continue;
    u->event_item[at] = e->item;
    u->event_meaning[at] = e->meaning;
    u->event_time[at] = e->time;
    u->event_value[at++] = e->value;
  }
  return at;
}

/* User by user, while its events are near. */
static status take_rows(const builder *b, const run *runs, arena *a, users *u) {
  int64_t longest = 0, all = 0;
  touch *touches = NULL, *room = NULL;
  for (user_row i = 0; i < u->count; i++) {
    if (runs[i].count > longest) longest = runs[i].count;
    all += runs[i].count;
  }
  TRY(ARENA(a, longest, &touches));
  TRY(ARENA(a, longest, &room));
  TRY(take_columns(all, a, u));
  for (user_row i = 0; i < u->count; i++) {
    u->event_offset[i + 1] = copy_events(b, u, runs[i], u->event_offset[i]);
    sort_touches(runs[i], touches, room);
    u->offset[i + 1] = merge_user(b, u, runs[i], touches, u->offset[i]);
  }
  b->totals->events += u->event_offset[u->count];
  for (user_row i = 0; i < u->count && b->cut->share > 0; i++) draw_pairs(b, u, i);
  count_pairs(b, u);
  return STATUS_OK;
}

static status write_partition(const builder *b, int index, int64_t first, int64_t last, cursor *from, arena *a) {
  const stage *s = b->stage;
  const int count = (int)settings_int(s->settings, "partitions.users");
  users u = {0};
  run *runs = NULL;
  char *path = NULL;
  TRY(take_people(b, first, (int32_t)(last - first), a, &u));
  TRY(find_events(b, first, from, a, &u, &runs));
  TRY(take_rows(b, runs, a, &u));
  TRY(stage_path(s, "ingest", "users", index, count, &path));
  TRY(work_file_save_users(path, &u));
  b->totals->users += u.count;
  b->totals->work[index] = (int64_t)((double)u.event_offset[u.count] * settings_real(s->settings, "layout.event_cost") +
                                     (double)u.count * settings_real(s->settings, "layout.user_cost") + 0.5);
  return STATUS_OK;
}

/* Memory for a partition of usual size, used again and again: pages of new memory cost more than what is done with
 * them. */
static status take_room(const ingest_owned *owned, int partitions, arena *a) {
  enum { EVENT_BYTES = 64, USER_BYTES = 96, LEAST = 1 << 20 };
  char *room = NULL;
  const int64_t events = owned->events.count / partitions, people = owned->users.count / partitions;
  const int64_t bytes = LEAST + (events * EVENT_BYTES + people * USER_BYTES) * 5 / 4;
  TRY(ARENA(a, bytes, &room));
  pages_want_large(room, (size_t)bytes);
  arena_release(a, (arena_mark){.chunk = a->last});
  return STATUS_OK;
}

/* Users ascend by id, so each partition is a run of users, and of events. */
static status write_all(const builder *b, const partition *owners, arena *a) {
  const ingest_owned *owned = b->owned;
  const int mine = b->stage->comm->rank;
  int64_t first = 0;
  cursor from = {0};
  if (owners->first[mine + 1] > owners->first[mine])
    TRY(take_room(owned, owners->first[mine + 1] - owners->first[mine], a));
  for (int index = owners->first[mine]; index < owners->first[mine + 1]; index++) {
    const arena_mark before = arena_here(a);
    int64_t last = first;
    while (last < owned->users.count &&
           partition_of(ingest_table_at(&owned->users, owned->place[last])->key, owners->count) == index)
      last++;
    TRY(write_partition(b, index, first, last, &from, a));
    first = last;
    arena_release(a, before);
  }
  return STATUS_OK;
}

status ingest_users_write(const stage *s, const ingest_plan *p, const partition *owners, const ingest_cut *cut,
                          const catalogue *c, const ingest_owned *owned, ingest_totals *totals) {
  const builder b = {.stage = s,
                     .plan = p,
                     .cut = cut,
                     .catalogue = c,
                     .owned = owned,
                     .totals = totals,
                     .half_life = settings_real(s->settings, "events.half_life") * 86400,
                     .language = (language)settings_choice(s->settings, "language")};
  arena memory = {0};
  const status result = write_all(&b, owners, &memory);
  arena_free(&memory);
  return result;
}
