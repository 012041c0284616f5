#include "support/planted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/random.h"
#include "io/file.h"
#include "io/work_file.h"

enum { SUPPRESSED_EVERY = 40, SILENT_EVERY = 25, GREEDY = 77, PAIRS_MOST = PLANTED_ITEMS };

static const int64_t cut = PLANTED_NOW - 10 * 86400;

typedef struct named {
  user_id id;
  int number;
} named;

static int ascending(const void *a, const void *b) {
  return user_id_compare(((const named *)a)->id, ((const named *)b)->id);
}

int planted_number(const char *name) { return atoi(strchr(name, ' ') + 1); }

static void name_all(named *list, int count, uint64_t kind) {
  for (int n = 0; n < count; n++)
    list[n] = (named){{hash_mix((uint64_t)n * 2654435761u + kind), hash_mix((uint64_t)n + kind)}, n};
  qsort(list, (size_t)count, sizeof *list, ascending);
}

status planted_stage(const comm *c, const char *run, const char *name, const planted_options *o, arena *a, stage *out) {
  static const char *const assignments[] = {"partitions.users=16", "partitions.items=4", "als.width=12",
                                            "als.sweeps=8",        "als.unobserved=0.3", "decide.holdout_share=0.1",
                                            "decide.new_days=30",  "decide.away_days=3", "events.half_life=60"};
  settings *set = NULL;
  TRY(settings_create(a, &set));
  for (size_t i = 0; i < sizeof assignments / sizeof *assignments; i++) TRY(settings_override(set, assignments[i]));
  if (o->ratings) TRY(settings_override(set, "als.feedback=explicit"));
  *out = (stage){.comm = c,
                 .settings = set,
                 .run = run,
                 .job = "planted",
                 .night = "1",
                 .name = name,
                 .fingerprint = "0",
                 .seed = 5,
                 .quiet = 1,
                 .arena = a};
  return STATUS_OK;
}

enum { ALL_NAMED = -1 };

/* Texts of a format. Where `missing` is not ALL_NAMED, item PLANTED_UNTITLED has none, nor has one in `missing`. */
static status column(arena *a, int32_t count, const char *format, const named *list, int missing, strings *out) {
  const char **text = NULL;
  TRY(ARENA(a, count, &text));
  for (int32_t i = 0; i < count; i++) {
    char *one = "";
    const int n = list != NULL ? list[i].number : i;
    if (missing == ALL_NAMED || (n != PLANTED_UNTITLED && (missing == 0 || n % missing != 1)))
      TRY(arena_print(a, &one, format, n));
    text[i] = one;
  }
  return strings_create(a, text, count, out);
}

static status take_catalogue(arena *a, const named *list, catalogue *c) {
  *c = (catalogue){.count = PLANTED_ITEMS, .categories = PLANTED_TASTES};
  TRY(column(a, c->count, "item %d", list, ALL_NAMED, &c->name));
  named titled[PLANTED_ITEMS];
  memcpy(titled, list, sizeof titled);
  for (int i = 0; i < PLANTED_ITEMS; i++)
    if (titled[i].number == PLANTED_TWIN) titled[i].number = 16;
  TRY(column(a, c->count, "物品 %d", titled, 5, &c->title[LANGUAGE_ZH]));
  TRY(column(a, c->count, "Item %d", titled, 0, &c->title[LANGUAGE_EN]));
  TRY(column(a, c->categories, "类别 %d", NULL, 0, &c->category_name[LANGUAGE_ZH]));
  TRY(column(a, c->categories, "Group %d", NULL, 2, &c->category_name[LANGUAGE_EN]));
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(column(a, c->count, "k%d", list, 1, &c->keywords[l]));
  TRY(ARENA(a, c->count, &c->id));
  TRY(ARENA(a, c->count, &c->category));
  TRY(ARENA(a, c->count, &c->price));
  TRY(ARENA(a, c->count, &c->old_price));
  TRY(ARENA(a, c->count, &c->domain));
  TRY(ARENA(a, c->count, &c->available));
  TRY(ARENA(a, c->count, &c->added));
  TRY(ARENA(a, c->count, &c->users));
  for (int i = 0; i < c->count; i++) {
    const int n = list[i].number;
    c->id[i] = (item_id){list[i].id.high, list[i].id.low};
    c->category[i] = n % 10 == 9 ? CATALOGUE_NO_CATEGORY : n % PLANTED_TASTES;
    c->domain[i] = (uint8_t)(n % PLANTED_TASTES);
    c->price[i] = n % 3 == 0 ? CATALOGUE_NO_PRICE : 100 + n;
    c->old_price[i] = n % 6 == 4 ? 300 + n : CATALOGUE_NO_PRICE;
    c->available[i] = n != PLANTED_UNAVAILABLE;
    c->added[i] = n % 7 == 0 ? PLANTED_NOW - 5 * 86400 : n % 7 == 1 ? CATALOGUE_NO_TIME : PLANTED_NOW - 90 * 86400;
  }
  return STATUS_OK;
}

/* What one user did: items ascending, of each when it was first and last touched. */
static int draw_pairs(int number, const named *items, int64_t *time, item_row *row) {
  random_stream r = random_open(99, RANDOM_TEST, (uint64_t)number, 0);
  const int taste = number % PLANTED_TASTES, events = 8 + (int)random_below(&r, 10);
  int64_t touched[PLANTED_ITEMS] = {0};
  for (int e = 0; e < events && number % SILENT_EVERY != 3; e++) {
    const int stray = random_below(&r, 8) == 0;
    int n = (int)random_below(&r, PLANTED_ITEMS / PLANTED_TASTES) * PLANTED_TASTES;
    n += stray ? (int)random_below(&r, PLANTED_TASTES) : taste;
    const int64_t at = PLANTED_NOW - 1 - (int64_t)random_below(&r, 100 * 86400);
    if (n != PLANTED_UNTOUCHED && (touched[n] == 0 || at < touched[n])) touched[n] = at;
  }
  int count = 0;
  for (item_row i = 0; i < PLANTED_ITEMS; i++) {
    const int n = items[i].number;
    if (number == GREEDY) touched[n] = PLANTED_NOW - 50 * 86400;
    if (touched[n] == 0) continue;
    row[count] = i;
    time[count++] = touched[n];
  }
  return count;
}

static status take_users(arena *a, const named *people, int32_t count, const named *items, const planted_options *o,
                         users *u) {
  const int64_t most = (int64_t)count * PAIRS_MOST;
  u->count = count;
  TRY(ARENA(a, count, &u->id));
  TRY(column(a, count, "user %d", people, ALL_NAMED, &u->name));
  TRY(ARENA(a, count, &u->language));
  TRY(ARENA(a, count, &u->flags));
  TRY(ARENA(a, count + 1, &u->offset));
  TRY(ARENA(a, most, &u->item));
  TRY(ARENA(a, most, &u->weight));
  TRY(ARENA(a, most, &u->train_weight));
  TRY(ARENA(a, most, &u->fold));
  TRY(ARENA(a, most, &u->meanings));
  TRY(ARENA(a, most, &u->last));
  for (int32_t i = 0; i < count; i++) {
    const int n = people[i].number;
    u->id[i] = people[i].id;
    u->language[i] = n % 2 ? LANGUAGE_EN : LANGUAGE_ZH;
    u->flags[i] = n % SUPPRESSED_EVERY == 5 ? USER_SUPPRESSED : 0;
    const int64_t at = u->offset[i];
    const int pairs = draw_pairs(n, items, u->last + at, u->item + at);
    for (int64_t j = at; j < at + pairs; j++) {
      const int item = items[u->item[j]].number, own = item % PLANTED_TASTES == n % PLANTED_TASTES;
      u->weight[j] = o->ratings ? (float)(own ? 5 - item % 2 : 1 + item % 3) : (float)(1 + item % 3);
      u->train_weight[j] = u->weight[j];
      u->fold[j] = o->no_validation || u->last[j] < cut ? FOLD_TRAIN : FOLD_VALIDATION;
      u->meanings[j] = (uint8_t)(1 + (item + n) % 7);
    }
    u->offset[i + 1] = at + pairs;
  }
  /* One event a pair is enough here; nothing but their order matters to these stages. */
  u->event_offset = u->offset;
  u->event_item = u->item;
  u->event_time = u->last;
  u->event_value = u->weight;
  TRY(ARENA(a, most, &u->event_meaning));
  return STATUS_OK;
}

static status take_profiles(arena *a, const users *u, const named *people, profiles *p) {
  p->count = u->count;
  TRY(ARENA(a, (int64_t)u->count * PROFILE_KEYWORDS, &p->keyword));
  TRY(ARENA(a, (int64_t)u->count * PROFILE_KEYWORDS, &p->keyword_weight));
  TRY(ARENA(a, u->count, &p->segment));
  TRY(ARENA(a, u->count, &p->recency));
  TRY(ARENA(a, u->count, &p->frequency));
  TRY(ARENA(a, u->count, &p->value));
  TRY(ARENA(a, u->count, &p->hour));
  for (int32_t i = 0; i < u->count; i++) {
    int64_t last = 0;
    for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) last = u->last[j] > last ? u->last[j] : last;
    p->frequency[i] = (int32_t)(u->offset[i + 1] - u->offset[i]);
    p->recency[i] = last > 0 ? (float)(PLANTED_NOW - last) / 86400 : -1;
    p->hour[i] = PROFILE_NO_HOUR;
    for (int k = 0; k < PROFILE_KEYWORDS; k++)
      p->keyword[i * PROFILE_KEYWORDS + k] =
          k < people[i].number % 4 ? (people[i].number + k) % (2 * PLANTED_TASTES) : -1;
  }
  return STATUS_OK;
}

/* Two words a taste, Chinese and English; each item has those of its taste. */
static status take_words(arena *a, const named *items, words *w) {
  w->count = 2 * PLANTED_TASTES;
  TRY(column(a, w->count, "word %d", NULL, ALL_NAMED, &w->word));
  TRY(ARENA(a, w->count, &w->language));
  TRY(ARENA(a, w->count, &w->idf));
  TRY(ARENA(a, PLANTED_ITEMS + 1, &w->item_offset));
  TRY(ARENA(a, 2 * PLANTED_ITEMS, &w->item_word));
  for (int k = 0; k < w->count; k++) w->language[k] = (uint8_t)(k % 2);
  for (int i = 0; i < PLANTED_ITEMS; i++) {
    const int taste = items[i].number % PLANTED_TASTES;
    w->item_offset[i + 1] = 2 * (int64_t)(i + 1);
    w->item_word[2 * i] = 2 * taste;
    w->item_word[2 * i + 1] = 2 * taste + 1;
  }
  return STATUS_OK;
}

static status write_done(const stage *s, int64_t *work, int64_t events) {
  stage_done d = {
      .stage = "ingest", .fingerprint = "0", .ranks = 1, .work = work, .work_count = PLANTED_PARTS, .summary = ""};
  accounts_add(&d.numbers, "users", PLANTED_USERS);
  accounts_add(&d.numbers, "items", PLANTED_ITEMS);
  accounts_add(&d.numbers, "interactions", events);
  accounts_add(&d.numbers, "now", PLANTED_NOW);
  accounts_add(&d.numbers, "cut", cut);
  TRY(stage_done_write(s->run, &d));
  stage_done profile = {.stage = "profile", .fingerprint = "0", .ranks = 1, .summary = ""};
  return stage_done_write(s->run, &profile);
}

static status make_folders(const stage *s) {
  static const char *const stages[] = {"ingest", "profile", "factorise", "decide"};
  for (int i = 0; i < 4; i++) {
    char *folder = NULL;
    TRY(arena_print(s->arena, &folder, "%s/work/%s", s->run, stages[i]));
    TRY(file_make_folder(folder));
  }
  return STATUS_OK;
}

static status write_part(const stage *s, const planted_options *o, int part, const named *people, int32_t count,
                         const named *items, catalogue *c, int64_t *events) {
  users u = {0};
  profiles p = {0};
  char *path = NULL;
  TRY(take_users(s->arena, people, count, items, o, &u));
  TRY(take_profiles(s->arena, &u, people, &p));
  for (int64_t j = 0; j < u.offset[count]; j++) c->users[u.item[j]]++;
  *events = u.offset[count];
  TRY(stage_path(s, "ingest", "users", part, PLANTED_PARTS, &path));
  TRY(work_file_save_users(path, &u));
  TRY(stage_path(s, "profile", "profiles", part, PLANTED_PARTS, &path));
  return work_file_save_profiles(path, &p);
}

status planted_write(const stage *s, const planted_options *o) {
  static named people[PLANTED_USERS], items[PLANTED_ITEMS];
  name_all(people, PLANTED_USERS, 1);
  name_all(items, PLANTED_ITEMS, 2);
  catalogue c;
  words w = {0};
  int64_t work[PLANTED_PARTS], events = 0;
  char *path = NULL;
  TRY(make_folders(s));
  TRY(take_catalogue(s->arena, items, &c));
  int at = 0;
  for (int part = 0; part < PLANTED_PARTS; part++) {
    int32_t count = 0;
    while (at + count < PLANTED_USERS && partition_of(people[at + count].id, PLANTED_PARTS) == part) count++;
    TRY(write_part(s, o, part, people + at, count, items, &c, &work[part]));
    events += work[part];
    at += count;
  }
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_save_catalogue(path, &c));
  TRY(take_words(s->arena, items, &w));
  TRY(stage_path(s, "profile", "words", 0, 0, &path));
  TRY(work_file_save_words(path, &w, PLANTED_ITEMS));
  return write_done(s, work, events);
}
