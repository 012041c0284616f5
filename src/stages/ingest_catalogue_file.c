/* The catalogue file. Every rank reads all of it: it is the item side, which every rank holds anyway, and no rank need
 * wait for another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stages/ingest_catalogue.h"
#include "stages/ingest_number.h"
#include "stages/ingest_time.h"
#include "text/normalise.h"

enum { KEYWORDS_COLUMNS = 1024, FLAGS_MOST = TABLE_COLUMNS_MOST };

typedef struct reading {
  const stage *stage;
  ingest_source source;
  ingest_rejects *rejects;
  ingest_buffer items; /* of ingest_item */
  language language;   /* of unnamed titles */
  uint8_t domain;
  const char *added_format;
  int item, price, old_price, domain_column, available, added;
  int title[LANGUAGE_COUNT], category[LANGUAGE_COUNT], keywords[LANGUAGE_COUNT];
  int flag_count, flag[FLAGS_MOST];
  const char *flag_name[FLAGS_MOST];
  table_row row;
  char room[INGEST_FIELD];
} reading;

static status reject(reading *r, int reason) {
  if (r->stage->comm->rank == 0) return ingest_rejects_add(r->rejects, r->row.line, reason);
  return STATUS_OK;
}

/* title_zh and title_en, and title for the job's language where that has no column of its own. */
static status find_by_language(reading *r, const char *name, int has_plain, int column[LANGUAGE_COUNT]) {
  char key[64];
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    snprintf(key, sizeof key, "%s_%s", name, language_name((language)l));
    TRY(ingest_source_column(&r->source, key, &column[l]));
  }
  if (has_plain && column[r->language] < 0) TRY(ingest_source_column(&r->source, name, &column[r->language]));
  return STATUS_OK;
}

static status find_columns(reading *r) {
  const settings *t = r->stage->settings;
  const ingest_source *input = &r->source;
  TRY(ingest_source_column(input, "item", &r->item));
  TRY(ingest_source_column(input, "price", &r->price));
  TRY(ingest_source_column(input, "old_price", &r->old_price));
  TRY(ingest_source_column(input, "domain", &r->domain_column));
  TRY(ingest_source_column(input, "available", &r->available));
  TRY(ingest_source_column(input, "added", &r->added));
  TRY(find_by_language(r, "title", 1, r->title));
  TRY(find_by_language(r, "category", 1, r->category));
  TRY(find_by_language(r, "keywords", 0, r->keywords));
  r->flag_count = settings_count(t, "inputs.catalogue.flags");
  if (r->flag_count > FLAGS_MOST)
    return status_fail(STATUS_SETTINGS, "inputs.catalogue.flags: at most %d are possible", FLAGS_MOST);
  for (int i = 0; i < r->flag_count; i++) {
    r->flag_name[i] = settings_list_at(t, "inputs.catalogue.flags", i);
    TRY(ingest_source_named(input, r->flag_name[i], "flags", &r->flag[i]));
  }
  if (r->item < 0) return status_fail(STATUS_SETTINGS, "inputs.catalogue.columns.item names no column");
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    if (r->title[l] >= 0) return STATUS_OK;
  return status_fail(STATUS_SETTINGS, "inputs.catalogue.columns: title, title_zh and title_en name no column at all");
  return STATUS_OK;
}

/* A name or list of words: tidied, but never recased or cut to the width of a title. */
static status read_text(reading *r, int column, int columns, const char **out) {
  int64_t length = 0;
  const char *field = ingest_source_field(&r->row, column, r->room, &length);
  char *text = NULL;
  if (length > 0) TRY(normalise_title(field, 0, columns, r->stage->arena, &text));
  *out = text != NULL && text[0] != '\0' ? text : NULL;
  return STATUS_OK;
}

/* The first flag names the category; all of them are keywords, where there is no column of keywords. */
static status read_flags(reading *r, ingest_item *item) {
  const char **category = &item->category[r->language], **keywords = &item->keywords[r->language];
  const int has_keywords = r->keywords[r->language] >= 0;
  int64_t length = 0;
  for (int i = 0; i < r->flag_count; i++) {
    char *joined = NULL;
    if (strcmp(ingest_source_field(&r->row, r->flag[i], r->room, &length), "1") != 0) continue;
    if (*category == NULL) *category = r->flag_name[i];
    if (has_keywords) continue;
    TRY(arena_print(r->stage->arena, &joined, "%s%s%s", *keywords != NULL ? *keywords : "",
                    *keywords != NULL ? ";" : "", r->flag_name[i]));
    *keywords = joined;
  }
  return STATUS_OK;
}

static status read_texts(reading *r, ingest_item *item) {
  int64_t length = 0;
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    const char *field = ingest_source_field(&r->row, r->title[l], r->room, &length);
    char *title = NULL;
    if (length > 0) TRY(ingest_catalogue_title(r->stage, field, &title));
    item->title[l] = title;
    TRY(read_text(r, r->category[l], KEYWORDS_COLUMNS, &item->category[l]));
    TRY(read_text(r, r->keywords[l], KEYWORDS_COLUMNS, &item->keywords[l]));
  }
  return read_flags(r, item);
}

static int read_price(reading *r, int column, int64_t *out) {
  int64_t length = 0;
  const char *field = ingest_source_field(&r->row, column, r->room, &length);
  *out = CATALOGUE_NO_PRICE;
  return length == 0 || (ingest_number_price(field, out) && *out >= 0);
}

/* Price, domain, availability, age. Returns a reason, or TABLE_OK. */
static int read_facts(reading *r, ingest_item *item) {
  int64_t length = 0;
  if (!read_price(r, r->price, &item->price) || !read_price(r, r->old_price, &item->old_price))
    return INGEST_BAD_NUMBER;
  const char *field = ingest_source_field(&r->row, r->domain_column, r->room, &length);
  const int named = length > 0 ? domain_find(field) : r->domain;
  if (named < 0) return INGEST_UNKNOWN_DOMAIN;
  item->domain = (uint8_t)named;
  field = ingest_source_field(&r->row, r->available, r->room, &length);
  item->available = strcmp(field, "0") != 0 && strcmp(field, "false") != 0;
  field = ingest_source_field(&r->row, r->added, r->room, &length);
  item->added = CATALOGUE_NO_TIME;
  if (length > 0 && !ingest_time_parse(r->added_format, field, length, &item->added)) return INGEST_BAD_TIME;
  return TABLE_OK;
}

static status read_row(reading *r) {
  if (r->stage->comm->rank == 0) r->rejects->read++;
  if (r->row.fault != TABLE_OK) return reject(r, (int)r->row.fault);
  int64_t length = 0;
  const char *name = ingest_source_field(&r->row, r->item, r->room, &length);
  if (length == 0) return reject(r, INGEST_NO_ITEM);
  ingest_item item = {.id = digest_item(&r->stage->key, name, (size_t)length), .line = r->row.line};
  char *own_name = NULL;
  TRY(arena_text(r->stage->arena, name, (size_t)length, &own_name));
  item.name = own_name;
  const int reason = read_facts(r, &item);
  if (reason != TABLE_OK) return reject(r, reason);
  TRY(read_texts(r, &item));
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    if (item.title[l] != NULL) return ingest_buffer_add(&r->items, &item, sizeof item);
  return reject(r, INGEST_NO_TITLE);
}

static int compare_by_id(const void *a, const void *b) {
  const ingest_item *x = a, *y = b;
  const int order = item_id_compare(x->id, y->id);
  return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* Of rows with one id the first stays. */
static status drop_repeated(reading *r, int64_t *count) {
  ingest_item *items = (void *)r->items.bytes;
  const int64_t total = r->items.used / (int64_t)sizeof *items;
  if (total > 0) qsort(items, (size_t)total, sizeof *items, compare_by_id);
  *count = 0;
  for (int64_t i = 0; i < total; i++) {
    if (*count > 0 && item_id_compare(items[*count - 1].id, items[i].id) == 0) {
      r->row.line = items[i].line;
      TRY(reject(r, INGEST_DUPLICATE));
    } else {
      items[(*count)++] = items[i];
    }
  }
  return STATUS_OK;
}

static status read_all(reading *r, catalogue *out) {
  TRY(ingest_source_open(&r->source, 0, 1));
  TRY(find_columns(r));
  for (;;) {
    int more = 0;
    TRY(table_reader_next(r->source.reader, &r->row, &more));
    if (!more) break;
    TRY(read_row(r));
  }
  int64_t count = 0;
  TRY(drop_repeated(r, &count));
  return ingest_catalogue_build((void *)r->items.bytes, count, r->stage->arena, out);
}

status ingest_catalogue_read(const stage *s, ingest_rejects *rejects, catalogue *out) {
  reading *r = NULL;
  TRY(ARENA(s->arena, 1, &r));
  r->stage = s;
  r->rejects = rejects;
  r->language = (language)settings_choice(s->settings, "language");
  r->domain = (uint8_t)settings_choice(s->settings, "inputs.catalogue.domain");
  r->added_format = settings_text(s->settings, "inputs.catalogue.added_format");
  TRY(ingest_source_find(s, "inputs.catalogue", &r->source));
  rejects->path = r->source.path;
  const status result = read_all(r, out);
  ingest_source_close(&r->source);
  ingest_buffer_free(&r->items);
  return result;
}
