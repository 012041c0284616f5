#include "recommend/blend_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/pool.h"
#include "recommend/blend.h"

static int64_t events_of(const history *h, int part, user_row user) {
  return h->seen[part].offset[user + 1] - h->seen[part].offset[user];
}

static int64_t targets_of(const targets *t, int part, user_row user) {
  return t->offset[part][user + 1] - t->offset[part][user];
}

/* Where in its partition a user stands, in [0, 1): partitions are cut by the top bits of ids. */
static double place_of(const history *h, user_id id) {
  int bits = 0;
  while ((1 << bits) < h->user_parts) bits++;
  return (double)(id.high << bits >> 11) * 0x1p-53;
}

static int is_chosen(const history *h, const targets *t, int part, user_row user, int wants_target, double share) {
  return events_of(h, part, user) > 0 && (!wants_target || targets_of(t, part, user) > 0) &&
         place_of(h, h->user_id[part][user]) < share;
}

static status choose_users(const history *h, const targets *t, int wants_target, double share, arena *a,
                           blend_pool *out) {
  for (int p = 0; p < h->count; p++) {
    blend_part *part = &out->part[p];
    TRY(ARENA(a, h->seen[p].count, &part->row));
    for (user_row u = 0; u < h->seen[p].count; u++)
      if (is_chosen(h, t, p, u, wants_target, share)) part->row[part->users++] = u;
  }
  return STATUS_OK;
}

/* Users that could be chosen, with a target and without. */
static void count_users(const history *h, const targets *t, int64_t found[2]) {
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++) {
      found[0] += is_chosen(h, t, p, u, 0, 1);
      found[1] += is_chosen(h, t, p, u, 1, 1);
    }
  comm_sum_i64(h->comm, found, 2);
}

static int by_row(const void *a, const void *b) {
  const item_row x = *(const item_row *)a, y = *(const item_row *)b;
  return (x > y) - (x < y);
}

/* All lists of one user, ascending and each item once. */
static int unite(const ranking *list, int lists, int part, int32_t user, item_row *out) {
  int found = 0, kept = 0;
  for (int t = 0; t < lists; t++)
    for (int k = 0; k < BLEND_POOL; k++) {
      const item_row item = list[t].item[part][(int64_t)user * BLEND_POOL + k];
      if (item >= 0) out[found++] = item;
    }
  qsort(out, (size_t)found, sizeof *out, by_row);
  for (int k = 0; k < found; k++)
    if (k == 0 || out[k] != out[k - 1]) out[kept++] = out[k];
  return kept;
}

static void find_hits(const targets *t, int part, user_row user, const item_row *item, int count, int64_t *at,
                      int32_t *hit) {
  int64_t next = t->offset[part][user];
  const int64_t end = t->offset[part][user + 1];
  for (int k = 0; k < count; k++) {
    while (next < end && t->item[part][next] < item[k]) next++;
    if (next < end && t->item[part][next] == item[k]) hit[(*at)++] = k;
  }
}

static status fill_part(blend_pool *pool, const targets *t, const ranking *list, int p, arena *a) {
  blend_part *part = &pool->part[p];
  item_row *own = NULL;
  int64_t most = 0;
  TRY(ARENA(a, part->users + 1, &part->offset));
  TRY(ARENA(a, part->users + 1, &part->hit_offset));
  TRY(ARENA(a, part->users, &part->ideal));
  TRY(ARENA(a, part->users, &part->events));
  TRY(ARENA(a, (int64_t)part->users * pool->terms * BLEND_POOL, &part->item));
  for (int32_t u = 0; u < part->users; u++) most += targets_of(t, p, part->row[u]);
  TRY(ARENA(a, most, &part->hit));
  for (int32_t u = 0; u < part->users; u++) {
    own = part->item + part->offset[u];
    const int count = unite(list, pool->terms, p, u, own);
    int64_t hits = part->hit_offset[u];
    find_hits(t, p, part->row[u], own, count, &hits, part->hit);
    part->offset[u + 1] = part->offset[u] + count;
    part->hit_offset[u + 1] = hits;
    part->ideal[u] = pool_ideal(targets_of(t, p, part->row[u]), BLEND_TOP);
    if (count > pool->most) pool->most = count;
  }
  TRY(ARENA(a, pool->terms, &part->value));
  for (int k = 0; k < pool->terms; k++) TRY(ARENA(a, part->offset[part->users], &part->value[k]));
  return STATUS_OK;
}

static status fill_parts(blend_pool *pool, const targets *t, const ranking *list, arena *a) {
  for (int p = 0; p < pool->history->count; p++) TRY(fill_part(pool, t, list, p, a));
  return STATUS_OK;
}

/* What the pool has of each partition, in the form that ranking takes. */
typedef struct views {
  int32_t *rows;
  const user_row **row;
  const int64_t **offset;
  const item_row **item;
  float **value;
} views;

static status take_views(const blend_pool *pool, arena *a, views *out) {
  const int count = pool->history->count;
  TRY(ARENA(a, count, &out->rows));
  TRY(ARENA(a, count, &out->row));
  TRY(ARENA(a, count, &out->offset));
  TRY(ARENA(a, count, &out->item));
  TRY(ARENA(a, count, &out->value));
  for (int p = 0; p < count; p++) {
    out->rows[p] = pool->part[p].users;
    out->row[p] = pool->part[p].row;
  }
  return STATUS_OK;
}

/* The lists of each model alone; they live in `a` until their union is there. */
static status find_candidates(blend_pool *pool, const targets *t, const ranking_filter *filter,
                              const ranking_term *term, const views *v, arena *a, arena *lists) {
  const history *h = pool->history;
  ranking *list = NULL;
  ranking_filter chosen = filter == NULL ? (ranking_filter){0} : *filter;
  chosen.rows = v->rows;
  chosen.row = v->row;
  TRY_ALL(h->comm, ARENA(lists, pool->terms, &list));
  for (int k = 0; k < pool->terms; k++) {
    const ranking_term alone = {term[k].kind, term[k].model, 1, 0};
    TRY(ranking_find(h, &alone, 1, &chosen, BLEND_POOL, lists, &list[k]));
  }
  TRY_ALL(h->comm, fill_parts(pool, t, list, a));
  return STATUS_OK;
}

static status score_candidates(blend_pool *pool, const ranking_term *term, const views *v) {
  const history *h = pool->history;
  const ranking_pairs pairs = {.rows = v->rows, .row = v->row, .offset = v->offset, .item = v->item};
  for (int p = 0; p < h->count; p++) {
    v->offset[p] = pool->part[p].offset;
    v->item[p] = pool->part[p].item;
  }
  for (int k = 0; k < pool->terms; k++) {
    const ranking_term alone = {term[k].kind, term[k].model, 1, 0};
    for (int p = 0; p < h->count; p++) v->value[p] = pool->part[p].value[k];
    TRY(ranking_score(h, &alone, 1, &pairs, v->value));
  }
  return STATUS_OK;
}

/* Adds the variance of each model's values of one user, and the logarithm of the user's interactions. */
static void add_spread(const blend_pool *pool, int p, int32_t u, double *leaf) {
  const blend_part *part = &pool->part[p];
  const int64_t from = part->offset[u], count = part->offset[u + 1] - from;
  leaf[pool->terms] += log((double)events_of(pool->history, p, part->row[u]));
  for (int k = 0; k < pool->terms && count > 0; k++) {
    const float *value = part->value[k] + from;
    double mean = 0, square = 0;
    for (int64_t i = 0; i < count; i++) mean += (double)value[i] / (double)count;
    for (int64_t i = 0; i < count; i++) square += ((double)value[i] - mean) * ((double)value[i] - mean);
    leaf[k] += square / (double)count;
  }
}

static status push_spreads(const blend_pool *pool, tree_sum *sum) {
  for (int p = 0; p < pool->history->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, pool->history->first + p, (void **)&leaf));
    for (int32_t u = 0; u < pool->part[p].users; u++) add_spread(pool, p, u, leaf);
    tree_sum_push(sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static void apply_units(blend_pool *pool) {
  for (int p = 0; p < pool->history->count; p++) {
    blend_part *part = &pool->part[p];
    for (int32_t u = 0; u < part->users; u++)
      part->events[u] = (float)((double)events_of(pool->history, p, part->row[u]) / pool->mean);
    for (int k = 0; k < pool->terms; k++)
      for (int64_t i = 0; i < part->offset[part->users]; i++) part->value[k][i] *= (float)pool->unit[k];
  }
}

static status take_units(blend_pool *pool, arena *a) {
  const comm *c = pool->history->comm;
  tree_sum *sum = NULL;
  TRY_ALL(c, ARENA(a, pool->terms + 1, &pool->unit));
  TRY_ALL(c, tree_sum_create(TREE_SUM_F64, pool->terms + 1, pool->history->user_parts, a, &sum));
  TRY_ALL(c, push_spreads(pool, sum));
  TRY(tree_sum_finish(sum, c, pool->unit));
  const double users = pool->users > 0 ? (double)pool->users : 1;
  pool->mean = exp(pool->unit[pool->terms] / users);
  for (int k = 0; k < pool->terms; k++) {
    const double spread = sqrt(pool->unit[k] / users);
    pool->unit[k] = spread > 0 && isfinite(spread) ? 1 / spread : 0;
  }
  apply_units(pool);
  return STATUS_OK;
}

static status fill(blend_pool *pool, const targets *t, const ranking_filter *filter, const ranking_term *term, arena *a,
                   arena *lists) {
  const comm *c = pool->history->comm;
  views v;
  TRY_ALL(c, take_views(pool, a, &v));
  TRY(find_candidates(pool, t, filter, term, &v, a, lists));
  arena_free(lists);
  TRY(score_candidates(pool, term, &v));
  return take_units(pool, a);
}

status blend_pool_fill(const history *h, const targets *t, const ranking_filter *filter, int64_t users,
                       const ranking_term *term, int terms, arena *a, blend_pool *out) {
  int64_t found[2] = {0, 0};
  *out = (blend_pool){.history = h, .terms = terms};
  count_users(h, t, found);
  const int wants_target = found[1] > 0;
  out->is_judged = wants_target;
  const int64_t eligible = found[wants_target];
  const double share = eligible > users ? (double)users / (double)eligible : 1;
  TRY_ALL(h->comm, ARENA(a, h->count, &out->part));
  TRY_ALL(h->comm, choose_users(h, t, wants_target, share, a, out));
  for (int p = 0; p < h->count; p++) out->users += out->part[p].users;
  comm_sum_i64(h->comm, &out->users, 1);
  arena lists = {0};
  const status result = fill(out, t, filter, term, a, &lists);
  arena_free(&lists);
  return result;
}
