#include <string.h>

#include "base/watchdog.h"
#include "math/panel.h"
#include "recommend/column_panel.h"
#include "recommend/recommender.h"

/* Likeness of words: the score of an item is the product of its TF-IDF vector with the user's profile, the sum of
 * weight × vector over the items seen. Column j of the panel holds the cosines of all items with j. */
enum { BLOCK = 64 /* columns that are computed at a time */ };

typedef struct content_model {
  const history *history;
  int64_t *offset; /* [words + 1]: the items of each word, … */
  int32_t *item;   /* … ascending */
  float *value;
  column_panel panel;
} content_model;

/* The transpose of the items' words. */
static status index_words(content_model *m, arena *a) {
  const history_features *words = &m->history->item_words;
  const int64_t entries = words->offset[words->rows];
  TRY(ARENA(a, (int64_t)words->columns + 2, &m->offset));
  TRY(ARENA(a, entries, &m->item));
  TRY(ARENA(a, entries, &m->value));
  int64_t *next = m->offset + 1; /* while it is filled, word w's place stands at w + 1 */
  for (int64_t j = 0; j < entries; j++) next[words->column[j] + 1]++;
  for (int32_t w = 0; w < words->columns; w++) next[w + 1] += next[w];
  for (int32_t i = 0; i < words->rows; i++)
    for (int64_t j = words->offset[i]; j < words->offset[i + 1]; j++) {
      const int64_t at = next[words->column[j]]++;
      m->item[at] = i;
      m->value[at] = words->value[j];
    }
  return STATUS_OK;
}

static status prepare(content_model *m, arena *a) {
  const history *h = m->history;
  TRY(index_words(m, a));
  return column_panel_create(h->comm, h->items, h->items, RECOMMENDER_PANEL, BLOCK, a, &m->panel);
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  (void)s;
  *model = NULL;
  content_model *m = NULL;
  TRY_ALL(h->comm, ARENA(a, 1, &m));
  *model = m;
  m->history = h;
  if (h->item_words.rows == 0) return STATUS_OK; /* all scores are 0 */
  return comm_agree(h->comm, prepare(m, a));
}

static void cosine_columns(void *context, int32_t first, int count, float *out) {
  const content_model *m = context;
  const history_features *words = &m->history->item_words;
  memset(out, 0, (size_t)m->history->items * BLOCK * sizeof *out);
  for (int c = 0; c < count; c++)
    for (int64_t j = words->offset[first + c]; j < words->offset[first + c + 1]; j++) {
      const int32_t w = words->column[j];
      for (int64_t k = m->offset[w]; k < m->offset[w + 1]; k++)
        out[(int64_t)m->item[k] * BLOCK + c] += words->value[j] * m->value[k];
      watchdog_pulse();
    }
}

static status panel(void *model, item_row first, int count) {
  content_model *m = model;
  if (m->offset == NULL) return STATUS_OK;
  return column_panel_fill(&m->panel, first, count, cosine_columns, m);
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const content_model *m = model;
  if (m->offset == NULL)
    memset(out, 0, (size_t)users * RECOMMENDER_PANEL * sizeof *out);
  else
    panel_score(&m->history->seen[part], from, users, m->panel.memory, out);
}

static void give_back(void *model) { (void)model; }

const recommender_kind content_recommender = {"content", fit, panel, score, give_back};
