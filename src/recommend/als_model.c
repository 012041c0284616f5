#include "recommend/als_model.h"

#include <string.h>

#include "data/partition.h"
#include "math/symmetric.h"
#include "recommend/als_exchange.h"
#include "recommend/als_packed.h"
#include "recommend/als_prior.h"
#include "recommend/als_stationary.h"

als_model_options als_model_options_of(const settings *s, als_model_goal goal) {
  const int ratings = goal == ALS_MODEL_RATINGS;
  return (als_model_options){
      .goal = goal,
      .width = (int)settings_int(s, "als.width"),
      .steps = (int)settings_int(s, "als.steps"),
      .unobserved = ratings ? 0 : settings_real(s, "als.unobserved"),
      .regularisation = settings_real(s, ratings ? "als.rating_regularisation" : "als.regularisation"),
      .exponent = ratings ? 1 : settings_real(s, "als.exponent"),
      .prior = settings_real(s, "als.prior"),
      .exchange = (als_model_exchange)settings_choice(s, "als.exchange")};
}

/* Mean rating, summed by logical partition. */
static status push_ratings(const history *h, tree_sum *sum) {
  for (int p = 0; p < h->count; p++) {
    const als_interactions *rated = &h->rated[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, h->first + p, (void **)&leaf));
    for (int64_t j = 0; j < rated->offset[rated->count]; j++) leaf[0] += (double)rated->target[j];
    leaf[1] = (double)rated->offset[rated->count];
    tree_sum_push(sum);
  }
  return STATUS_OK;
}

static status mean_rating(const history *h, arena *a, double *mean) {
  tree_sum *sum = NULL;
  double whole[2] = {0, 0};
  TRY_ALL(h->comm, tree_sum_create(TREE_SUM_F64, 2, h->user_parts, a, &sum));
  TRY_ALL(h->comm, push_ratings(h, sum));
  TRY(tree_sum_finish(sum, h->comm, whole));
  *mean = whole[1] > 0 ? whole[0] / whole[1] : 0;
  return STATUS_OK;
}

/* Counts interactions by item, and the users who have some in the element after the last. */
static status take_parts(als_model *m, int64_t *item_count) {
  const history *h = m->history;
  TRY(ARENA(m->arena, h->count, &m->part));
  for (int p = 0; p < h->count; p++) {
    const als_interactions *seen = m->part[p].seen = m->is_ratings ? &h->rated[p] : &h->seen[p];
    TRY(ARENA(m->arena, seen->count, &m->part[p].lambda));
    TRY(ARENA(m->arena, seen->count, &m->part[p].left));
    for (int64_t j = 0; j < seen->offset[seen->count]; j++) item_count[seen->item[j]]++;
    for (int32_t u = 0; u < seen->count; u++) item_count[h->items] += seen->offset[u + 1] > seen->offset[u];
  }
  return STATUS_OK;
}

/* Where the settings leave it open: all pairs without an event weigh, of the mean user, so many times what the events
 * do. That is within a factor of three of the best values known for sets from 3,000 to 41,000 items (Rendle et al.
 * 2021, and validation cuts of our own). */
static void set_unobserved(als_model *m, const int64_t *item_count) {
  const double times = 15;
  const history *h = m->history;
  double events = 0;
  if (m->is_ratings || m->options.unobserved > 0) return;
  for (item_row i = 0; i < h->items; i++) events += (double)item_count[i];
  m->options.unobserved = events > 0 ? times * events / ((double)m->users_with_interactions * h->items) : 1;
}

static void set_lambdas(als_model *m, const int64_t *item_count) {
  const history *h = m->history;
  const als_model_options *o = &m->options;
  for (int p = 0; p < h->count; p++) {
    const als_interactions *seen = m->part[p].seen;
    for (int32_t u = 0; u < seen->count; u++)
      m->part[p].lambda[u] = als_lambda(o->regularisation, o->exponent, seen->offset[u + 1] - seen->offset[u],
                                        o->unobserved * (double)h->items);
  }
  for (item_row i = 0; i < h->items; i++)
    m->item_lambda[i] =
        als_lambda(o->regularisation, o->exponent, item_count[i], o->unobserved * (double)m->users_with_interactions);
}

/* Which columns each side solves; see math/als.h. */
static void set_bases(als_model *m) {
  for (int c = m->width; c < m->stride; c++) m->user_base[c] = m->item_base[c] = ALS_FROZEN;
  if (m->is_ratings) m->user_base[m->width] = m->item_base[m->width + 1] = 0;
}

static status take_memory(als_model *m) {
  const history *h = m->history;
  const int w = m->width;
  TRY(ARENA(m->arena, h->items, &m->item_lambda));
  TRY(ARENA(m->arena, m->stride, &m->user_base));
  TRY(ARENA(m->arena, m->stride, &m->item_base));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->gram));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->vectors));
  TRY(ARENA(m->arena, w, &m->values));
  TRY(ARENA(m->arena, symmetric_scratch(w), &m->wide));
  TRY(ARENA(m->arena, symmetric_scratch_int(w), &m->ints));
  const int64_t block = (int64_t)w * (w > ALS_BLOCK ? w : ALS_BLOCK), row = als_solve_scratch(m->stride);
  return ARENA(m->arena, block > row ? block : row, &m->scratch);
}

static status take_sums(als_model *m) {
  const int64_t square = (int64_t)m->width * m->width;
  const int parts = m->history->user_parts;
  TRY(tree_sum_create(TREE_SUM_F64, square, parts, m->arena, &m->gram_sum));
  TRY(tree_sum_create(TREE_SUM_F64, square, m->blocks, m->arena, &m->item_gram_sum));
  TRY(tree_sum_create(TREE_SUM_F64, 1, m->blocks, m->arena, &m->item_loss_sum));
  return tree_sum_create(TREE_SUM_F64, 1, parts, m->arena, &m->loss_sum);
}

/* What a user's row holds beside what is solved for: 1 and the mean of ratings. */
static void set_user(const als_model *m, float *row) {
  if (!m->is_ratings) return;
  row[m->width + 1] = 1;
  row[m->width + 2] = (float)m->mean;
}

void als_model_set_item(const als_model *m, float *row) {
  if (m->is_ratings) row[m->width] = row[m->width + 2] = 1;
}

static void draw_users(als_model *m) {
  const history *h = m->history;
  for (int p = 0; p < h->count; p++) {
    als_model_part *part = &m->part[p];
    part->user = node_table_rows(m->users) + node_table_place(m->users, h->user_start[h->first + p]) * m->stride;
    memset(part->user, 0, (size_t)part->seen->count * (size_t)m->stride * sizeof *part->user);
    for (int32_t u = 0; u < part->seen->count; u++) set_user(m, part->user + (int64_t)u * m->stride);
  }
}

static void start_item(als_model *m, const float *earlier, float *row) {
  als_model_set_item(m, row);
  if (earlier == NULL) return;
  memcpy(row, earlier, (size_t)m->width * sizeof *row);
  if (m->is_ratings) row[m->width + 1] = earlier[m->width];
}

/* The same on every node, each rank some. */
static void draw_items(als_model *m) {
  const history *h = m->history;
  const int ranks = node_table_ranks(m->items), rank = node_table_rank(m->items);
  const int64_t first = partition_start(h->items, ranks, rank), last = partition_start(h->items, ranks, rank + 1);
  als_initialise(h->seed, h->item_id + first, (int32_t)(last - first), m->width, m->stride,
                 m->item + first * m->stride);
  for (int64_t i = first; i < last; i++)
    start_item(m, m->options.start != NULL ? m->options.start[i] : NULL, m->item + i * m->stride);
  node_table_fence(m->items);
}

static status create(als_model *m, arena *scratch) {
  const history *h = m->history;
  int64_t *item_count = NULL;
  if (m->is_ratings) TRY(mean_rating(h, m->arena, &m->mean));
  TRY_ALL(h->comm, ARENA(scratch, h->items + 1, &item_count));
  TRY_ALL(h->comm, take_parts(m, item_count));
  TRY_ALL(h->comm, take_memory(m));
  comm_sum_i64(h->comm, item_count, h->items + 1);
  m->users_with_interactions = item_count[h->items];
  set_unobserved(m, item_count);
  set_lambdas(m, item_count);
  set_bases(m);
  TRY(als_exchange_create(m, item_count));
  TRY(als_packed_create(m));
  TRY_ALL(h->comm, take_sums(m));
  if (m->traffic.is_stationary) TRY(als_stationary_create(m));
  draw_users(m);
  draw_items(m);
  return als_prior_create(m);
}

status als_model_create(const history *h, const als_model_options *o, arena *a, als_model *out) {
  const int ratings = o->goal == ALS_MODEL_RATINGS;
  arena scratch = {0};
  *out = (als_model){.history = h,
                     .options = *o,
                     .arena = a,
                     .is_ratings = ratings,
                     .width = o->width,
                     .stride = als_stride(ratings ? o->width + 3 : o->width)};
  const status result = create(out, &scratch);
  out->options.start = NULL; /* the caller may give it back */
  arena_free(&scratch);
  return result;
}

void als_model_free(als_model *m) {
  if (m->stationary != NULL) als_stationary_free(m->stationary);
  window_free(m->packed);
  node_table_free(m->users);
  node_table_free(m->items);
  *m = (als_model){.width = 0};
}

void als_model_complete(als_model *m) {
  if (m->traffic.items.chosen < m->traffic.items.all) node_table_complete(m->items);
  if (!als_prior_has(m, ALS_PRIOR_ITEMS)) return;
  const int ranks = node_table_ranks(m->items), rank = node_table_rank(m->items), items = m->history->items;
  node_table_fence(m->items); /* nobody reads any more what is placed now */
  als_prior_place(m, ALS_PRIOR_ITEMS, 0, partition_start(items, ranks, rank), partition_start(items, ranks, rank + 1));
  node_table_fence(m->items);
}

int als_model_is_writer(const als_model *m) { return node_table_rank(m->items) == 0; }

void als_model_restored(als_model *m) {
  node_table_fence(m->items);
  node_table_fence(m->users);
}
