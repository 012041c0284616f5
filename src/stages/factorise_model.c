#include "stages/factorise_model.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/als_exact.h"
#include "math/symmetric.h"

enum { VECTOR = 64 }; /* bytes to which tables are aligned */

static status take_parts(factorise_model *m, const factorise_input *in, int train, int64_t *item_count) {
  const factorise_goal goal = m->is_ratings ? FACTORISE_RATINGS : FACTORISE_RANKING;
  TRY(ARENA(m->arena, m->count, &m->part));
  for (int p = 0; p < m->count; p++) {
    factorise_part *part = &m->part[p];
    TRY(factorise_input_view(in, p, goal, train, m->mean, m->arena, &part->seen));
    const als_interactions *seen = &part->seen;
    TRY(ARENA(m->arena, (int64_t)seen->count * m->stride, &part->user));
    TRY(ARENA(m->arena, seen->count, &part->lambda));
    TRY(ARENA(m->arena, seen->count, &part->left));
    for (int64_t j = 0; j < seen->offset[seen->count]; j++) item_count[seen->item[j]]++;
    for (int32_t u = 0; u < seen->count; u++) {
      if (m->is_ratings) part->user[(int64_t)u * m->stride + m->width + 1] = 1;
      item_count[m->items] += seen->offset[u + 1] > seen->offset[u]; /* users with interactions */
    }
  }
  return STATUS_OK;
}

static status take_memory(factorise_model *m, int writer) {
  const int64_t table = (int64_t)m->items * m->stride;
  const int w = m->width;
  if (writer) {
    als_descent *d = &m->descent;
    *d = (als_descent){.rows = m->items,
                       .stride = m->stride,
                       .base = m->item_base,
                       .lambda = m->item_lambda,
                       .solution = m->item,
                       .direction = m->item + table};
    TRY(ARENA(m->arena, table, &d->residual));
    TRY(ARENA(m->arena, table, &d->inverse));
    TRY(ARENA(m->arena, m->items, &d->norm));
  }
  TRY(ARENA(m->arena, 2 * table, &m->summed));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->gram));
  TRY(ARENA(m->arena, (int64_t)w * w, &m->vectors));
  TRY(ARENA(m->arena, w, &m->values));
  TRY(ARENA(m->arena, symmetric_scratch(w), &m->wide));
  TRY(ARENA(m->arena, symmetric_scratch_int(w), &m->ints));
  const int64_t block = (int64_t)w * (w > ALS_BLOCK ? w : ALS_BLOCK), row = als_solve_scratch(m->stride);
  TRY(ARENA(m->arena, block > row ? block : row, &m->scratch));
  TRY(tree_sum_create(TREE_SUM_F64, (int64_t)w * w, m->user_parts, m->arena, &m->gram_sum));
  TRY(tree_sum_create(TREE_SUM_F64, (int64_t)w * w, m->item_parts, m->arena, &m->item_gram_sum));
  TRY(tree_sum_create(TREE_SUM_F32, 2 * table, m->user_parts, m->arena, &m->residual_sum));
  TRY(tree_sum_create(TREE_SUM_F32, table, m->user_parts, m->arena, &m->product_sum));
  return tree_sum_create(TREE_SUM_F64, 1, m->user_parts, m->arena, &m->loss_sum);
}

/* Which columns each side solves; see math/als.h. */
static status take_bases(factorise_model *m) {
  TRY(ARENA(m->arena, m->stride, &m->user_base));
  TRY(ARENA(m->arena, m->stride, &m->item_base));
  for (int c = m->width; c < m->stride; c++) m->user_base[c] = m->item_base[c] = ALS_FROZEN;
  if (m->is_ratings) m->user_base[m->width] = m->item_base[m->width + 1] = 0;
  return STATUS_OK;
}

static void set_lambdas(factorise_model *m, double regularisation, double exponent, const int64_t *item_count) {
  for (int p = 0; p < m->count; p++) {
    const als_interactions *seen = &m->part[p].seen;
    for (int32_t u = 0; u < seen->count; u++)
      m->part[p].lambda[u] =
          als_lambda(regularisation, exponent, seen->offset[u + 1] - seen->offset[u], m->unobserved * (double)m->items);
  }
  for (item_row i = 0; i < m->items; i++)
    m->item_lambda[i] =
        als_lambda(regularisation, exponent, item_count[i], m->unobserved * (double)item_count[m->items]);
}

static void draw_items(factorise_model *m, const catalogue *items) {
  als_initialise(m->stage->seed, items->id, m->items, m->width, m->stride, m->item);
  for (item_row i = 0; m->is_ratings && i < m->items; i++) m->item[(int64_t)i * m->stride + m->width] = 1;
}

static status prepare(factorise_model *m, const factorise_input *in, int train, int64_t **item_count) {
  TRY(ARENA(m->arena, m->items + 1, item_count));
  TRY(ARENA(m->arena, m->items, &m->item_lambda));
  TRY(take_bases(m));
  return take_parts(m, in, train, *item_count);
}

/* A window begins where MPI likes; the offset is the same for all ranks of a node, whose mappings begin at pages. */
static float *aligned(void *memory) {
  const uintptr_t at = (uintptr_t)memory;
  return (float *)((char *)memory + (VECTOR - at % VECTOR) % VECTOR);
}

status factorise_model_create(const stage *s, const factorise_input *in, factorise_goal goal, int train, arena *a,
                              factorise_model *out) {
  const settings *set = s->settings;
  const int is_ratings = goal == FACTORISE_RATINGS, width = (int)settings_int(set, "als.width");
  *out = (factorise_model){.stage = s,
                           .arena = a,
                           .is_ratings = is_ratings,
                           .items = in->items.count,
                           .width = width,
                           .stride = als_stride(is_ratings ? width + 2 : width),
                           .steps = (int)settings_int(set, "als.steps"),
                           .unobserved = is_ratings ? 0 : settings_real(set, "als.unobserved"),
                           .first = in->first,
                           .count = in->count,
                           .user_parts = (int)settings_int(set, "partitions.users"),
                           .item_parts = (int)settings_int(set, "partitions.items")};
  int64_t *item_count = NULL;
  if (is_ratings) TRY(factorise_input_mean(in, s, train, &out->mean));
  TRY_ALL(s->comm, prepare(out, in, train, &item_count));
  comm_sum_i64(s->comm, item_count, out->items + 1);
  set_lambdas(out, settings_real(set, is_ratings ? "als.rating_regularisation" : "als.regularisation"),
              is_ratings ? 1 : settings_real(set, "als.exponent"), item_count);
  const int64_t table = (int64_t)out->items * out->stride;
  TRY(window_create(s->comm, 2 * table * (int64_t)sizeof(float) + VECTOR, &out->shared));
  out->item = aligned(window_memory(out->shared));
  TRY_ALL(s->comm, take_memory(out, window_is_writer(out->shared)));
  if (window_is_writer(out->shared)) draw_items(out, &in->items);
  window_fence(out->shared);
  return STATUS_OK;
}

status factorise_model_state(const factorise_model *m, checkpoint_state *out) {
  *out = (checkpoint_state){.parts = m->user_parts, .first = m->first, .count = m->count};
  tensor_file_add(&out->shared, "items", TENSOR_F32, m->items, m->stride, window_is_writer(m->shared) ? m->item : NULL);
  tensor_file_add(&out->shared, "user_base", TENSOR_F32, m->stride, 1, m->user_base);
  tensor_file_add(&out->shared, "item_base", TENSOR_F32, m->stride, 1, m->item_base);
  TRY(ARENA(m->arena, m->count, &out->part));
  for (int p = 0; p < m->count; p++) {
    const factorise_part *part = &m->part[p];
    tensor_file_add(&out->part[p], "users", TENSOR_F32, part->seen.count, m->stride, part->user);
    tensor_file_add(&out->part[p], "left", TENSOR_F32, part->seen.count, 1, part->left);
  }
  return STATUS_OK;
}

void factorise_model_free(factorise_model *m) {
  window_free(m->shared);
  m->shared = NULL;
}

/* Eigenvalues and -vectors of the Gram matrix that every rank holds: one rank decides, so that all have the same bits.
 */
static status agree_on_basis(factorise_model *m) {
  const comm *c = m->stage->comm;
  const int64_t square = (int64_t)m->width * m->width;
  TRY_ALL(c, c->rank == 0 ? symmetric_eigen(m->width, m->gram, m->values, m->wide, m->ints) : STATUS_OK);
  for (int64_t i = 0; i < square; i++) m->vectors[i] = (float)m->gram[i];
  comm_broadcast(c, m->vectors, square * (int64_t)sizeof *m->vectors, 0);
  comm_broadcast(c, m->values, m->width * (int64_t)sizeof *m->values, 0);
  return STATUS_OK;
}

/* Turns both tables into the eigenbasis and takes its eigenvalues into the side that is solved next. */
static status enter_basis(factorise_model *m, float *base) {
  TRY(agree_on_basis(m));
  for (int p = 0; p < m->count; p++)
    als_rotate(m->part[p].user, m->part[p].seen.count, m->width, m->stride, m->vectors, m->scratch);
  window_fence(m->shared);
  if (window_is_writer(m->shared)) als_rotate(m->item, m->items, m->width, m->stride, m->vectors, m->scratch);
  window_fence(m->shared);
  for (int k = 0; k < m->width; k++) base[k] = (float)(m->unobserved * fmax(0, m->values[k]));
  return STATUS_OK;
}

/* Gram matrix of the items: each rank forms that of some logical item partitions. */
static status push_item_grams(factorise_model *m) {
  const comm *c = m->stage->comm;
  const int last = (int)partition_start(m->item_parts, c->size, c->rank + 1);
  for (int q = (int)partition_start(m->item_parts, c->size, c->rank); q < last; q++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->item_gram_sum, q, (void **)&leaf));
    const int64_t from = partition_start(m->items, m->item_parts, q),
                  to = partition_start(m->items, m->item_parts, q + 1);
    als_gram(m->item + from * m->stride, (int32_t)(to - from), m->width, m->stride, leaf, m->scratch);
    tree_sum_push(m->item_gram_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status factorise_model_users(factorise_model *m) {
  const comm *c = m->stage->comm;
  TRY_ALL(c, push_item_grams(m));
  TRY(tree_sum_finish(m->item_gram_sum, c, m->gram));
  TRY(enter_basis(m, m->user_base));
  for (int p = 0; p < m->count; p++) {
    factorise_part *part = &m->part[p];
    als_solve_rows(&part->seen, m->item, m->stride, m->user_base, part->lambda, m->steps, part->user, part->left,
                   m->scratch);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_user_grams(factorise_model *m) {
  for (int p = 0; p < m->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->gram_sum, m->first + p, (void **)&leaf));
    als_gram(m->part[p].user, m->part[p].seen.count, m->width, m->stride, leaf, m->scratch);
    tree_sum_push(m->gram_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_residuals(factorise_model *m) {
  for (int p = 0; p < m->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->residual_sum, m->first + p, (void **)&leaf));
    als_item_residual(&m->part[p].seen, m->part[p].user, m->item, m->stride, leaf);
    tree_sum_push(m->residual_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_products(factorise_model *m) {
  const float *direction = m->item + (int64_t)m->items * m->stride;
  for (int p = 0; p < m->count; p++) {
    float *leaf = NULL;
    TRY(tree_sum_leaf(m->product_sum, m->first + p, (void **)&leaf));
    als_item_product(&m->part[p].seen, m->part[p].user, direction, m->stride, leaf);
    tree_sum_push(m->product_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status factorise_model_items(factorise_model *m) {
  const comm *c = m->stage->comm;
  const int writer = window_is_writer(m->shared);
  TRY_ALL(c, push_user_grams(m));
  TRY(tree_sum_finish(m->gram_sum, c, m->gram));
  TRY(enter_basis(m, m->item_base));
  TRY_ALL(c, push_residuals(m));
  TRY(tree_sum_finish(m->residual_sum, c, m->summed));
  window_fence(m->shared); /* all have read the items that change now */
  if (writer) als_descent_start(&m->descent, m->summed);
  window_fence(m->shared);
  for (int step = 0; step < m->steps; step++) {
    TRY_ALL(c, push_products(m));
    TRY(tree_sum_finish(m->product_sum, c, m->summed));
    window_fence(m->shared);
    if (writer) als_descent_step(&m->descent, m->summed);
    window_fence(m->shared);
  }
  return STATUS_OK;
}

static status push_losses(factorise_model *m) {
  for (int p = 0; p < m->count; p++) {
    const factorise_part *part = &m->part[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(m->loss_sum, m->first + p, (void **)&leaf));
    leaf[0] = als_loss(&part->seen, part->user, m->item, m->stride) +
              als_penalty(part->user, part->seen.count, m->stride, m->user_base, part->lambda, 1);
    tree_sum_push(m->loss_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status factorise_model_loss(factorise_model *m, double *loss) {
  TRY_ALL(m->stage->comm, push_losses(m));
  TRY(tree_sum_finish(m->loss_sum, m->stage->comm, loss));
  *loss += als_penalty(m->item, m->items, m->stride, m->item_base, m->item_lambda, 0);
  return STATUS_OK;
}

status factorise_model_finish(factorise_model *m, int64_t *exact) {
  double *scratch = NULL;
  TRY(ARENA(m->arena, als_exact_scratch(m->stride), &scratch));
  for (int p = 0; p < m->count; p++) {
    factorise_part *part = &m->part[p];
    for (int32_t u = 0; u < part->seen.count; u++) {
      if (!(part->left[u] > 1e-4F)) continue;
      als_exact_row(&part->seen, u, m->item, m->stride, m->user_base, part->lambda[u],
                    part->user + (int64_t)u * m->stride, scratch);
      (*exact)++;
    }
    watchdog_pulse();
  }
  return STATUS_OK;
}
