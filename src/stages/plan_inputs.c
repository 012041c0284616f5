#include "stages/plan_inputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "io/file.h"
#include "stages/ingest_catalogue.h"
#include "stages/plan_events.h"
#include "stages/plan_sketch.h"
#include "stages/plan_table.h"
#include "text/words.h"

enum {
  CATALOGUE_MOST = 64 << 20, /* bytes of a catalogue that is read whole */
  EVENTS_MOST = 48 << 20,    /* bytes of events that are read */
  PACKED_MOST = 8 << 20,     /* … of a .zst */
  COUNTED_MOST = 64 << 20,   /* bytes of other files that are read whole */
  TITLES_MOST = 2000         /* whose words are counted */
};

typedef struct work {
  const stage *stage;
  plan_numbers *n;
  plan_rates *r;
  plan_inputs *found;
} work;

/* Rows of inputs.`key`, if the settings name it. */
static status measure(const work *w, const char *key, table_format format, int has_header, plan_table *out) {
  char path[64];
  *out = (plan_table){0};
  snprintf(path, sizeof path, "inputs.%s.path", key);
  const char *file = settings_text(w->stage->settings, path);
  if (file[0] == '\0') return STATUS_OK;
  table_options options = {.format = format, .has_header = has_header};
  return plan_table_measure(file, &options, COUNTED_MOST, out);
}

static status read_people(const work *w) {
  const settings *t = w->stage->settings;
  plan_table table;
  const table_format format = (table_format)settings_choice(t, "inputs.users.format");
  const char *path = settings_text(t, "inputs.users.path");
  if (path[0] != '\0') {
    const char *name[TABLE_COLUMNS_MOST] = {NULL};
    table_options options = {.format = format, .encoding = (table_encoding)settings_choice(t, "inputs.users.encoding")};
    options.name_count = settings_count(t, "inputs.users.names");
    for (int i = 0; i < options.name_count && i < TABLE_COLUMNS_MOST; i++)
      name[i] = settings_list_at(t, "inputs.users.names", i);
    options.has_header = options.name_count == 0 && format != TABLE_LIST;
    if (!options.has_header) options.names = name;
    TRY(plan_table_measure(path, &options, COUNTED_MOST, &table));
    w->n->user_rows = table.rows;
    w->found->users_estimated |= table.is_estimated;
  }
  TRY(measure(w, "suppression", TABLE_LINES, 0, &table));
  w->n->suppressed = table.rows;
  return STATUS_OK;
}

static double catalogue_texts(const catalogue *c) {
  double bytes = (double)c->name.offset[c->count];
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    bytes += (double)c->title[l].offset[c->count] + (double)c->keywords[l].offset[c->count];
  return bytes;
}

/* A catalogue that is too large to be read is measured by its file. */
static status estimate_catalogue(const work *w, const char *path) {
  const settings *t = w->stage->settings;
  const table_options options = {.format = (table_format)settings_choice(t, "inputs.catalogue.format"),
                                 .has_header = settings_count(t, "inputs.catalogue.names") == 0};
  plan_table table;
  TRY(plan_table_measure(path, &options, CATALOGUE_MOST, &table));
  w->found->items_estimated = 1;
  w->n->items = table.rows;
  w->n->item_text = table.text / fmax(1, table.rows);
  w->n->catalogue_bytes = table.text;
  return STATUS_OK;
}

/* *has is 1 where the catalogue has been read. */
static status read_catalogue(const work *w, catalogue *c, int *has) {
  const char *path = settings_text(w->stage->settings, "inputs.catalogue.path");
  int64_t bytes = 0, modified = 0;
  *has = 0;
  if (path[0] == '\0') return STATUS_OK;
  TRY(file_stat(path, &bytes, &modified));
  if (bytes > CATALOGUE_MOST) return estimate_catalogue(w, path);
  ingest_rejects rejects = {0};
  const double began = clock_cpu();
  const status result = ingest_catalogue_read(w->stage, &rejects, c);
  ingest_rejects_free(&rejects);
  if (result != STATUS_OK) return result;
  w->r->catalogue = (clock_cpu() - began) / (double)bytes;
  *has = 1;
  w->n->items = c->count;
  w->n->item_text = catalogue_texts(c) / fmax(1, c->count);
  w->n->catalogue_bytes = (double)bytes;
  return STATUS_OK;
}

/* Counts the words of some items in a sketch. */
typedef struct word_count {
  plan_sketch all;
  double half, mentions;
  int titles;
  word_breaker *breaker;
} word_count;

static status count_words(word_count *c, const char *text, language l, arena *a) {
  word_list list = {0};
  TRY(word_breaker_keywords(c->breaker, text, l, a, &list));
  for (int i = 0; i < list.count; i++)
    plan_sketch_add(&c->all, hash_bytes(list.word[i], strlen(list.word[i]), (uint64_t)l));
  c->mentions += list.count;
  return STATUS_OK;
}

/* Words of items: keywords where the catalogue has them, else those of the title, in each language. */
static status count_titles(const work *w, const catalogue *c, const ingest_table *titles, word_count *count) {
  const int64_t known = c != NULL ? c->count : titles->count, total = known < TITLES_MOST ? known : TITLES_MOST;
  const language spoken = (language)settings_choice(w->stage->settings, "language");
  for (int64_t i = 0; i < total; i++) {
    const arena_mark before = arena_here(w->stage->arena);
    const int64_t at = i * known / total;
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
      const char *text = c == NULL ? ((int)spoken == l ? ingest_table_name(titles, at) : "")
                         : strings_length(&c->keywords[l], at) > 0 ? strings_at(&c->keywords[l], at)
                                                                   : strings_at(&c->title[l], at);
      TRY(count_words(count, text, (language)l, w->stage->arena));
    }
    arena_release(w->stage->arena, before);
    if (i == total / 2 - 1) count->half = plan_sketch_count(&count->all);
    count->titles++;
  }
  return STATUS_OK;
}

static status read_words(const work *w, const catalogue *c, const ingest_table *titles) {
  word_count *count = NULL;
  TRY(ARENA(w->stage->arena, 1, &count));
  TRY(word_breaker_open(&count->breaker));
  const double began = clock_cpu();
  const status result = count_titles(w, c, titles, count);
  const double seconds = clock_cpu() - began;
  word_breaker_close(count->breaker);
  if (result != STATUS_OK || count->titles == 0) return result;
  w->r->title = seconds / count->titles;
  w->n->item_words = count->mentions / count->titles;
  w->n->words = plan_sketch_extrapolate(count->half, plan_sketch_count(&count->all), count->titles, w->n->items);
  return STATUS_OK;
}

static int has_suffix(const char *path, const char *suffix) {
  const size_t length = strlen(path), end = strlen(suffix);
  return length > end && strcmp(path + length - end, suffix) == 0;
}

/* How much text a .zst holds, and what unpacking it costs. */
static status unpack(const work *w, const char *path, int ranges, double *text) {
  const table_options lines = {.format = TABLE_LINES};
  plan_table table;
  const double began = clock_cpu();
  TRY(plan_table_measure(path, &lines, PACKED_MOST, &table));
  *text = table.text;
  w->r->skim = (clock_cpu() - began) * ranges / fmax(1, table.text);
  return STATUS_OK;
}

/* Rows and bytes of the whole file, where `read` rows stood in the first of its ranges. */
static status measure_events(const work *w, const char *path, int64_t bytes, int ranges, double read, double *rows,
                             double *text) {
  const table_options any = {.format = TABLE_LINES};
  plan_table table;
  *rows = read * ranges;
  *text = (double)bytes;
  if (w->n->is_packed) return unpack(w, path, ranges, text);
  if (ranges == 1) return STATUS_OK;
  TRY(plan_table_measure(path, &any, EVENTS_MOST, &table));
  /* A line of a list is as many rows as it names items. */
  const int is_list = settings_choice(w->stage->settings, "inputs.interactions.format") == TABLE_LIST;
  if (!is_list) *rows = table.rows;
  return STATUS_OK;
}

/* Rows of the whole file and what is in them. */
static status read_events(const work *w, const catalogue *c) {
  plan_numbers *n = w->n;
  const char *path = settings_text(w->stage->settings, "inputs.interactions.path");
  int64_t bytes = 0, modified = 0;
  double rows = 0, text = 0;
  TRY(file_stat(path, &bytes, &modified));
  n->is_packed = has_suffix(path, ".zst");
  const int ranges = plan_table_ranges((double)bytes, n->is_packed ? PACKED_MOST : EVENTS_MOST);
  plan_events e = {0};
  status result = plan_events_read(w->stage, c, ranges, &e);
  if (result == STATUS_OK) result = measure_events(w, path, bytes, ranges, e.rows, &rows, &text);
  if (result == STATUS_OK) plan_events_extrapolate(&e, rows, n);
  if (result == STATUS_OK && c == NULL) result = read_words(w, NULL, &e.read.titles);
  n->row_bytes = text / fmax(1, rows);
  w->r->row = e.seconds / fmax(1, e.rows);
  w->found->rows_estimated = ranges > 1;
  w->found->users_estimated |= ranges > 1;
  if (c == NULL) w->found->items_estimated |= ranges > 1;
  plan_events_free(&e);
  return result;
}

status plan_inputs_read(const stage *s, plan_numbers *n, plan_rates *r, plan_inputs *out) {
  *out = (plan_inputs){0};
  const work w = {s, n, r, out};
  catalogue c = {0};
  int has = 0;
  static const char *const keys[] = {"interactions", "catalogue", "users", "suppression"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    char key[64];
    int64_t bytes = 0, modified = 0;
    snprintf(key, sizeof key, "inputs.%s.path", keys[i]);
    if (settings_text(s->settings, key)[0] != '\0') TRY(file_stat(settings_text(s->settings, key), &bytes, &modified));
  }
  TRY(read_catalogue(&w, &c, &has));
  TRY(read_people(&w));
  TRY(read_events(&w, has ? &c : NULL));
  if (has) TRY(read_words(&w, &c, NULL));
  if (settings_int(s->settings, "inputs.catalogue.categories_by_words") > 0)
    n->category_words = (int)settings_int(s->settings, "inputs.catalogue.categories_by_words");
  if (n->user_rows > n->users) n->users = n->user_rows;
  return STATUS_OK;
}
