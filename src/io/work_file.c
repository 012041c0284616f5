#include "io/work_file.h"

#include "io/work_columns.h"

static status catalogue_columns(work_columns *w, catalogue *c) {
  static const char *const titles[] = {"title.zh", "title.en"}, *const keywords[] = {"keywords.zh", "keywords.en"},
                           *const categories[] = {"category_name.zh", "category_name.en"};
  TRY(work_columns_count(w, "id", TENSOR_U64, 2, &c->count));
  TRY(work_columns_ids(w, c->count, &c->id));
  TRY(work_columns_texts(w, "name", c->count, &c->name));
  if (w->loading) {
    TRY(tensor_file_get_strings(&w->file, categories[0], -1, &c->category_name[0]));
    if (c->category_name[0].count > INT32_MAX) return work_columns_fault(w, categories[0], 0);
    c->categories = (int32_t)c->category_name[0].count;
  }
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    TRY(work_columns_texts(w, titles[l], c->count, &c->title[l]));
    TRY(work_columns_texts(w, keywords[l], c->count, &c->keywords[l]));
    TRY(work_columns_texts(w, categories[l], c->categories, &c->category_name[l]));
  }
  TRY(work_columns_rows(w, "category", c->count, 1, CATALOGUE_NO_CATEGORY, c->categories, &c->category));
  TRY(work_columns_plain(w, "price", TENSOR_I64, c->count, 1, &c->price));
  TRY(work_columns_plain(w, "old_price", TENSOR_I64, c->count, 1, &c->old_price));
  TRY(work_columns_below(w, "domain", c->count, DOMAIN_COUNT, &c->domain));
  TRY(work_columns_below(w, "available", c->count, 2, &c->available));
  TRY(work_columns_plain(w, "added", TENSOR_I64, c->count, 1, &c->added));
  return work_columns_plain(w, "users", TENSOR_I64, c->count, 1, &c->users);
}

static status users_columns(work_columns *w, int32_t items, users *u) {
  int64_t events, pairs;
  TRY(work_columns_count(w, "id", TENSOR_U64, 2, &u->count));
  TRY(work_columns_ids(w, u->count, &u->id));
  TRY(work_columns_texts(w, "name", u->count, &u->name));
  TRY(work_columns_below(w, "language", u->count, LANGUAGE_COUNT, &u->language));
  TRY(work_columns_below(w, "flags", u->count, (USER_SUPPRESSED | USER_HAS_LANGUAGE) + 1, &u->flags));
  TRY(work_columns_offsets(w, "event_offset", u->count, &u->event_offset, &events));
  TRY(work_columns_rows(w, "event_item", events, 1, 0, items, &u->event_item));
  TRY(work_columns_below(w, "event_meaning", events, EVENT_MEANINGS, &u->event_meaning));
  TRY(work_columns_plain(w, "event_time", TENSOR_I64, events, 1, &u->event_time));
  TRY(work_columns_plain(w, "event_value", TENSOR_F32, events, 1, &u->event_value));
  TRY(work_columns_offsets(w, "offset", u->count, &u->offset, &pairs));
  TRY(work_columns_rows(w, "item", pairs, 1, 0, items, &u->item));
  TRY(work_columns_plain(w, "weight", TENSOR_F32, pairs, 1, &u->weight));
  TRY(work_columns_plain(w, "train_weight", TENSOR_F32, pairs, 1, &u->train_weight));
  TRY(work_columns_below(w, "fold", pairs, FOLDS, &u->fold));
  TRY(work_columns_below(w, "meanings", pairs, 1 << EVENT_MEANINGS, &u->meanings));
  return work_columns_plain(w, "last", TENSOR_I64, pairs, 1, &u->last);
}

static status profiles_columns(work_columns *w, profiles *p) {
  TRY(work_columns_count(w, "segment", TENSOR_I32, 1, &p->count));
  TRY(work_columns_rows(w, "keyword", p->count, PROFILE_KEYWORDS, -1, INT32_MAX, &p->keyword));
  TRY(work_columns_plain(w, "keyword_weight", TENSOR_F32, p->count, PROFILE_KEYWORDS, &p->keyword_weight));
  TRY(work_columns_rows(w, "segment", p->count, 1, 0, INT32_MAX, &p->segment));
  TRY(work_columns_plain(w, "recency", TENSOR_F32, p->count, 1, &p->recency));
  TRY(work_columns_rows(w, "frequency", p->count, 1, 0, INT32_MAX, &p->frequency));
  TRY(work_columns_plain(w, "value", TENSOR_F64, p->count, 1, &p->value));
  TRY(work_columns_plain(w, "hour", TENSOR_U8, p->count, 1, &p->hour));
  for (int32_t i = 0; i < p->count; i++)
    if (p->hour[i] >= PROFILE_HOURS && p->hour[i] != PROFILE_NO_HOUR) return work_columns_fault(w, "hour", i);
  return STATUS_OK;
}

static status words_columns(work_columns *w, int32_t items, words *v) {
  int64_t uses;
  TRY(work_columns_count(w, "language", TENSOR_U8, 1, &v->count));
  TRY(work_columns_texts(w, "word", v->count, &v->word));
  TRY(work_columns_below(w, "language", v->count, LANGUAGE_COUNT, &v->language));
  TRY(work_columns_plain(w, "idf", TENSOR_F32, v->count, 1, &v->idf));
  TRY(work_columns_offsets(w, "item_offset", items, &v->item_offset, &uses));
  return work_columns_rows(w, "item_word", uses, 1, 0, v->count, &v->item_word);
}

static status factors_columns(work_columns *w, factors *f) {
  TRY(work_columns_count(w, "bias", TENSOR_F32, 1, &f->count));
  if (w->loading) {
    const tensor *value = NULL;
    TRY(tensor_file_find(&w->file, "value", &value));
    if (value->columns > INT32_MAX) return work_columns_fault(w, "value", 0);
    f->width = (int)value->columns;
  }
  TRY(work_columns_plain(w, "value", TENSOR_F32, f->count, f->width, &f->value));
  return work_columns_plain(w, "bias", TENSOR_F32, f->count, 1, &f->bias);
}

static status item_model_columns(work_columns *w, item_model *m) {
  double *mean = &m->mean;
  TRY(factors_columns(w, &m->items));
  TRY(work_columns_plain(w, "mean", TENSOR_F64, 1, 1, &mean));
  m->mean = *mean;
  return work_columns_plain(w, "popularity", TENSOR_F32, m->items.count, 1, &m->popularity);
}

/* Copy is an array of structs, which become columns here. `lines` has count rows. */
typedef struct copy_columns {
  int32_t count;
  uint8_t *language, *domain, *tone;
  uint32_t *slots;
  item_row *item;
  strings text;
} copy_columns;

static status list_copy_columns(work_columns *w, copy_columns *c) {
  TRY(work_columns_count(w, "language", TENSOR_U8, 1, &c->count));
  TRY(work_columns_below(w, "language", c->count, LANGUAGE_COUNT, &c->language));
  TRY(work_columns_below(w, "domain", c->count, DOMAIN_COUNT, &c->domain));
  TRY(work_columns_below(w, "tone", c->count, TONE_COUNT, &c->tone));
  TRY(work_columns_plain(w, "slots", TENSOR_U32, c->count, 1, &c->slots));
  TRY(work_columns_rows(w, "item", c->count, 1, -1, INT32_MAX, &c->item));
  return work_columns_texts(w, "text", c->count, &c->text);
}

static status split_copy(const copy *c, arena *a, copy_columns *out) {
  const char **text;
  out->count = (int32_t)c->count;
  TRY(ARENA(a, c->count, &out->language));
  TRY(ARENA(a, c->count, &out->domain));
  TRY(ARENA(a, c->count, &out->tone));
  TRY(ARENA(a, c->count, &out->slots));
  TRY(ARENA(a, c->count, &out->item));
  TRY(ARENA(a, c->count, &text));
  for (int64_t i = 0; i < c->count; i++) {
    const copy_line *line = &c->lines[i];
    out->language[i] = (uint8_t)line->language;
    out->domain[i] = (uint8_t)line->domain;
    out->tone[i] = (uint8_t)line->tone;
    out->slots[i] = line->slots;
    out->item[i] = line->item;
    text[i] = line->text;
  }
  return strings_create(a, text, c->count, &out->text);
}

static status join_copy(const copy_columns *c, arena *a, copy *out) {
  out->count = c->count;
  TRY(ARENA(a, c->count, &out->lines));
  for (int32_t i = 0; i < c->count; i++)
    out->lines[i] = (copy_line){.language = (language)c->language[i],
                                .domain = (domain)c->domain[i],
                                .tone = (tone)c->tone[i],
                                .slots = c->slots[i],
                                .item = c->item[i],
                                .text = strings_at(&c->text, i)};
  return STATUS_OK;
}

status work_file_path(arena *a, const char *run, const char *stage, const char *name, int index, int count,
                      char **out) {
  if (count <= 0) return arena_print(a, out, "%s/work/%s/%s.nmt", run, stage, name);
  return arena_print(a, out, "%s/work/%s/%s-%05d-of-%05d.nmt", run, stage, name, index, count);
}

/* A saved struct is copied, since one list of columns serves both ways and may set what it is given. */

status work_file_save_catalogue(const char *path, const catalogue *x) {
  work_columns w = work_columns_saving(path);
  catalogue same = *x;
  TRY(catalogue_columns(&w, &same));
  return work_columns_write(&w, "catalogue");
}

status work_file_load_catalogue(const char *path, arena *a, catalogue *out) {
  work_columns w;
  *out = (catalogue){0};
  TRY(work_columns_open(path, "catalogue", a, &w));
  return catalogue_columns(&w, out);
}

status work_file_save_users(const char *path, const users *x) {
  work_columns w = work_columns_saving(path);
  users same = *x;
  TRY(users_columns(&w, INT32_MAX, &same));
  return work_columns_write(&w, "users");
}

status work_file_load_users(const char *path, int32_t items, arena *a, users *out) {
  work_columns w;
  *out = (users){0};
  TRY(work_columns_open(path, "users", a, &w));
  return users_columns(&w, items, out);
}

status work_file_save_profiles(const char *path, const profiles *x) {
  work_columns w = work_columns_saving(path);
  profiles same = *x;
  TRY(profiles_columns(&w, &same));
  return work_columns_write(&w, "profiles");
}

status work_file_load_profiles(const char *path, arena *a, profiles *out) {
  work_columns w;
  *out = (profiles){0};
  TRY(work_columns_open(path, "profiles", a, &w));
  return profiles_columns(&w, out);
}

status work_file_save_words(const char *path, const words *x, int32_t items) {
  work_columns w = work_columns_saving(path);
  words same = *x;
  TRY(words_columns(&w, items, &same));
  return work_columns_write(&w, "words");
}

status work_file_load_words(const char *path, int32_t items, arena *a, words *out) {
  work_columns w;
  *out = (words){0};
  TRY(work_columns_open(path, "words", a, &w));
  return words_columns(&w, items, out);
}

status work_file_save_factors(const char *path, const factors *x) {
  work_columns w = work_columns_saving(path);
  factors same = *x;
  TRY(factors_columns(&w, &same));
  return work_columns_write(&w, "factors");
}

status work_file_load_factors(const char *path, arena *a, factors *out) {
  work_columns w;
  *out = (factors){0};
  TRY(work_columns_open(path, "factors", a, &w));
  return factors_columns(&w, out);
}

status work_file_save_item_model(const char *path, const item_model *x) {
  work_columns w = work_columns_saving(path);
  item_model same = *x;
  TRY(item_model_columns(&w, &same));
  return work_columns_write(&w, "item_model");
}

status work_file_load_item_model(const char *path, arena *a, item_model *out) {
  work_columns w;
  *out = (item_model){0};
  TRY(work_columns_open(path, "item_model", a, &w));
  return item_model_columns(&w, out);
}

status work_file_save_copy(const char *path, const copy *x) {
  if (x->count >= INT32_MAX) return status_fail(STATUS_BUG, "%s: too many lines of copy", path);
  work_columns w = work_columns_saving(path);
  copy_columns c;
  arena a = {0};
  status result = split_copy(x, &a, &c);
  if (result == STATUS_OK) result = list_copy_columns(&w, &c);
  if (result == STATUS_OK) result = work_columns_write(&w, "copy");
  arena_free(&a);
  return result;
}

status work_file_load_copy(const char *path, arena *a, copy *out) {
  work_columns w;
  copy_columns c = {0};
  TRY(work_columns_open(path, "copy", a, &w));
  TRY(list_copy_columns(&w, &c));
  return join_copy(&c, a, out);
}
