#include "stages/factorise_judge.h"

#include <math.h>

#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "math/metrics.h"

status factorise_judge_ranking(const fold_view *v, const recommender_kind *kind, void *model, verdict *out) {
  arena memory = {0};
  ranking lists;
  const ranking_term alone = {kind, model, 1, 0};
  status result = ranking_find(&v->history, &alone, 1, &v->filter, FACTORISE_TOP, &memory, &lists);
  if (result == STATUS_OK) result = verdict_of(&v->history, &lists, &v->targets, FACTORISE_TOP, &memory, out);
  arena_free(&memory);
  return result;
}

/* Everybody's score of an item is how many have touched it. */
typedef struct crowd {
  int64_t *touched; /* [items] */
  item_row first;
  int count;
} crowd;

static status crowd_panel(void *model, item_row first, int count) {
  crowd *c = model;
  c->first = first;
  c->count = count;
  return STATUS_OK;
}

static void crowd_score(void *model, int part, user_row from, int rows, float *score) {
  const crowd *c = model;
  (void)part, (void)from;
  for (int u = 0; u < rows; u++)
    for (int i = 0; i < c->count; i++) score[u * RECOMMENDER_PANEL + i] = (float)c->touched[c->first + i];
}

static const recommender_kind crowd_kind = {.name = "crowd", .panel = crowd_panel, .score = crowd_score};

static status judge_crowd(const fold_view *v, arena *a, verdict *out) {
  const history *h = &v->history;
  crowd c = {0};
  TRY_ALL(h->comm, ARENA(a, h->items, &c.touched));
  for (int p = 0; p < h->count; p++)
    for (int64_t j = 0; j < h->seen[p].offset[h->seen[p].count]; j++) c.touched[h->seen[p].item[j]]++;
  comm_sum_i64(h->comm, c.touched, h->items);
  return factorise_judge_ranking(v, &crowd_kind, &c, out);
}

status factorise_judge_popularity(const fold_view *v, verdict *out) {
  arena memory = {0};
  const status result = judge_crowd(v, &memory, out);
  arena_free(&memory);
  return result;
}

/* What the model says of one pair, by double sums. */
static double predict(const als_model *m, int part, user_row user, item_row item) {
  const float *x = m->part[part].user + (int64_t)user * m->stride;
  const float *y = m->item + (int64_t)item * m->stride;
  double dot = 0;
  for (int c = 0; c < m->stride; c++) dot += (double)x[c] * (double)y[c];
  return dot;
}

static status push_errors(const fold_view *v, const als_model *m, double mean, tree_sum *sum) {
  const history *h = &v->history;
  for (int p = 0; p < h->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, h->first + p, (void **)&leaf));
    for (user_row u = 0; u < h->seen[p].count; u++)
      for (int64_t t = v->targets.offset[p][u]; t < v->targets.offset[p][u + 1]; t++)
        leaf[0] += metrics_square_error(m == NULL ? mean : predict(m, p, u, v->targets.item[p][t]),
                                        (double)v->targets.rating[p][t], h->lowest, h->highest);
    tree_sum_push(sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status judge_errors(const fold_view *v, const als_model *m, double mean, arena *a, double *rmse) {
  const comm *c = v->history.comm;
  tree_sum *sum = NULL;
  double total = 0;
  TRY_ALL(c, tree_sum_create(TREE_SUM_F64, 1, v->history.user_parts, a, &sum));
  TRY_ALL(c, push_errors(v, m, mean, sum));
  TRY(tree_sum_finish(sum, c, &total));
  *rmse = v->targets_total > 0 ? sqrt(total / (double)v->targets_total) : 0;
  return STATUS_OK;
}

status factorise_judge_ratings(const fold_view *v, const als_model *m, double mean, double *rmse) {
  arena memory = {0};
  const status result = judge_errors(v, m, mean, &memory, rmse);
  arena_free(&memory);
  return result;
}
