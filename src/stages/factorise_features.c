#include "stages/factorise_features.h"

#include <math.h>

#include "stages/item_words.h"

static status weigh_words(const words *w, int32_t items, arena *a, history_features *out) {
  float *value = NULL;
  TRY(ARENA(a, w->item_offset[items], &value));
  for (item_row i = 0; i < items; i++) {
    double square = 0;
    for (int64_t k = w->item_offset[i]; k < w->item_offset[i + 1]; k++) {
      value[k] = w->idf[w->item_word[k]];
      square += (double)value[k] * (double)value[k];
    }
    for (int64_t k = w->item_offset[i]; k < w->item_offset[i + 1]; k++)
      value[k] = (float)((double)value[k] / sqrt(square));
  }
  *out = (history_features){
      .rows = items, .columns = w->count, .offset = w->item_offset, .column = w->item_word, .value = value};
  return STATUS_OK;
}

status factorise_features_words(const stage *s, const catalogue *c, arena *a, history_features *out) {
  words w;
  TRY(item_words_find(s, c, a, &w));
  return comm_agree(s->comm, weigh_words(&w, c->count, a, out));
}

/* One column a row at most, where `column` is not below 0. */
static status mark(int32_t rows, int32_t columns, int32_t (*column)(const void *table, int32_t row), const void *table,
                   arena *a, history_features *out) {
  int64_t *offset = NULL;
  int32_t *at = NULL;
  float *value = NULL;
  TRY(ARENA(a, rows + 1, &offset));
  TRY(ARENA(a, rows, &at));
  TRY(ARENA(a, rows, &value));
  for (int32_t r = 0; r < rows; r++) {
    const int32_t c = column(table, r);
    offset[r + 1] = offset[r] + (c >= 0);
    if (c < 0) continue;
    at[offset[r]] = c;
    value[offset[r]] = 1;
  }
  *out = (history_features){.rows = rows, .columns = columns, .offset = offset, .column = at, .value = value};
  return STATUS_OK;
}

static int32_t category_of(const void *table, int32_t row) {
  const catalogue *c = table;
  return c->category[row] == CATALOGUE_NO_CATEGORY ? -1 : c->category[row];
}

static int32_t language_of(const void *table, int32_t row) {
  const users *u = table;
  return u->language[row];
}

status factorise_features_items(const catalogue *c, arena *a, history_features *out) {
  return mark(c->count, c->categories, category_of, c, a, out);
}

status factorise_features_users(const users *u, arena *a, history_features *out) {
  return mark(u->count, LANGUAGE_COUNT, language_of, u, a, out);
}
