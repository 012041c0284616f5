#include "stages/ingest_catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "text/normalise.h"

status ingest_catalogue_title(const stage *s, const char *title, char **out) {
  const settings *t = s->settings;
  const int flags = (settings_bool(t, "inputs.catalogue.capitalise") ? NORMALISE_CAPITALISE : 0) |
                    (settings_bool(t, "inputs.catalogue.article_first") ? NORMALISE_ARTICLE_FIRST : 0);
  TRY(normalise_title(title, flags, (int)settings_int(t, "inputs.catalogue.title_columns"), s->arena, out));
  if ((*out)[0] == '\0') *out = NULL;
  return STATUS_OK;
}

static int compare_items(const void *a, const void *b) {
  const ingest_item *x = a, *y = b;
  const int order = item_id_compare(x->id, y->id);
  return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static const char *text_of(const char *text) { return text != NULL ? text : ""; }

static int compare_categories(const void *a, const void *b) {
  const ingest_item *x = *(const ingest_item *const *)a, *y = *(const ingest_item *const *)b;
  for (int l = LANGUAGE_COUNT - 1; l >= 0; l--) {
    const int order = strcmp(text_of(x->category[l]), text_of(y->category[l]));
    if (order != 0) return order;
  }
  return 0;
}

static int has_category(const ingest_item *item) {
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    if (item->category[l] != NULL) return 1;
  return 0;
}

/* Numbers the distinct category names in their order. */
static status number_categories(ingest_item *items, int32_t count, arena *a, catalogue *c) {
  ingest_item **named = NULL;
  const char **names[LANGUAGE_COUNT] = {NULL};
  TRY(ARENA(a, count, &named));
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(ARENA(a, count, &names[l]));
  int32_t total = 0;
  for (int32_t i = 0; i < count; i++) {
    c->category[i] = CATALOGUE_NO_CATEGORY;
    if (has_category(&items[i])) named[total++] = &items[i];
  }
  qsort(named, (size_t)total, sizeof(ingest_item *), compare_categories);
  for (int32_t i = 0; i < total; i++) {
    if (i == 0 || compare_categories(&named[i - 1], &named[i]) != 0) {
      for (int l = 0; l < LANGUAGE_COUNT; l++) names[l][c->categories] = text_of(named[i]->category[l]);
      c->categories++;
    }
    c->category[named[i] - items] = c->categories - 1;
  }
  for (int l = 0; l < LANGUAGE_COUNT; l++) TRY(strings_create(a, names[l], c->categories, &c->category_name[l]));
  return STATUS_OK;
}

static status take_columns(arena *a, catalogue *c) {
  TRY(ARENA(a, c->count, &c->id));
  TRY(ARENA(a, c->count, &c->category));
  TRY(ARENA(a, c->count, &c->price));
  TRY(ARENA(a, c->count, &c->old_price));
  TRY(ARENA(a, c->count, &c->domain));
  TRY(ARENA(a, c->count, &c->available));
  TRY(ARENA(a, c->count, &c->added));
  return ARENA(a, c->count, &c->users);
}

static status fill_texts(const ingest_item *items, arena *a, catalogue *c) {
  const char **texts = NULL;
  TRY(ARENA(a, c->count, &texts));
  for (int32_t i = 0; i < c->count; i++) texts[i] = items[i].name;
  TRY(strings_create(a, texts, c->count, &c->name));
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    for (int32_t i = 0; i < c->count; i++) texts[i] = items[i].title[l];
    TRY(strings_create(a, texts, c->count, &c->title[l]));
    for (int32_t i = 0; i < c->count; i++) texts[i] = items[i].keywords[l];
    TRY(strings_create(a, texts, c->count, &c->keywords[l]));
  }
  return STATUS_OK;
}

status ingest_catalogue_build(ingest_item *items, int64_t count, arena *a, catalogue *out) {
  if (count > INT32_MAX) return status_fail(STATUS_DATA, "%lld items; at most 2^31 are possible", (long long)count);
  if (count > 0) qsort(items, (size_t)count, sizeof *items, compare_items);
  *out = (catalogue){.count = (int32_t)count};
  TRY(take_columns(a, out));
  for (int32_t i = 0; i < out->count; i++) {
    const ingest_item *item = &items[i];
    out->id[i] = item->id;
    out->price[i] = item->price;
    out->old_price[i] = item->price >= 0 && item->old_price > item->price ? item->old_price : CATALOGUE_NO_PRICE;
    out->domain[i] = item->domain;
    out->available[i] = item->available;
    out->added[i] = item->added;
  }
  TRY(fill_texts(items, a, out));
  return number_categories(items, out->count, a, out);
}
