#include "recommend/als_model.h"

#include "math/symmetric.h"

enum { VECTOR = 64 }; /* bytes to which tables are aligned */

als_model_options als_model_options_of(const settings *s, als_model_goal goal) {
  const int ratings = goal == ALS_MODEL_RATINGS;
  return (als_model_options){
      .goal = goal,
      .width = (int)settings_int(s, "als.width"),
      .steps = (int)settings_int(s, "als.steps"),
      .unobserved = ratings ? 0 : settings_real(s, "als.unobserved"),
      .regularisation = settings_real(s, ratings ? "als.rating_regularisation" : "als.regularisation"),
      .exponent = ratings ? 1 : settings_real(s, "als.exponent")};
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

static void set_user(const als_model *m, float *row) {
  if (!m->is_ratings) return;
  row[m->width + 1] = 1;
  row[m->width + 2] = (float)m->mean;
}

static void set_item(const als_model *m, float *row) {
  if (!m->is_ratings) return;
  row[m->width] = row[m->width + 2] = 1;
}

static status take_parts(als_model *m, int64_t *item_count) {
  const history *h = m->history;
  const als_interactions *all = m->is_ratings ? h->rated : h->seen;
  TRY(ARENA(m->arena, h->count, &m->part));
  for (int p = 0; p < h->count; p++) {
    als_model_part *part = &m->part[p];
    const als_interactions *seen = part->seen = &all[p];
    TRY(ARENA(m->arena, (int64_t)seen->count * m->stride, &part->user));
    TRY(ARENA(m->arena, seen->count, &part->lambda));
    TRY(ARENA(m->arena, seen->count, &part->left));
    for (int64_t j = 0; j < seen->offset[seen->count]; j++) item_count[seen->item[j]]++;
    for (int32_t u = 0; u < seen->count; u++) {
      set_user(m, part->user + (int64_t)u * m->stride);
      item_count[h->items] += seen->offset[u + 1] > seen->offset[u]; /* users with interactions */
    }
  }
  return STATUS_OK;
}

static status take_memory(als_model *m, int writer) {
  const history *h = m->history;
  const int64_t table = (int64_t)h->items * m->stride;
  const int w = m->width;
  if (writer) {
    als_descent *d = &m->descent;
    *d = (als_descent){.rows = h->items,
                       .stride = m->stride,
                       .base = m->item_base,
                       .lambda = m->item_lambda,
                       .solution = m->item,
                       .direction = m->item + table};
    TRY(ARENA(m->arena, table, &d->residual));
    TRY(ARENA(m->arena, table, &d->inverse));
    TRY(ARENA(m->arena, h->items, &d->norm));
  }
  TRY(ARENA(m->arena, 2 * table, &m->summed));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->gram));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->vectors));
  TRY(ARENA(m->arena, w, &m->values));
  TRY(ARENA(m->arena, symmetric_scratch(w), &m->wide));
  TRY(ARENA(m->arena, symmetric_scratch_int(w), &m->ints));
  const int64_t block = (int64_t)w * (w > ALS_BLOCK ? w : ALS_BLOCK), row = als_solve_scratch(m->stride);
  TRY(ARENA(m->arena, block > row ? block : row, &m->scratch));
  TRY(tree_sum_create(TREE_SUM_F64, (int64_t)w * w, h->user_parts, m->arena, &m->gram_sum));
  TRY(tree_sum_create(TREE_SUM_F64, (int64_t)w * w, h->item_parts, m->arena, &m->item_gram_sum));
  TRY(tree_sum_create(TREE_SUM_F32, 2 * table, h->user_parts, m->arena, &m->residual_sum));
  TRY(tree_sum_create(TREE_SUM_F32, table, h->user_parts, m->arena, &m->product_sum));
  return tree_sum_create(TREE_SUM_F64, 1, h->user_parts, m->arena, &m->loss_sum);
}

/* Which columns each side solves; see math/als.h. */
static status take_bases(als_model *m) {
  TRY(ARENA(m->arena, m->stride, &m->user_base));
  TRY(ARENA(m->arena, m->stride, &m->item_base));
  for (int c = m->width; c < m->stride; c++) m->user_base[c] = m->item_base[c] = ALS_FROZEN;
  if (m->is_ratings) m->user_base[m->width] = m->item_base[m->width + 1] = 0;
  return STATUS_OK;
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
        als_lambda(o->regularisation, o->exponent, item_count[i], o->unobserved * (double)item_count[h->items]);
}

static void draw_items(als_model *m) {
  const history *h = m->history;
  als_initialise(h->seed, h->item_id, h->items, m->width, m->stride, m->item);
  for (item_row i = 0; i < h->items; i++) set_item(m, m->item + (int64_t)i * m->stride);
}

static status prepare(als_model *m, int64_t **item_count) {
  TRY(ARENA(m->arena, m->history->items + 1, item_count));
  TRY(ARENA(m->arena, m->history->items, &m->item_lambda));
  TRY(take_bases(m));
  return take_parts(m, *item_count);
}

/* A window begins where MPI likes; the offset is the same for all ranks of a node, whose mappings begin at pages. */
static float *aligned(void *memory) {
  const uintptr_t at = (uintptr_t)memory;
  return (float *)((char *)memory + (VECTOR - at % VECTOR) % VECTOR);
}

status als_model_create(const history *h, const als_model_options *o, arena *a, als_model *out) {
  const int ratings = o->goal == ALS_MODEL_RATINGS;
  *out = (als_model){.history = h,
                     .options = *o,
                     .arena = a,
                     .width = o->width,
                     .stride = als_stride(ratings ? o->width + 3 : o->width),
                     .is_ratings = ratings};
  int64_t *item_count = NULL;
  if (ratings) TRY(mean_rating(h, a, &out->mean));
  TRY_ALL(h->comm, prepare(out, &item_count));
  comm_sum_i64(h->comm, item_count, h->items + 1);
  set_lambdas(out, item_count);
  const int64_t table = (int64_t)h->items * out->stride;
  TRY(window_create(h->comm, 2 * table * (int64_t)sizeof(float) + VECTOR, &out->shared));
  out->item = aligned(window_memory(out->shared));
  TRY_ALL(h->comm, take_memory(out, window_is_writer(out->shared)));
  if (window_is_writer(out->shared)) draw_items(out);
  window_fence(out->shared);
  return STATUS_OK;
}

void als_model_free(als_model *m) {
  window_free(m->shared);
  m->shared = NULL;
}

int als_model_is_writer(const als_model *m) { return window_is_writer(m->shared); }

void als_model_restored(als_model *m) { window_fence(m->shared); }
