#include <string.h>

#include "base/hash.h"
#include "data/catalogue.h"
#include "io/table_reader.h"
#include "io/work_file.h"
#include "stages/train_data.h"
#include "text/rules.h"
#include "text/slots.h"

/* A line of copy is a template: how long it becomes is judged when it is filled. */
enum { TEMPLATE_COLUMNS = 1000 };

typedef struct reading {
  stage *stage;
  catalogue catalogue;
  rules *rules;
  copy_line *lines;
  int64_t count, capacity;
  uint64_t *seen; /* [seen_size], hashes of the lines kept so far; 0: free */
  int64_t seen_size;
} reading;

typedef struct columns {
  int text, tone, language, domain, item;
} columns;

static status reject(reading *r, const char *reason) {
  char *name = NULL;
  TRY(arena_print(r->stage->arena, &name, "copy_rejected.%s", reason));
  accounts_add(&r->stage->done.numbers, name, 1);
  return STATUS_OK;
}

static status grow(reading *r) {
  copy_line *lines = NULL;
  const int64_t capacity = r->capacity == 0 ? 1024 : 2 * r->capacity;
  TRY(ARENA(r->stage->arena, capacity, &lines));
  if (r->count > 0) memcpy(lines, r->lines, (size_t)r->count * sizeof *lines);
  r->lines = lines;
  r->capacity = capacity;
  r->seen_size = 4 * capacity;
  TRY(ARENA(r->stage->arena, r->seen_size, &r->seen));
  for (int64_t i = 0; i < r->count; i++) {
    const copy_line *l = &lines[i];
    const uint64_t h = hash_bytes(l->text, strlen(l->text), (uint64_t)l->tone * LANGUAGE_COUNT + l->language) | 1;
    int64_t at = (int64_t)(h % (uint64_t)r->seen_size);
    while (r->seen[at] != 0) at = (at + 1) % r->seen_size;
    r->seen[at] = h;
  }
  return STATUS_OK;
}

/* 1 if the line is there already; else it is remembered. */
static int repeated(reading *r, const copy_line *l) {
  const uint64_t h = hash_bytes(l->text, strlen(l->text), (uint64_t)l->tone * LANGUAGE_COUNT + l->language) | 1;
  int64_t at = (int64_t)(h % (uint64_t)r->seen_size);
  for (; r->seen[at] != 0; at = (at + 1) % r->seen_size)
    if (r->seen[at] == h) return 1;
  r->seen[at] = h;
  return 0;
}

/* The facts of an item as they may stand in a line about it. */
static status facts(const reading *r, const copy_line *l, const char *value[SLOT_COUNT]) {
  const catalogue *c = &r->catalogue;
  const char *money = settings_text(r->stage->settings, "money");
  char *price = NULL;
  value[SLOT_TITLE] = catalogue_title(c, l->item, l->language);
  if (c->price[l->item] != CATALOGUE_NO_PRICE) {
    TRY(slots_price(c->price[l->item], money, r->stage->arena, &price));
    value[SLOT_PRICE] = price;
  }
  if (c->old_price[l->item] != CATALOGUE_NO_PRICE) {
    TRY(slots_price(c->old_price[l->item], money, r->stage->arena, &price));
    value[SLOT_WAS] = price;
  }
  if (c->category[l->item] != CATALOGUE_NO_CATEGORY)
    value[SLOT_CATEGORY] = strings_at(&c->category_name[l->language], c->category[l->item]);
  return STATUS_OK;
}

/* Reads one row; *reason is NULL if the line is good. */
static status parse(reading *r, const columns *at, const table_row *row, copy_line *l, const char **reason) {
  *reason = NULL;
  const int spoken = language_find(row->field[at->language]), told = tone_find(row->field[at->tone]);
  if (spoken < 0) *reason = "unknown_language";
  if (told < 0) *reason = "unknown_tone";
  if (row->length[at->text] == 0) *reason = "no_text";
  if (*reason != NULL) return STATUS_OK;
  *l = (copy_line){.language = (enum language)spoken, .tone = (enum tone)told, .item = -1};
  char *text = NULL;
  if (at->domain >= 0 && row->length[at->domain] > 0) {
    const int place = domain_find(row->field[at->domain]);
    if (place < 0) *reason = "unknown_domain";
    if (place < 0) return STATUS_OK;
    l->domain = (enum domain)place;
    TRY(arena_text(r->stage->arena, row->field[at->text], (size_t)row->length[at->text], &text));
  } else {
    const item_id id = digest_item(&r->stage->key, at->item < 0 ? "" : row->field[at->item],
                                   at->item < 0 ? 0 : (size_t)row->length[at->item]);
    l->item = catalogue_find(&r->catalogue, id);
    if (l->item < 0) *reason = "unknown_item";
    if (l->item < 0) return STATUS_OK;
    l->domain = (enum domain)r->catalogue.domain[l->item];
    const char *value[SLOT_COUNT] = {NULL};
    TRY(facts(r, l, value));
    TRY(slots_delexicalise(row->field[at->text], value, r->stage->arena, &text));
  }
  l->text = text;
  l->slots = slots_of(text, NULL);
  rule broken = RULE_KEPT;
  TRY(rules_check_template(r->rules, text, l->language, l->tone, l->slots | SLOT_BIT(SLOT_TITLE), &broken));
  if (broken != RULE_KEPT) *reason = rule_name(broken);
  return STATUS_OK;
}

static status find_columns(const char *path, const table_reader *t, arena *a, columns *at) {
  at->text = table_reader_column(t, "text");
  at->tone = table_reader_column(t, "tone");
  at->language = table_reader_column(t, "language");
  at->domain = table_reader_column(t, "domain");
  at->item = table_reader_column(t, "item");
  const char *missing = at->text < 0                     ? "text"
                        : at->tone < 0                   ? "tone"
                        : at->language < 0               ? "language"
                        : at->domain < 0 && at->item < 0 ? "domain (or item)"
                                                         : NULL;
  if (missing == NULL) return STATUS_OK;
  return status_fail(STATUS_DATA, "%s: copy needs a column %s; it has %s", path, missing, table_reader_columns(t, a));
}

static status read_rows(reading *r, const char *path, table_reader *t) {
  columns at;
  TRY(find_columns(path, t, r->stage->arena, &at));
  static table_row row; /* large: 256 columns */
  for (;;) {
    int more = 0;
    TRY(table_reader_next(t, &row, &more));
    if (!more) return STATUS_OK;
    const char *reason = row.fault == TABLE_OK ? NULL : table_fault_name(row.fault);
    if (r->count == r->capacity) TRY(grow(r));
    copy_line *l = &r->lines[r->count];
    if (reason == NULL) TRY(parse(r, &at, &row, l, &reason));
    if (reason == NULL && repeated(r, l)) reason = "repeated";
    if (reason != NULL)
      TRY(reject(r, reason));
    else
      r->count++;
  }
}

static status read_file(reading *r, const char *path) {
  const table_options options = {TABLE_CSV, TABLE_UTF8, 1, NULL, 0};
  table_reader *t = NULL;
  TRY(table_reader_open(path, &options, 0, 1, &t));
  const status result = read_rows(r, path, t);
  table_reader_close(t);
  return result;
}

status train_data_read(stage *s, copy *out) {
  reading r = {.stage = s};
  const int files = settings_count(s->settings, "inputs.copy.paths");
  if (files == 0)
    return status_fail(STATUS_MISSING, "inputs.copy.paths names no file; jobs/copy holds a starter copy to begin with");
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &r.catalogue));
  const rules_options options = {.max_columns = TEMPLATE_COLUMNS, .max_utf16 = TEMPLATE_COLUMNS};
  TRY(rules_create(&options, s->arena, &r.rules));
  status result = STATUS_OK;
  for (int i = 0; i < files && result == STATUS_OK; i++)
    result = read_file(&r, settings_list_at(s->settings, "inputs.copy.paths", i));
  rules_free(r.rules);
  accounts_add(&s->done.numbers, "copy_lines", r.count);
  *out = (copy){r.count, r.lines};
  return result;
}
