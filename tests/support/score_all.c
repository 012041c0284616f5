#include "support/score_all.h"

#include <string.h>

/* Users [from, from + users) of a partition: blocks are cut at another place in each, as none may matter. */
static void score_panel(const recommender_kind *kind, void *model, const history *h, item_row first, int count,
                        float *block, float *scores) {
  for (int p = 0; p < h->count; p++)
    for (user_row from = 0; from < h->seen[p].count;) {
      const int most = 1 + (p * 29 + from * 7) % RECOMMENDER_USERS, left = h->seen[p].count - from;
      const int users = most < left ? most : left;
      memset(block, 0xff, (size_t)RECOMMENDER_USERS * RECOMMENDER_PANEL * sizeof *block);
      kind->score(model, p, from, users, block);
      for (int u = 0; u < users; u++, scores += h->items)
        memcpy(scores + first, block + (size_t)u * RECOMMENDER_PANEL, (size_t)count * sizeof *block);
      from += users;
    }
}

static status score_panels(const recommender_kind *kind, void *model, const history *h, arena *a, float *scores) {
  float *block = NULL;
  TRY(ARENA(a, RECOMMENDER_USERS * RECOMMENDER_PANEL, &block));
  for (item_row first = 0; first < h->items; first += RECOMMENDER_PANEL) {
    const int left = h->items - first, count = left < RECOMMENDER_PANEL ? left : RECOMMENDER_PANEL;
    TRY(kind->panel(model, first, count));
    score_panel(kind, model, h, first, count, block, scores);
  }
  return STATUS_OK;
}

status score_all(const recommender_kind *kind, const history *h, const char *const *assignments, arena *a,
                 float **scores) {
  settings *s = NULL;
  int64_t users = 0;
  void *model = NULL;
  TRY(settings_create(a, &s));
  for (int i = 0; assignments != NULL && assignments[i] != NULL; i++) TRY(settings_override(s, assignments[i]));
  for (int p = 0; p < h->count; p++) users += h->seen[p].count;
  TRY(ARENA(a, users * h->items, scores));
  status result = kind->fit(h, s, a, &model);
  if (result == STATUS_OK) result = score_panels(kind, model, h, a, *scores);
  kind->free(model);
  return result;
}
