#include "support/planted_history.h"

#include "base/random.h"
#include "data/partition.h"

int64_t planted_history_user(const history *h, int part, user_row user) {
  return h->user_start[h->first + part] + user;
}

/* 1: in the history, 2: a target, 0: neither. */
static int touch(int64_t user, item_row item, int items, int events) {
  random_stream r = random_open(PLANTED_SEED, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  if (user % 9 == 4) return 0;
  const int own = item % PLANTED_GROUPS == user % PLANTED_GROUPS;
  const double share = own ? 0.8 : 0.2 / (PLANTED_GROUPS - 1);
  if (random_unit_f64(&r) < share * PLANTED_GROUPS * events / items) return 1;
  return own && user % 10 != 3 && random_unit_f64(&r) < 0.5 * events / items ? 2 : 0;
}

static status plant_part(planted_history *out, int part, int items, int events, arena *a) {
  history *h = &out->history;
  const int index = h->first + part;
  const int32_t users = (int32_t)(h->user_start[index + 1] - h->user_start[index]);
  int64_t *offset = NULL;
  item_row *row = NULL;
  float *weight = NULL;
  user_id *id = NULL;
  TRY(ARENA(a, users + 1, &offset));
  TRY(ARENA(a, (int64_t)users * items, &row));
  TRY(ARENA(a, (int64_t)users * items, &weight));
  TRY(ARENA(a, users, &id));
  TRY(ARENA(a, users + 1, &out->targets.offset[part]));
  TRY(ARENA(a, (int64_t)users * items, &out->targets.item[part]));
  int64_t seen = 0, wanted = 0;
  for (user_row u = 0; u < users; u++) {
    const int64_t number = planted_history_user(h, part, u);
    id[u] =
        (user_id){(uint64_t)index << 61 | ((uint64_t)u * ((UINT64_C(1) << 61) / (uint64_t)users) + (uint64_t)number),
                  (uint64_t)number};
    for (item_row i = 0; i < items; i++) {
      const int touched = touch(number, i, items, events);
      if (touched == 1) {
        row[seen] = i;
        weight[seen++] = (float)(1 + (number + i) % 3);
      } else if (touched == 2) {
        out->targets.item[part][wanted++] = i;
      }
    }
    offset[u + 1] = seen;
    out->targets.offset[part][u + 1] = wanted;
  }
  h->seen[part] = (als_interactions){.count = users, .offset = offset, .item = row, .weight = weight};
  ((const user_id **)h->user_id)[part] = id;
  out->row[part] = row;
  out->offset[part] = offset;
  return STATUS_OK;
}

status planted_history_make(const comm *c, int users, int items, int events, arena *a, planted_history *out) {
  int64_t *start = NULL;
  item_id *item = NULL;
  const user_id **id = NULL;
  *out = (planted_history){.history = {.comm = c,
                                       .seed = PLANTED_SEED,
                                       .items = items,
                                       .user_parts = PLANTED_PARTS,
                                       .item_parts = 4,
                                       .first = (int)partition_start(PLANTED_PARTS, c->size, c->rank)}};
  history *h = &out->history;
  h->count = (int)partition_start(PLANTED_PARTS, c->size, c->rank + 1) - h->first;
  TRY(ARENA(a, PLANTED_PARTS + 1, &start));
  TRY(ARENA(a, items, &item));
  TRY(ARENA(a, h->count, &id));
  TRY(ARENA(a, h->count, &h->seen));
  TRY(ARENA(a, h->count, &out->row));
  TRY(ARENA(a, h->count, &out->offset));
  TRY(ARENA(a, h->count, &out->targets.offset));
  TRY(ARENA(a, h->count, &out->targets.item));
  for (int p = 0; p <= PLANTED_PARTS; p++) start[p] = partition_start(users, PLANTED_PARTS, p);
  for (item_row i = 0; i < items; i++) item[i] = (item_id){(uint64_t)i << 40, (uint64_t)i};
  h->user_start = start;
  h->item_id = item;
  h->user_id = id;
  for (int p = 0; p < h->count; p++) TRY(plant_part(out, p, items, events, a));
  return STATUS_OK;
}
