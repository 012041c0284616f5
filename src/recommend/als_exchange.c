#include "recommend/als_exchange.h"

#include "data/partition.h"
#include "recommend/als_transpose.h"

enum {
  BLOCK_LEAST = 64,   /* items of a block */
  BLOCKS_MOST = 4096, /* of all items */
  ROW_WORK = 8        /* what a row costs beside its interactions, in interactions */
};

int als_exchange_is_stationary(als_model_exchange exchange, int64_t users, int64_t items, int64_t row_bytes,
                               int steps) {
  if (users > INT32_MAX || exchange == ALS_MODEL_STATIONARY) return 1;
  if (exchange != ALS_MODEL_AUTO || users * row_bytes < ALS_EXCHANGE_BYTES) return 0;
  return users / ALS_EXCHANGE_FACTOR > 2 * (steps + 2) * items;
}

/* Blocks do not depend on the number of ranks; each rank has some, one after another. */
static status deal_items(als_model *m, const int64_t *interactions) {
  const history *h = m->history;
  const int32_t even = h->items / BLOCKS_MOST + 1;
  m->block_rows = even > BLOCK_LEAST ? even : BLOCK_LEAST;
  m->blocks = (h->items + m->block_rows - 1) / m->block_rows;
  double *work = NULL;
  partition cut;
  TRY(ARENA(m->arena, m->blocks, &work));
  TRY(ARENA(m->arena, h->comm->size + 1, &m->item_start));
  for (item_row i = 0; i < h->items; i++) work[i / m->block_rows] += (double)(interactions[i] + ROW_WORK);
  TRY(partition_cut(m->arena, m->blocks, h->comm->size, work, &cut));
  for (int r = 0; r <= h->comm->size; r++) {
    const int64_t row = (int64_t)cut.first[r] * m->block_rows;
    m->item_start[r] = row < h->items ? row : h->items;
  }
  m->first_block = cut.first[h->comm->rank];
  m->last_block = cut.first[h->comm->rank + 1];
  return STATUS_OK;
}

/* Partitions of users stand on the ranks in order. */
static status deal_users(als_model *m) {
  const history *h = m->history;
  TRY_ALL(h->comm, ARENA(m->arena, h->comm->size + 1, &m->user_start));
  m->user_start[h->comm->rank + 1] = h->user_start[h->first + h->count] - h->user_start[h->first];
  comm_sum_i64(h->comm, m->user_start, h->comm->size + 1);
  for (int r = 0; r < h->comm->size; r++) m->user_start[r + 1] += m->user_start[r];
  return STATUS_OK;
}

static void set_bits(const als_interactions *rows, uint64_t *bits) {
  for (int64_t j = 0; j < rows->offset[rows->count]; j++)
    bits[rows->item[j] / 64] |= (uint64_t)1 << (rows->item[j] % 64);
}

static node_table_moves moves_of(als_model_exchange e) {
  return e == ALS_MODEL_ROWS ? NODE_TABLE_NEEDED : e == ALS_MODEL_GATHER ? NODE_TABLE_ALL : NODE_TABLE_AUTO;
}

static status take_items(als_model *m, uint64_t *bits) {
  const history *h = m->history;
  for (int p = 0; p < h->count; p++) set_bits(m->part[p].seen, bits);
  const node_table_options o = {.start = m->item_start,
                                .width = m->stride,
                                .needed = bits,
                                .moves = m->traffic.is_stationary ? NODE_TABLE_ALL : moves_of(m->options.exchange),
                                .whole = 1};
  TRY(node_table_create(h->comm, &o, m->arena, &m->items));
  m->item = node_table_rows(m->items);
  m->traffic.items = node_table_traffic(m->items);
  return STATUS_OK;
}

/* Where users do not move, a node holds its own alone. */
static status take_users(als_model *m, uint64_t *bits) {
  const node_table_options o = {.start = m->user_start,
                                .width = m->stride,
                                .needed = bits,
                                .moves = m->traffic.is_stationary ? NODE_TABLE_NEEDED : moves_of(m->options.exchange)};
  TRY(node_table_create(m->history->comm, &o, m->arena, &m->users));
  m->user = node_table_rows(m->users);
  m->traffic.users = node_table_traffic(m->users);
  return STATUS_OK;
}

static status turn(als_model *m, int32_t **user) {
  const history *h = m->history;
  return als_transpose(h, m->is_ratings ? h->rated : h->seen, m->is_ratings, m->item_start, m->arena, &m->taken, user);
}

/* Bits of `rows` rows, in memory that is given back. */
static status with_bits(als_model *m, int64_t rows, const als_interactions *read,
                        status (*take)(als_model *, uint64_t *)) {
  arena a = {0};
  uint64_t *bits = NULL;
  status result = comm_agree(m->history->comm, ARENA(&a, rows / 64 + 1, &bits));
  if (result == STATUS_OK && read->count > 0) set_bits(read, bits);
  if (result == STATUS_OK) result = take(m, bits);
  arena_free(&a);
  return result;
}

status als_exchange_create(als_model *m, const int64_t *interactions) {
  const history *h = m->history;
  const int64_t users = h->user_start[h->user_parts], row_bytes = m->stride * (int64_t)sizeof(float);
  const int steps = m->options.steps;
  int32_t *user = NULL;
  m->traffic.is_stationary = als_exchange_is_stationary(m->options.exchange, users, h->items, row_bytes, steps);
  TRY_ALL(h->comm, deal_items(m, interactions));
  TRY(deal_users(m));
  TRY(with_bits(m, h->items, &m->taken, take_items));
  if (!m->traffic.is_stationary) TRY(turn(m, &user));
  TRY(with_bits(m, users, &m->taken, take_users));
  for (int64_t j = 0; user != NULL && j < m->taken.offset[m->taken.count]; j++)
    user[j] = (int32_t)node_table_place(m->users, user[j]);
  m->traffic.stationary = 2 * (steps + 2) * h->items * row_bytes * (node_table_nodes(m->items) - 1);
  return STATUS_OK;
}
