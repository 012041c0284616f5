#include "recommend/blend_climb.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/pool.h"

/* Weights of the coarse grid are 2^-6 … 2^6; of the fine one the present weight × 2^(±1/4), 2^(±1/2). Exponents are ½
 * and 1, with weights of the fine grid. */
enum { COARSE = 6, EXPONENTS = 2, FINE = 2, TRIES = 2 * COARSE + 1, ROUNDS = 10 };

static const double LEAST = 1e-9; /* by which a better point is better */

/* Points that differ in one model's weight and exponent. */
typedef struct trial {
  int model, count;
  double weight[TRIES], exponent[TRIES], ndcg[TRIES];
} trial;

status blend_climb_open(const blend_pool *pool, arena *a, blend_climb *out) {
  *out = (blend_climb){.pool = pool};
  pool_discount(BLEND_TOP, out->discount);
  TRY(ARENA(a, pool->most, &out->base));
  TRY(ARENA(a, pool->most, &out->one));
  TRY(ARENA(a, pool->most, &out->other));
  TRY(tree_sum_create(TREE_SUM_F64, TRIES, pool->history->user_parts, a, &out->tried));
  return tree_sum_create(TREE_SUM_F64, 2, pool->history->user_parts, a, &out->compared);
}

int blend_climb_active(const blend_climb *c, const blend_point *at) {
  int active = 0;
  for (int k = 0; k < c->pool->terms; k++) active += at->weight[k] > 0;
  return active;
}

static float factor(const blend_part *p, int32_t u, double weight, double exponent) {
  return (float)(exponent == 0 ? weight : weight * pow((double)p->events[u], -exponent));
}

/* The sum of all models but one for one user. */
static void sum_others(const blend_climb *c, const blend_part *p, int32_t u, const blend_point *at, int but,
                       float *sum) {
  const int64_t from = p->offset[u];
  const int count = (int)(p->offset[u + 1] - from);
  memset(sum, 0, (size_t)count * sizeof *sum);
  for (int k = 0; k < c->pool->terms; k++)
    if (k != but && at->weight[k] > 0)
      pool_add(p->value[k] + from, count, factor(p, u, at->weight[k], at->exponent[k]), 1, sum);
}

static void try_user(const blend_climb *c, const blend_part *p, int32_t u, const blend_point *at, const trial *t,
                     double *leaf) {
  const int64_t from = p->offset[u], first = p->hit_offset[u];
  const int count = (int)(p->offset[u + 1] - from), hits = (int)(p->hit_offset[u + 1] - first);
  if (hits == 0) return;
  sum_others(c, p, u, at, t->model, c->base);
  for (int i = 0; i < t->count; i++)
    leaf[i] += pool_gain(c->base, p->value[t->model] + from, factor(p, u, t->weight[i], t->exponent[i]), count,
                         p->hit + first, hits, c->discount, BLEND_TOP, c->one) /
               p->ideal[u];
}

static status push_trial(const blend_climb *c, const blend_point *at, const trial *t) {
  for (int p = 0; p < c->pool->history->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(c->tried, c->pool->history->first + p, (void **)&leaf));
    for (int32_t u = 0; u < c->pool->part[p].users; u++) try_user(c, &c->pool->part[p], u, at, t, leaf);
    tree_sum_push(c->tried);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status judge_trial(const blend_climb *c, const blend_point *at, trial *t) {
  TRY_ALL(c->pool->history->comm, push_trial(c, at, t));
  TRY(tree_sum_finish(c->tried, c->pool->history->comm, t->ndcg));
  for (int i = 0; i < t->count && c->pool->users > 0; i++) t->ndcg[i] /= (double)c->pool->users;
  return STATUS_OK;
}

status blend_climb_judge(const blend_climb *c, blend_point *at) {
  trial t = {.count = 1, .weight = {at->weight[0]}, .exponent = {at->exponent[0]}};
  TRY(judge_trial(c, at, &t));
  at->ndcg = t.ndcg[0];
  return STATUS_OK;
}

static void add_try(trial *t, double weight, double exponent) {
  t->weight[t->count] = weight;
  t->exponent[t->count++] = exponent;
}

/* The best of the tries; of tries alike the first. */
static status take_best(const blend_climb *c, const blend_point *at, trial *t, blend_point *out) {
  int best = 0;
  *out = *at;
  TRY(judge_trial(c, at, t));
  for (int i = 1; i < t->count; i++)
    if (t->ndcg[i] > t->ndcg[best] + LEAST) best = i;
  out->weight[t->model] = t->weight[best];
  out->exponent[t->model] = t->exponent[best];
  out->ndcg = t->ndcg[best];
  return STATUS_OK;
}

status blend_climb_add(const blend_climb *c, const blend_point *at, int model, blend_point *out) {
  trial t = {.model = model};
  for (int w = -COARSE; w <= COARSE; w++) add_try(&t, exp2(w), 0);
  return take_best(c, at, &t, out);
}

static void add_fine(const blend_point *at, double exponent, trial *t) {
  for (int f = -FINE; f <= FINE; f++) {
    if (f == 0 && exponent == at->exponent[t->model]) continue;
    add_try(t, at->weight[t->model] * exp2((double)f / (2 * FINE)), exponent);
  }
}

status blend_climb_bend(const blend_climb *c, const blend_point *at, int model, blend_point *out) {
  trial t = {.model = model};
  for (int e = 1; e <= EXPONENTS; e++) add_fine(at, (double)e / EXPONENTS, &t);
  return take_best(c, at, &t, out);
}

status blend_climb_up(const blend_climb *c, blend_point *at) {
  int moved = blend_climb_active(c, at) > 1;
  for (int round = 0; moved && round < ROUNDS; round++) {
    moved = 0;
    for (int k = 0; k < c->pool->terms; k++) {
      trial t = {.model = k};
      blend_point next;
      if (at->weight[k] == 0) continue;
      add_fine(at, at->exponent[k], &t);
      TRY(take_best(c, at, &t, &next));
      if (!(next.ndcg > at->ndcg + LEAST)) continue;
      *at = next;
      moved = 1;
    }
  }
  return STATUS_OK;
}

static double ndcg_of(const blend_climb *c, const blend_part *p, int32_t u, const blend_point *at) {
  const int count = (int)(p->offset[u + 1] - p->offset[u]);
  const int64_t first = p->hit_offset[u];
  sum_others(c, p, u, at, -1, c->base);
  return pool_gain(c->base, c->base, 0, count, p->hit + first, (int)(p->hit_offset[u + 1] - first), c->discount,
                   BLEND_TOP, c->one) /
         p->ideal[u];
}

static status push_comparison(const blend_climb *c, const blend_point *a, const blend_point *b) {
  for (int p = 0; p < c->pool->history->count; p++) {
    const blend_part *part = &c->pool->part[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(c->compared, c->pool->history->first + p, (void **)&leaf));
    for (int32_t u = 0; u < part->users; u++) {
      if (part->hit_offset[u + 1] == part->hit_offset[u]) continue;
      const double gap = ndcg_of(c, part, u, a) - ndcg_of(c, part, u, b);
      leaf[0] += gap;
      leaf[1] += gap * gap;
    }
    tree_sum_push(c->compared);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status blend_climb_compare(const blend_climb *c, const blend_point *a, const blend_point *b, double *better,
                           double *error) {
  double sum[2] = {0, 0};
  const double users = c->pool->users > 0 ? (double)c->pool->users : 1;
  TRY_ALL(c->pool->history->comm, push_comparison(c, a, b));
  TRY(tree_sum_finish(c->compared, c->pool->history->comm, sum));
  *better = sum[0] / users;
  *error = sqrt(fmax(0, sum[1] / users - *better * *better) / users);
  return STATUS_OK;
}
