#include <string.h>

#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "recommend/recommender.h"

/* What everybody likes: an item's score is the sum of its weights over the number of users. Old interactions weigh less
 * where the history's weights have aged. */
typedef struct popularity_model {
  float *score; /* [items] */
  item_row first;
  int count;
} popularity_model;

static status push_weights(const history *h, tree_sum *sum) {
  for (int p = 0; p < h->count; p++) {
    const als_interactions *seen = &h->seen[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, h->first + p, (void **)&leaf));
    for (int64_t j = 0; j < seen->offset[seen->count]; j++)
      leaf[seen->item[j]] += seen->weight != NULL ? (double)seen->weight[j] : 1;
    tree_sum_push(sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status add_up(const history *h, arena *scratch, popularity_model *m) {
  tree_sum *sum = NULL;
  double *total = NULL;
  TRY_ALL(h->comm, tree_sum_create(TREE_SUM_F64, h->items, h->user_parts, scratch, &sum));
  TRY_ALL(h->comm, ARENA(scratch, h->items, &total));
  TRY_ALL(h->comm, push_weights(h, sum));
  TRY(tree_sum_finish(sum, h->comm, total));
  const int64_t users = h->user_start[h->user_parts];
  for (item_row i = 0; i < h->items && users > 0; i++) m->score[i] = (float)(total[i] / (double)users);
  return STATUS_OK;
}

static status take(const history *h, arena *a, popularity_model **out) {
  TRY(ARENA(a, 1, out));
  return ARENA(a, h->items, &(*out)->score);
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  (void)s;
  *model = NULL;
  popularity_model *m = NULL;
  TRY_ALL(h->comm, take(h, a, &m));
  *model = m;
  arena scratch = {0};
  const status result = add_up(h, &scratch, m);
  arena_free(&scratch);
  return result;
}

static status panel(void *model, item_row first, int count) {
  popularity_model *m = model;
  m->first = first;
  m->count = count;
  return STATUS_OK;
}

static void score(void *model, int part, user_row from, int users, float *out) {
  const popularity_model *m = model;
  (void)part;
  (void)from;
  for (int u = 0; u < users; u++)
    memcpy(out + (int64_t)u * RECOMMENDER_PANEL, m->score + m->first, (size_t)m->count * sizeof *out);
}

static void give_back(void *model) { (void)model; }

const recommender_kind popularity_recommender = {"popularity", fit, panel, score, give_back};
