#include "recommend/blend.h"

#include <math.h>

#include "recommend/blend_climb.h"

static blend_point point_alone(int model) {
  blend_point p = {.ndcg = 0};
  p.weight[model] = 1;
  return p;
}

/* Each model alone, and coordinates in the order of how good they are; returns the best. */
static status judge_alone(blend_climb *c, double *alone, int *best) {
  *best = 0;
  for (int k = 0; k < c->pool->terms; k++) {
    blend_point p = point_alone(k);
    if (c->pool->unit[k] > 0) TRY(blend_climb_judge(c, &p));
    alone[k] = p.ndcg;
    int at = k;
    for (; at > 0 && alone[k] > alone[c->order[at - 1]]; at--) c->order[at] = c->order[at - 1];
    c->order[at] = k;
  }
  *best = c->order[0];
  return STATUS_OK;
}

static blend_point all_alike(const blend_pool *pool) {
  blend_point p = {.ndcg = 0};
  for (int k = 0; k < pool->terms; k++) p.weight[k] = pool->unit[k] > 0;
  return p;
}

static status climb_from_both(const blend_climb *c, int best, double alone, blend_point *out) {
  blend_point all = all_alike(c->pool);
  *out = point_alone(best);
  out->ndcg = alone;
  TRY(blend_climb_up(c, out));
  TRY(blend_climb_judge(c, &all));
  TRY(blend_climb_up(c, &all));
  if (all.ndcg > out->ndcg) *out = all;
  return STATUS_OK;
}

/* The model that is missed least, if by no more than the standard error of what it adds; else -1. */
static status find_idle(const blend_climb *c, const blend_point *at, int *idle) {
  double least = HUGE_VAL;
  *idle = -1;
  for (int k = 0; k < c->pool->terms; k++) {
    if (at->weight[k] == 0) continue;
    blend_point without = *at;
    double worth = 0, error = 0;
    without.weight[k] = 0;
    TRY(blend_climb_compare(c, at, &without, &worth, &error));
    if (worth > error || worth >= least) continue;
    least = worth;
    *idle = k;
  }
  return STATUS_OK;
}

static status prune(const blend_climb *c, blend_point *at) {
  while (blend_climb_active(c, at) > 1) {
    int idle = -1;
    TRY(find_idle(c, at, &idle));
    if (idle < 0) return STATUS_OK;
    at->weight[idle] = at->exponent[idle] = 0;
    at->banned[idle] = 1;
    TRY(blend_climb_judge(c, at));
    TRY(blend_climb_up(c, at));
  }
  return STATUS_OK;
}

/* The best model alone stands unless the blend is better by more than the error of the difference. */
static status keep_best(const blend_climb *c, int best, double alone, blend_point *at) {
  blend_point single = point_alone(best);
  double better = 0, error = 0;
  single.ndcg = alone;
  TRY(blend_climb_compare(c, at, &single, &better, &error));
  if (!(better > error)) *at = single;
  return STATUS_OK;
}

static void fill_terms(const blend_pool *pool, const blend_point *at, ranking_term *term, blend_account *out) {
  double total = 0;
  for (int k = 0; k < pool->terms; k++) total += at->weight[k];
  for (int k = 0; k < pool->terms; k++) {
    out->share[k] = total > 0 ? at->weight[k] / total : 0;
    term[k].weight = out->share[k] * pool->unit[k] * pow(pool->mean, at->exponent[k]);
    term[k].exponent = at->exponent[k];
  }
}

static status learn(const blend_pool *pool, ranking_term *term, blend_account *out, arena *a) {
  blend_climb c;
  blend_point at = all_alike(pool);
  int best = 0;
  TRY_ALL(pool->history->comm, blend_climb_open(pool, a, &c));
  out->users = pool->is_judged ? pool->users : 0;
  TRY(judge_alone(&c, out->alone, &best));
  if (out->alone[best] > 0) {
    TRY(climb_from_both(&c, best, out->alone[best], &at));
    TRY(prune(&c, &at));
    TRY(keep_best(&c, best, out->alone[best], &at));
  }
  out->ndcg = at.ndcg;
  fill_terms(pool, &at, term, out);
  return STATUS_OK;
}

status blend_learn(const history *h, const targets *t, const ranking_filter *filter, int64_t users, ranking_term *term,
                   int terms, blend_account *out) {
  arena memory = {0};
  blend_pool pool;
  *out = (blend_account){0};
  if (terms > BLEND_TERMS)
    return status_fail(STATUS_SETTINGS, "recommender.models: %d models, %d can be blended", terms, BLEND_TERMS);
  status result = blend_pool_fill(h, t, filter, users, term, terms, &memory, &pool);
  if (result == STATUS_OK) result = learn(&pool, term, out, &memory);
  arena_free(&memory);
  return result;
}
