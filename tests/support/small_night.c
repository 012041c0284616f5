#include "support/small_night.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "data/condition.h"
#include "data/factors.h"
#include "data/partition.h"
#include "data/profile.h"
#include "io/file.h"
#include "io/manifest.h"
#include "io/tensor_file.h"
#include "io/work_file.h"
#include "math/generator.h"
#include "support/starter_copy.h"
#include "text/slots.h"
#include "text/tokeniser.h"

enum {
  CATEGORIES = 3,
  SEGMENTS = 4,
  EVENTS = 4,
  WORDS = 4,
  COPY_EVERY = 4,
  EMBEDDING = 16,
  VOCABULARY = 900,
  SAID = 6
};

static const char *const category_zh[CATEGORIES] = {"厨房", "旅途", "书房"};
static const char *const category_en[CATEGORIES] = {"Kitchen", "Journeys", "Study"};
static const char *const word[WORDS] = {"陶器", "茶", "pottery", "tea"};

static random_stream stream(int what, int which) {
  return random_open(17, RANDOM_TEST, (uint64_t)which, (uint32_t)what);
}

static status column(arena *a, int count, const char *format, strings *out) {
  const char **texts = NULL;
  TRY(ARENA(a, count, &texts));
  for (int i = 0; i < count; i++) {
    char text[128], *own = NULL;
    snprintf(text, sizeof text, format, i + 1);
    TRY(arena_text(a, text, strlen(text), &own));
    texts[i] = own;
  }
  return strings_create(a, texts, count, out);
}

static status make_items(arena *a, catalogue *c) {
  const int n = SMALL_NIGHT_ITEMS;
  *c = (catalogue){.count = n, .categories = CATEGORIES};
  TRY(ARENA(a, n, &c->id));
  TRY(ARENA(a, n, &c->category));
  TRY(ARENA(a, n, &c->price));
  TRY(ARENA(a, n, &c->old_price));
  TRY(ARENA(a, n, &c->domain));
  TRY(ARENA(a, n, &c->available));
  TRY(ARENA(a, n, &c->added));
  TRY(ARENA(a, n, &c->users));
  for (int i = 0; i < n; i++) {
    c->id[i] = (item_id){(uint64_t)i + 1, 5};
    c->category[i] = i % CATEGORIES;
    c->price[i] = i % 5 == 4 ? CATALOGUE_NO_PRICE : 250 + 100 * i;
    c->old_price[i] = i % 5 == 0 ? 1000 + 200 * i : CATALOGUE_NO_PRICE;
    c->domain[i] = (uint8_t)(i % DOMAIN_COUNT);
    c->available[i] = i % 7 != 6;
    c->users[i] = 1;
  }
  TRY(column(a, n, "sku-%d", &c->name));
  TRY(column(a, n, "第%d号小杯", &c->title[LANGUAGE_ZH]));
  TRY(column(a, n, "Little Cup No. %d", &c->title[LANGUAGE_EN]));
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(column(a, n, "", &c->keywords[l]));
  TRY(strings_create(a, category_zh, CATEGORIES, &c->category_name[LANGUAGE_ZH]));
  return strings_create(a, category_en, CATEGORIES, &c->category_name[LANGUAGE_EN]);
}

static int by_id(const void *left, const void *right) {
  return user_id_compare(*(const user_id *)left, *(const user_id *)right);
}

/* Four events each, on four items in a row, one of them bought. */
static status make_events(arena *a, users *u) {
  const int64_t n = (int64_t)u->count * EVENTS;
  TRY(ARENA(a, u->count + 1, &u->event_offset));
  TRY(ARENA(a, n, &u->event_item));
  TRY(ARENA(a, n, &u->event_meaning));
  TRY(ARENA(a, n, &u->event_time));
  TRY(ARENA(a, n, &u->event_value));
  TRY(ARENA(a, n, &u->weight));
  TRY(ARENA(a, n, &u->train_weight));
  TRY(ARENA(a, n, &u->fold));
  TRY(ARENA(a, n, &u->meanings));
  TRY(ARENA(a, n, &u->last));
  for (int i = 0; i < u->count; i++) {
    random_stream r = stream(1, (int)(u->id[i].high >> 40));
    const item_row first = (item_row)random_below(&r, SMALL_NIGHT_ITEMS - EVENTS);
    for (int e = 0; e < EVENTS; e++) {
      const int64_t at = (int64_t)i * EVENTS + e;
      u->event_item[at] = first + e;
      u->event_meaning[at] = (uint8_t)(e % EVENT_MEANINGS);
      u->event_time[at] = u->last[at] = 1000 + e;
      u->weight[at] = u->train_weight[at] = 1;
      u->fold[at] = FOLD_TRAIN;
      u->meanings[at] = (uint8_t)(1 << (e % EVENT_MEANINGS));
    }
    u->event_offset[i + 1] = (int64_t)(i + 1) * EVENTS;
  }
  u->offset = u->event_offset;
  u->item = u->event_item;
  return STATUS_OK;
}

static status make_users(arena *a, int known, int index, users *u) {
  *u = (users){0};
  TRY(ARENA(a, known, &u->id));
  for (int i = 0; i < known; i++) {
    random_stream r = stream(0, i);
    const uint64_t high = (uint64_t)random_u32(&r) << 32 | random_u32(&r);
    const user_id id = {high, (uint64_t)random_u32(&r) << 32 | random_u32(&r)};
    if (partition_of(id, SMALL_NIGHT_PARTITIONS) == index) u->id[u->count++] = id;
  }
  qsort(u->id, (size_t)u->count, sizeof *u->id, by_id);
  TRY(column(a, u->count, "user-%d", &u->name));
  TRY(ARENA(a, u->count, &u->language));
  TRY(ARENA(a, u->count, &u->flags));
  for (int i = 0; i < u->count; i++) u->language[i] = (uint8_t)(i % LANGUAGE_COUNT);
  return make_events(a, u);
}

static void decide_one(const catalogue *c, const users *u, int i, decisions *d) {
  random_stream r = stream(2, (int)(u->id[i].low >> 40));
  d->outcome[i] = (uint8_t)(i % 10 == 7 ? OUTCOME_SUPPRESSED : i % 10 == 3 ? OUTCOME_HELD_OUT : OUTCOME_MESSAGE);
  d->item[i] = d->because[i] = d->keyword[i] = -1;
  for (int k = 0; k < DECISION_CANDIDATES; k++) d->candidate[i * DECISION_CANDIDATES + k] = -1;
  if (d->outcome[i] != OUTCOME_MESSAGE) return;
  const item_row first = u->event_item[u->event_offset[i]];
  item_row item = (item_row)random_below(&r, SMALL_NIGHT_ITEMS);
  while (!c->available[item] || (item >= first && item < first + EVENTS)) item = (item + 1) % SMALL_NIGHT_ITEMS;
  const int why = (int)random_below(&r, EVENT_MEANINGS);
  static const slot named[EVENT_MEANINGS] = {
      [EVENT_VIEWED] = SLOT_VIEWED, [EVENT_LIKED] = SLOT_LIKED, [EVENT_BOUGHT] = SLOT_BOUGHT};
  d->item[i] = item;
  d->candidate[i * DECISION_CANDIDATES] = item;
  d->score[i] = random_unit(&r);
  d->probability[i] = 0.25f;
  d->tone[i] = (uint8_t)(c->old_price[item] > 0 && c->price[item] > 0 ? TONE_DROP : i % 2 ? TONE_PICK : TONE_STORY);
  d->because[i] = first + why;
  d->because_why[i] = (uint8_t)why;
  d->keyword[i] = u->language[i] == LANGUAGE_ZH ? i % 2 : 2 + i % 2;
  d->slots[i] = SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_CATEGORY) | SLOT_BIT(SLOT_KEYWORD) | SLOT_BIT(named[why]);
  if (c->price[item] > 0) d->slots[i] |= SLOT_BIT(SLOT_PRICE);
  if (c->old_price[item] > 0) d->slots[i] |= SLOT_BIT(SLOT_WAS);
}

static status make_decisions(arena *a, const catalogue *c, const users *u, decisions *d) {
  const int n = u->count;
  *d = (decisions){.count = n};
  TRY(ARENA(a, n, &d->outcome));
  TRY(ARENA(a, n, &d->item));
  TRY(ARENA(a, n, &d->score));
  TRY(ARENA(a, n, &d->probability));
  TRY(ARENA(a, n, &d->tone));
  TRY(ARENA(a, n, &d->slots));
  TRY(ARENA(a, n, &d->because));
  TRY(ARENA(a, n, &d->because_why));
  TRY(ARENA(a, n, &d->keyword));
  TRY(ARENA(a, n * DECISION_CANDIDATES, &d->candidate));
  TRY(ARENA(a, n * DECISION_CANDIDATES, &d->candidate_score));
  for (int i = 0; i < n; i++) decide_one(c, u, i, d);
  return STATUS_OK;
}

static status path_of(arena *a, const char *run, const char *stage, const char *name, int index, char **out) {
  return work_file_path(a, run, stage, name, index, index < 0 ? 0 : SMALL_NIGHT_PARTITIONS, out);
}

static status write_factors(const char *path, int count, arena *a, factors *out) {
  *out = (factors){.count = count, .width = SMALL_NIGHT_WIDTH};
  TRY(ARENA(a, count * SMALL_NIGHT_WIDTH, &out->value));
  TRY(ARENA(a, count, &out->bias));
  for (int i = 0; i < count * SMALL_NIGHT_WIDTH; i++) {
    random_stream r = stream(3, i);
    out->value[i] = random_normal(&r);
  }
  return path == NULL ? STATUS_OK : work_file_save_factors(path, out);
}

static status write_partition(const small_night *n, const char *run, int index, arena *a) {
  const users *u = &n->users[index];
  char *path = NULL;
  factors f;
  profiles p = {.count = u->count};
  TRY(path_of(a, run, "ingest", "users", index, &path));
  TRY(work_file_save_users(path, u));
  TRY(path_of(a, run, "factorise", "users", index, &path));
  TRY(write_factors(path, u->count, a, &f));
  TRY(path_of(a, run, "decide", "decisions", index, &path));
  TRY(work_file_save_decisions(path, &n->decisions[index]));
  TRY(ARENA(a, u->count * PROFILE_KEYWORDS, &p.keyword));
  TRY(ARENA(a, u->count * PROFILE_KEYWORDS, &p.keyword_weight));
  TRY(ARENA(a, u->count, &p.segment));
  TRY(ARENA(a, u->count, &p.recency));
  TRY(ARENA(a, u->count, &p.frequency));
  TRY(ARENA(a, u->count, &p.value));
  TRY(ARENA(a, u->count, &p.hour));
  for (int i = 0; i < u->count * PROFILE_KEYWORDS; i++) p.keyword[i] = -1;
  for (int i = 0; i < u->count; i++) p.segment[i] = i % SEGMENTS;
  TRY(path_of(a, run, "profile", "profiles", index, &path));
  return work_file_save_profiles(path, &p);
}

static status write_words(const char *run, arena *a) {
  static uint8_t languages[WORDS] = {LANGUAGE_ZH, LANGUAGE_ZH, LANGUAGE_EN, LANGUAGE_EN};
  static float idf[WORDS] = {1, 1, 1, 1};
  words w = {.count = WORDS, .language = languages, .idf = idf};
  char *path = NULL;
  TRY(strings_create(a, word, WORDS, &w.word));
  TRY(ARENA(a, SMALL_NIGHT_ITEMS + 1, &w.item_offset));
  TRY(ARENA(a, 1, &w.item_word));
  TRY(path_of(a, run, "profile", "words", -1, &path));
  return work_file_save_words(path, &w, SMALL_NIGHT_ITEMS);
}

static status write_items(const small_night *n, const char *run, arena *a) {
  item_model m = {0};
  char *path = NULL;
  TRY(path_of(a, run, "ingest", "items", -1, &path));
  TRY(work_file_save_catalogue(path, &n->items));
  TRY(write_factors(NULL, SMALL_NIGHT_ITEMS, a, &m.items));
  TRY(ARENA(a, SMALL_NIGHT_ITEMS, &m.popularity));
  TRY(path_of(a, run, "factorise", "items", -1, &path));
  return work_file_save_item_model(path, &m);
}

/* Trained once: every night of a test program has the same copy. It stays until the program ends. */
static status train_once(const char **texts, int64_t count, const char **model, int64_t *bytes) {
  static arena memory;
  static char *trained;
  static int64_t trained_bytes;
  if (trained == NULL) TRY(tokeniser_train(texts, count, VOCABULARY, &memory, &trained, &trained_bytes));
  *model = trained;
  *bytes = trained_bytes;
  return STATUS_OK;
}

/* What the writer says most, and so says by chance in every order. */
static const char *const said[LANGUAGE_COUNT][SAID] = {
    [LANGUAGE_ZH] = {"<title>", "<keyword>", "好", "看", "很", "美"},
    [LANGUAGE_EN] = {"<title>", "<keyword>", " good", " look", " very", " calm"},
};

static status add_line(copy *lines, language l, int d, const char *text, int length, arena *a) {
  char *own = NULL;
  TRY(arena_text(a, text, (size_t)length, &own));
  lines->lines[lines->count++] = (copy_line){
      .language = l, .domain = (domain)d, .tone = TONE_THANKS, .slots = slots_of(own, NULL), .item = -1, .text = own};
  return STATUS_OK;
}

/* Lines in which all of that stands beside each other, by threes and at the end, so that some of what a writer without
 * a thought says is in the copy. Nobody is thanked in this night: the ladder takes none of these lines. */
static status add_phrases(copy *lines, arena *a) {
  for (int k = 0; k < LANGUAGE_COUNT * DOMAIN_COUNT * SAID * SAID; k++) {
    const int d = k / (SAID * SAID) % DOMAIN_COUNT, l = k / (SAID * SAID * DOMAIN_COUNT);
    const char *const *s = said[l], *first = s[k % SAID], *second = s[k / SAID % SAID];
    char text[SAID * 32];
    int length = 0;
    for (int third = 0; third < SAID; third++)
      length += snprintf(text + length, sizeof text - (size_t)length, "%s%s%s", first, second, s[third]);
    TRY(add_line(lines, (language)l, d, text, length, a));
    TRY(add_line(lines, (language)l, d, text, (int)(strlen(first) + strlen(second)), a));
  }
  return STATUS_OK;
}

/* Some of the starter copy, and the tokeniser that it gives. */
static status write_copy(const small_night_options *o, const char *run, arena *a, copy *lines, tokeniser **out) {
  char *path = NULL;
  const char **texts = NULL, *model = NULL;
  int64_t bytes = 0;
  const copy all = starter_copy_load(o->data, a);
  *lines = (copy){.lines = all.lines};
  for (int64_t i = 0; i < all.count; i += COPY_EVERY) {
    lines->lines[lines->count] = all.lines[i];
    lines->lines[lines->count].slots = slots_of(all.lines[i].text, NULL);
    lines->count++;
  }
  TRY(add_phrases(lines, a));
  TRY(path_of(a, run, "train", "copy", -1, &path));
  TRY(work_file_save_copy(path, lines));
  TRY(ARENA(a, lines->count, &texts));
  for (int64_t i = 0; i < lines->count; i++) texts[i] = lines->lines[i].text;
  TRY(train_once(texts, lines->count, &model, &bytes));
  tensor_file f = {0};
  tensor_file_add(&f, "model", TENSOR_U8, bytes, 1, model);
  TRY(path_of(a, run, "train", "tokeniser", -1, &path));
  TRY(tensor_file_write(path, "tokeniser", &f));
  return tokeniser_open(model, bytes, out);
}

/* Bias of the softmax: log of how often each piece occurs, in the language of nobody in particular. */
static status set_frequencies(const copy *lines, const tokeniser *t, arena *a, float *bias) {
  const int v = tokeniser_size(t);
  for (int i = 0; i < v; i++) bias[i] = 0.001f;
  for (int64_t i = 0; i < lines->count; i++) {
    int32_t *tokens = NULL;
    int count = 0;
    TRY(tokeniser_encode(t, lines->lines[i].text, a, &tokens, &count));
    for (int k = 0; k < count; k++) bias[tokens[k]] += 1;
    bias[tokeniser_end(t)] += 2;
  }
  for (int i = 0; i < v; i++) bias[i] = logf(bias[i]);
  return STATUS_OK;
}

static status write_writer(const small_night_options *o, const char *run, const copy *lines, const tokeniser *t,
                           arena *a) {
  const condition_shape c = {.segments = SEGMENTS, .factor = SMALL_NIGHT_WIDTH};
  const generator_shape s = {.vocabulary = tokeniser_size(t),
                             .embedding = EMBEDDING,
                             .hidden = EMBEDDING,
                             .layers = 1,
                             .condition = condition_width(c)};
  const int32_t numbers[5] = {s.vocabulary, s.embedding, s.hidden, s.layers, s.condition};
  float *block = NULL;
  char *path = NULL;
  TRY(ARENA(a, generator_count(&s), &block));
  generator_initialise(&s, 3, block);
  float *bias = generator_at(&s, block).output_bias;
  TRY(set_frequencies(lines, t, a, bias));
  for (int i = 0; i < s.vocabulary && o->is_mute; i++) bias[i] = i == tokeniser_end(t) ? 20.0f : -20.0f;
  tensor_file f = {0};
  tensor_file_add(&f, "shape", TENSOR_I32, 5, 1, numbers);
  tensor_file_add(&f, "parameters", TENSOR_F32, generator_count(&s), 1, block);
  TRY(path_of(a, run, "train", "generator", -1, &path));
  return tensor_file_write(path, "generator", &f);
}

static status write_done(const small_night *n, const char *run) {
  static const char *const stages[] = {"ingest", "profile", "factorise", "train", "decide"};
  int64_t work[SMALL_NIGHT_PARTITIONS], known = 0;
  for (int i = 0; i < SMALL_NIGHT_PARTITIONS; i++) {
    work[i] = n->users[i].count;
    known += work[i];
  }
  for (int i = 0; i < 5; i++) {
    stage_done d = {.stage = stages[i], .fingerprint = "f", .ranks = 1, .seconds = i, .summary = ""};
    if (i == 0) {
      d.work = work;
      d.work_count = SMALL_NIGHT_PARTITIONS;
      accounts_add(&d.numbers, "users", known);
      accounts_add(&d.numbers, "rows_read", 100);
      accounts_add(&d.numbers, "rows_accepted", 90);
      accounts_add(&d.numbers, "rejected.bad_time", 4);
      accounts_add(&d.numbers, "excluded.postage", 6);
    }
    TRY(stage_done_write(run, &d));
  }
  return STATUS_OK;
}

static status make_settings(const small_night_options *o, const char *run, arena *a, settings **out) {
  static const char *const plain[] = {
      "job=small", "partitions.users=4", "profile.segments=4", "als.width=4", "generate.duplicate_share=0.02", NULL};
  char *input = NULL;
  TRY(settings_create(a, out));
  for (int i = 0; plain[i] != NULL; i++) TRY(settings_override(*out, plain[i]));
  TRY(arena_print(a, &input, "inputs.interactions.path=%s/events.csv", run != NULL ? run : "."));
  TRY(settings_override(*out, input));
  for (int i = 0; o->override != NULL && o->override[i] != NULL; i++) TRY(settings_override(*out, o->override[i]));
  return STATUS_OK;
}

static status write_all(const small_night_options *o, const small_night *n, const char *run, arena *a) {
  static const char *const folders[] = {"ingest", "profile", "factorise", "train", "decide", "generate", "report"};
  char *path = NULL;
  copy lines;
  tokeniser *t = NULL;
  for (int i = 0; i < 7; i++) {
    TRY(arena_print(a, &path, "%s/work/%s", run, folders[i]));
    TRY(file_make_folder(path));
  }
  TRY(arena_print(a, &path, "%s/events.csv", run));
  TRY(file_write(path, "user,item\n", strlen("user,item\n")));
  TRY(write_items(n, run, a));
  TRY(write_words(run, a));
  for (int i = 0; i < SMALL_NIGHT_PARTITIONS; i++) TRY(write_partition(n, run, i, a));
  TRY(write_copy(o, run, a, &lines, &t));
  const status result = write_writer(o, run, &lines, t, a);
  tokeniser_close(t);
  TRY(result);
  return write_done(n, run);
}

status small_night_make(const small_night_options *options, const char *run, arena *a, small_night *out) {
  *out = (small_night){0};
  TRY(make_settings(options, run, a, &out->settings));
  TRY(make_items(a, &out->items));
  for (int i = 0; i < SMALL_NIGHT_PARTITIONS; i++) {
    TRY(make_users(a, options->users, i, &out->users[i]));
    TRY(make_decisions(a, &out->items, &out->users[i], &out->decisions[i]));
    for (int k = 0; k < out->users[i].count; k++) out->outcome[out->decisions[i].outcome[k]]++;
  }
  return run == NULL ? STATUS_OK : write_all(options, out, run, a);
}
