#include "recommend/verdict.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "math/metrics.h"

enum { REPLICATES = 400 };

/* Of one replicate: sums over users of weight × value; the first replicate weighs everybody 1. */
enum { WEIGHT, RECALL, NDCG, HIT_RATE, MAP, SUMS };

typedef struct judge {
  const history *history;
  const ranking *ranking;
  const targets *targets;
  int k;
  verdict *out;
  int64_t *listed, *seen; /* [items]: how often listed; users who have it in their history */
  tree_sum *sum;
  double *sums; /* [1 + REPLICATES, SUMS] */
} judge;

/* How often a user stands in a sample of as many users as there are, drawn with replacement: a Poisson variable of mean
 * 1 by inversion (Hanley and MacGibbon 2006, "Creating non-parametric bootstrap samples using Poisson frequencies"). */
static int draw_weight(random_stream *r) {
  static const double cut[] = {0.36787944117144233, 0.73575888234288467, 0.91969860292860584, 0.98101184312384626,
                               0.99634015317265634, 0.99940581518241833, 0.99991675885071196, 0.99998975080332531,
                               0.99999887479740202, 0.99999988857452160};
  enum { CUTS = sizeof cut / sizeof *cut };
  const double u = random_u32(r) * 0x1p-32;
  int weight = 0;
  while (weight < CUTS && u >= cut[weight]) weight++;
  return weight;
}

static void add_user(const judge *j, user_id id, const metrics_user *m, double *leaf) {
  const double value[SUMS] = {
      [WEIGHT] = 1, [RECALL] = m->recall, [NDCG] = m->ndcg, [HIT_RATE] = m->hit_rate, [MAP] = m->map};
  random_stream r = random_open(j->history->seed, RANDOM_BOOTSTRAP, id.high ^ id.low, 0);
  for (int b = 0; b <= REPLICATES; b++) {
    const int weight = b == 0 ? 1 : draw_weight(&r);
    if (weight == 0) continue;
    for (int s = 0; s < SUMS; s++) leaf[b * SUMS + s] += weight * value[s];
  }
}

static void judge_user(const judge *j, int part, int32_t at, double *leaf) {
  const ranking *r = j->ranking;
  const user_row user = r->row == NULL ? at : r->row[part][at];
  const int64_t from = j->targets->offset[part][user], count = j->targets->offset[part][user + 1] - from;
  if (count == 0) return;
  const item_row *target = j->targets->item[part] + from, *list = r->item[part] + (int64_t)at * r->keep;
  int found = 0;
  while (found < j->k && list[found] >= 0) j->listed[list[found++]]++;
  metrics_user m;
  metrics_ranking(list, found, target, count, j->k, &m);
  j->out->judged++;
  j->out->targets += count;
  add_user(j, j->history->user_id[part][user], &m, leaf);
}

static status push_parts(const judge *j) {
  for (int p = 0; p < j->history->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(j->sum, j->history->first + p, (void **)&leaf));
    for (int32_t at = 0; at < j->ranking->rows[p]; at++) judge_user(j, p, at, leaf);
    tree_sum_push(j->sum);
    const als_interactions *seen = &j->history->seen[p];
    for (int64_t e = 0; e < seen->offset[seen->count]; e++) j->seen[seen->item[e]]++;
    watchdog_pulse();
  }
  return STATUS_OK;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A sample without any user, which a few users can give, says nothing. */
static verdict_mean interval(const judge *j, int metric) {
  double value[REPLICATES];
  int count = 0;
  const double *sums = j->sums;
  verdict_mean v = {.mean = sums[metric] / sums[WEIGHT]};
  for (int b = 1; b <= REPLICATES; b++)
    if (sums[b * SUMS + WEIGHT] > 0) value[count++] = sums[b * SUMS + metric] / sums[b * SUMS + WEIGHT];
  v.low = v.high = v.mean;
  if (count == 0) return v;
  qsort(value, (size_t)count, sizeof *value, ascending);
  v.low = value[(int)(0.025 * (count - 1))];
  v.high = value[(int)ceil(0.975 * (count - 1))];
  return v;
}

static status judge_take(judge *j, arena *a) {
  TRY(ARENA(a, j->history->items, &j->listed));
  TRY(ARENA(a, j->history->items, &j->seen));
  TRY(ARENA(a, (1 + REPLICATES) * SUMS, &j->sums));
  return tree_sum_create(TREE_SUM_F64, (1 + REPLICATES) * SUMS, j->history->user_parts, a, &j->sum);
}

static status judge_all(judge *j, arena *a) {
  const comm *c = j->history->comm;
  TRY_ALL(c, judge_take(j, a));
  TRY_ALL(c, push_parts(j));
  TRY(tree_sum_finish(j->sum, c, j->sums));
  comm_sum_i64(c, j->listed, j->history->items);
  comm_sum_i64(c, j->seen, j->history->items);
  int64_t size[2] = {j->out->judged, j->out->targets};
  comm_sum_i64(c, size, 2);
  j->out->judged = size[0];
  j->out->targets = size[1];
  if (j->out->judged == 0) return STATUS_OK;
  j->out->recall = interval(j, RECALL);
  j->out->ndcg = interval(j, NDCG);
  j->out->hit_rate = interval(j, HIT_RATE);
  j->out->map = interval(j, MAP);
  const history *h = j->history;
  j->out->coverage = metrics_coverage(j->listed, h->items);
  j->out->novelty = metrics_novelty(j->listed, j->seen, h->items, h->user_start[h->user_parts]);
  j->out->gini = metrics_gini(j->listed, h->items);
  return STATUS_OK;
}

status verdict_of(const history *h, const ranking *r, const targets *t, int k, arena *a, verdict *out) {
  *out = (verdict){0};
  judge j = {.history = h, .ranking = r, .targets = t, .k = k, .out = out};
  const arena_mark before = arena_here(a);
  const status result = judge_all(&j, a);
  arena_release(a, before);
  return result;
}
