#include "recommend/blend_pool.h"

#include <math.h>

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

static void find_hits(const targets *t, int part, user_row user, const item_row *item, int count, int64_t *at,
                      int32_t *hit) {
  int64_t next = t->offset[part][user];
  const int64_t end = t->offset[part][user + 1];
  for (int k = 0; k < count; k++) {
    while (next < end && t->item[part][next] < item[k]) next++;
    if (next < end && t->item[part][next] == item[k]) hit[(*at)++] = k;
  }
}

static status fill_part(blend_pool *pool, const targets *t, const ranking_pool *found, int p, arena *a) {
  blend_part *part = &pool->part[p];
  double discount[BLEND_TOP];
  int64_t most = 0;
  pool_discount(BLEND_TOP, discount);
  part->offset = found->offset[p];
  part->item = found->item[p];
  part->value = found->value[p];
  TRY(ARENA(a, part->users + 1, &part->hit_offset));
  TRY(ARENA(a, part->users, &part->ideal));
  TRY(ARENA(a, part->users, &part->events));
  for (int32_t u = 0; u < part->users; u++) most += targets_of(t, p, part->row[u]);
  TRY(ARENA(a, most, &part->hit));
  for (int32_t u = 0; u < part->users; u++) {
    const int count = (int)(part->offset[u + 1] - part->offset[u]);
    int64_t hits = part->hit_offset[u];
    find_hits(t, p, part->row[u], part->item + part->offset[u], count, &hits, part->hit);
    part->hit_offset[u + 1] = hits;
    part->ideal[u] = pool_ideal(targets_of(t, p, part->row[u]), discount, BLEND_TOP);
    if (count > pool->most) pool->most = count;
  }
  return STATUS_OK;
}

static status fill_parts(blend_pool *pool, const targets *t, const ranking_pool *found, arena *a) {
  for (int p = 0; p < pool->history->count; p++) TRY(fill_part(pool, t, found, p, a));
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

static status take_rows(const blend_pool *pool, arena *a, int32_t **rows, const user_row ***row) {
  TRY(ARENA(a, pool->history->count, rows));
  TRY(ARENA(a, pool->history->count, row));
  for (int p = 0; p < pool->history->count; p++) {
    (*rows)[p] = pool->part[p].users;
    (*row)[p] = pool->part[p].row;
  }
  return STATUS_OK;
}

static status fill(blend_pool *pool, const targets *t, const ranking_filter *filter, const ranking_term *term,
                   arena *a) {
  const history *h = pool->history;
  ranking_filter chosen = filter == NULL ? (ranking_filter){0} : *filter;
  ranking_pool found;
  int32_t *rows = NULL;
  const user_row **row = NULL;
  TRY_ALL(h->comm, take_rows(pool, a, &rows, &row));
  chosen.rows = rows;
  chosen.row = row;
  TRY(ranking_find_pool(h, term, pool->terms, &chosen, BLEND_POOL, a, &found));
  TRY_ALL(h->comm, fill_parts(pool, t, &found, a));
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
  return fill(out, t, filter, term, a);
}
