#include "recommend/blend.h"

#include <math.h>

#include "recommend/blend_climb.h"

static blend_point point_alone(int model) {
  blend_point p = {.ndcg = 0};
  p.weight[model] = 1;
  return p;
}

/* Each model alone; returns the best. */
static status judge_alone(const blend_climb *c, double *alone, int *best) {
  *best = 0;
  for (int k = 0; k < c->pool->terms; k++) {
    blend_point p = point_alone(k);
    if (c->pool->unit[k] > 0) TRY(blend_climb_judge(c, &p));
    alone[k] = p.ndcg;
    if (alone[k] > alone[*best]) *best = k;
  }
  return STATUS_OK;
}

static blend_point all_alike(const blend_pool *pool) {
  blend_point p = {.ndcg = 0};
  for (int k = 0; k < pool->terms; k++) p.weight[k] = pool->unit[k] > 0;
  return p;
}

/* By more than chance would let it be, among so many that are tried. */
static status is_better(const blend_climb *c, const blend_point *a, const blend_point *b, int *is) {
  const double errors = 2;
  double worth = 0, error = 0;
  TRY(blend_climb_compare(c, a, b, &worth, &error));
  *is = worth > errors * error;
  return STATUS_OK;
}

/* Adds the model that helps most; *grown 0: none helps. */
static status grow(const blend_climb *c, blend_point *at, int *grown) {
  blend_point best = *at;
  *grown = 0;
  for (int k = 0; k < c->pool->terms; k++) {
    blend_point next;
    if (at->weight[k] > 0 || c->pool->unit[k] == 0) continue;
    TRY(blend_climb_add(c, at, k, &next));
    if (next.ndcg > best.ndcg) best = next;
  }
  if (best.ndcg > at->ndcg) TRY(is_better(c, &best, at, grown));
  if (!*grown) return STATUS_OK;
  *at = best;
  return blend_climb_up(c, at);
}

/* Lets models count more for users with fewer interactions, where that helps. */
static status bend(const blend_climb *c, blend_point *at) {
  for (int k = 0; k < c->pool->terms; k++) {
    blend_point next;
    int is = 0;
    if (at->weight[k] == 0 || blend_climb_active(c, at) == 1) continue;
    TRY(blend_climb_bend(c, at, k, &next));
    if (next.ndcg > at->ndcg) TRY(is_better(c, &next, at, &is));
    if (is) *at = next;
  }
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
    TRY(blend_climb_judge(c, at));
    TRY(blend_climb_up(c, at));
  }
  return STATUS_OK;
}

static status select_models(const blend_climb *c, int best, double alone, blend_point *at) {
  *at = point_alone(best);
  at->ndcg = alone;
  for (int grown = 1; grown;) TRY(grow(c, at, &grown));
  TRY(bend(c, at));
  TRY(prune(c, at));
  if (!(at->ndcg > alone)) {
    *at = point_alone(best);
    at->ndcg = alone;
  }
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
  if (out->alone[best] > 0) TRY(select_models(&c, best, out->alone[best], &at));
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
