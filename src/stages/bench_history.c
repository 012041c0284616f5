#include "stages/bench_history.h"

#include "base/hash.h"
#include "data/partition.h"

enum { USER_PARTS = 64, ITEM_PARTS = 16 };

/* Users [first, first + count) of the matrix as a logical partition. */
static status take_part(const bench_matrix *m, int64_t first, int64_t count, arena *a, als_interactions *seen,
                        user_id **id) {
  int64_t *offset = NULL;
  TRY(ARENA(a, count + 1, &offset));
  TRY(ARENA(a, count, id));
  const int64_t begin = m->offset[first];
  for (int64_t i = 0; i <= count; i++) offset[i] = m->offset[first + i] - begin;
  for (int64_t i = 0; i < count; i++) (*id)[i] = (user_id){(uint64_t)(first + i), hash_mix((uint64_t)(first + i))};
  *seen = (als_interactions){
      .count = (int32_t)count, .offset = offset, .item = m->column + begin, .weight = m->value + begin};
  return STATUS_OK;
}

static status fill(const comm *c, uint64_t seed, int32_t users, int32_t items, int64_t events, arena *a, history *out) {
  bench_matrix m;
  item_id *item = NULL;
  int64_t *start = NULL;
  user_id **id = NULL;
  TRY(bench_matrix_draw(seed, users, items, events, a, &m));
  TRY(ARENA(a, items, &item));
  TRY(ARENA(a, USER_PARTS + 1, &start));
  for (int32_t i = 0; i < items; i++) item[i] = (item_id){(uint64_t)i, hash_mix((uint64_t)i)};
  for (int p = 0; p <= USER_PARTS; p++) start[p] = partition_start(users, USER_PARTS, p);
  const int first = (int)partition_start(USER_PARTS, c->size, c->rank),
            count = (int)partition_start(USER_PARTS, c->size, c->rank + 1) - first;
  *out = (history){.comm = c,
                   .seed = seed,
                   .items = items,
                   .item_id = item,
                   .user_parts = USER_PARTS,
                   .item_parts = ITEM_PARTS,
                   .first = first,
                   .count = count,
                   .user_start = start};
  TRY(ARENA(a, count, &id));
  TRY(ARENA(a, count, &out->seen));
  for (int p = 0; p < count; p++)
    TRY(take_part(&m, start[first + p], start[first + p + 1] - start[first + p], a, &out->seen[p], &id[p]));
  out->user_id = (const user_id *const *)id;
  return STATUS_OK;
}

status bench_history_make(const comm *c, uint64_t seed, int32_t users, int32_t items, int64_t events, arena *a,
                          history *out) {
  return comm_agree(c, fill(c, seed, users, items, events, a, out));
}
