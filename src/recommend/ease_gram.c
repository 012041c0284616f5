#include "recommend/ease_gram.h"

#include <math.h>

static int64_t users_of(const history *h) { return h->user_start[h->first + h->count] - h->user_start[h->first]; }

static double largest_weight(const history *h) {
  double largest = 0;
  for (int p = 0; p < h->count; p++)
    for (int64_t j = 0; j < h->seen[p].offset[h->seen[p].count]; j++) largest = fmax(largest, h->seen[p].weight[j]);
  comm_max_f64(h->comm, &largest, 1);
  return largest;
}

/* A power of two, so that what is a whole number of units is not rounded. */
static double unit_of(const history *h) {
  enum { BITS = 62 };
  const double largest = largest_weight(h), most = (double)h->user_start[h->user_parts] * largest * largest;
  int exponent = 0;
  frexp(most, &exponent); /* most < 2^exponent */
  return ldexp(1, exponent - BITS);
}

static status take_memory(const history *h, arena *a, ease_gram *g) {
  int64_t entries = 0;
  if (users_of(h) > INT32_MAX)
    return status_fail(STATUS_SETTINGS, "EASE: %lld users on one rank are too many: use more ranks",
                       (long long)users_of(h));
  for (int p = 0; p < h->count; p++) entries += h->seen[p].offset[h->seen[p].count];
  TRY(ARENA(a, (int64_t)h->items + 1, &g->offset));
  TRY(ARENA(a, entries, &g->user));
  return ARENA(a, users_of(h), &g->row);
}

/* Sorts users by item; within an item they stand in their order. */
static void sort_users(const history *h, ease_gram *g) {
  for (int p = 0; p < h->count; p++)
    for (int64_t j = 0; j < h->seen[p].offset[h->seen[p].count]; j++) g->offset[h->seen[p].item[j] + 1]++;
  for (item_row i = 0; i < h->items; i++) g->offset[i + 1] += g->offset[i];
  int32_t user = 0;
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++, user++)
      for (int64_t j = h->seen[p].offset[u]; j < h->seen[p].offset[u + 1]; j++)
        g->user[g->offset[h->seen[p].item[j]]++] = user;
  for (item_row i = h->items; i > 0; i--) g->offset[i] = g->offset[i - 1];
  g->offset[0] = 0;
}

static void find_rows(const history *h, ease_gram *g) {
  ease_row *row = g->row;
  for (int p = 0; p < h->count; p++) {
    const als_interactions *m = &h->seen[p];
    for (user_row u = 0; u < m->count; u++)
      *row++ =
          (ease_row){m->item + m->offset[u], m->item + m->offset[u + 1], g->binary ? NULL : m->weight + m->offset[u]};
  }
}

status ease_gram_create(const history *h, int binary, arena *a, ease_gram *out) {
  *out = (ease_gram){.unit = binary ? 1 : unit_of(h), .binary = binary};
  TRY_ALL(h->comm, take_memory(h, a, out));
  sort_users(h, out);
  find_rows(h, out);
  return STATUS_OK;
}

/* In units of the Gram matrix, so that shares may be summed in any order. */
static int64_t squares_of(const als_interactions *m, const ease_gram *g) {
  const int64_t entries = m->offset[m->count];
  int64_t sum = 0;
  if (g->binary) return entries;
  for (int64_t j = 0; j < entries; j++) sum += (int64_t)(m->weight[j] / g->unit * m->weight[j]);
  return sum;
}

status ease_gram_scale(const history *h, const ease_gram *g, double *out) {
  arena work = {0};
  int64_t *seen = NULL, squares = 0, users = 0, items = 0;
  status done = STATUS_OK;
  TRY_ALL_DONE(h->comm, done, ARENA(&work, h->items, &seen));
  for (int p = 0; p < h->count; p++) {
    squares += squares_of(&h->seen[p], g);
    for (user_row u = 0; u < h->seen[p].count; u++) users += h->seen[p].offset[u + 1] > h->seen[p].offset[u];
  }
  for (item_row i = 0; i < h->items; i++) seen[i] = g->offset[i + 1] > g->offset[i];
  comm_sum_i64(h->comm, &squares, 1);
  comm_sum_i64(h->comm, &users, 1);
  comm_sum_i64(h->comm, seen, h->items);
  for (item_row i = 0; i < h->items; i++) items += seen[i] > 0;
  *out = items > 0 ? (double)squares * g->unit / sqrt((double)items * (double)users) : 0;
done:
  arena_free(&work);
  return done;
}

/* `sum` is the column of the item that stands next in the row. */
static void add_row(const ease_gram *g, ease_row *row, int64_t *sum) {
  const int64_t count = row->end - row->next;
  if (g->binary) {
    for (int64_t j = 0; j < count; j++) sum[row->next[j]]++;
  } else {
    const double factor = row->weight[0] / g->unit;
    for (int64_t j = 0; j < count; j++) sum[row->next[j]] += (int64_t)(factor * row->weight[j]);
    row->weight++;
  }
  row->next++;
}

void ease_gram_columns(void *gram, int32_t first, int count, int64_t *sum, int64_t stride) {
  const ease_gram *g = gram;
  for (int c = 0; c < count; c++)
    for (int64_t j = g->offset[first + c]; j < g->offset[first + c + 1]; j++)
      add_row(g, &g->row[g->user[j]], sum + c * stride);
}
