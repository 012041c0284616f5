#include "support/als_world.h"

#include "base/random.h"
#include "data/partition.h"

enum { SEED = 11 };

int als_world_taste(int64_t number) { return (int)(number / 2 % ALS_WORLD_TASTES); }

/* Users of a partition: every third has none. */
static int64_t users_before(int parts, int part) {
  int64_t users = 0;
  for (int p = 0; p < part; p++)
    if (p % 3 != 1)
      users += partition_start(ALS_WORLD_USERS, parts, p + 1) - partition_start(ALS_WORLD_USERS, parts, p);
  return users;
}

static int touches(int64_t user, item_row item, float *weight, float *rating) {
  random_stream r = random_open(SEED, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  const int own = als_world_taste(user) == als_world_taste(item);
  const float chance = user % 7 == 2 ? 0.7F : own ? 0.25F : 0.03F, drawn = random_unit(&r);
  *weight = 0.2F + 1 / (0.1F + random_unit(&r));
  *rating = (own ? 4 : 2) + 2 * random_unit(&r) - 1;
  return user % ALS_WORLD_SILENT != 3 && item % ALS_WORLD_SILENT != 1 && drawn < chance;
}

/* One column a taste. */
static status make_features(int64_t first, int32_t rows, arena *a, history_features *out) {
  int64_t *offset = NULL;
  int32_t *column = NULL;
  float *value = NULL;
  TRY(ARENA(a, rows + 1, &offset));
  TRY(ARENA(a, rows, &column));
  TRY(ARENA(a, rows, &value));
  for (int32_t i = 0; i < rows; i++) {
    offset[i + 1] = i + 1;
    column[i] = als_world_taste(first + i);
    value[i] = 1;
  }
  *out = (history_features){rows, ALS_WORLD_TASTES, offset, column, value};
  return STATUS_OK;
}

static status make_part(history *h, int part, int64_t users, arena *a) {
  int64_t *offset = NULL, at = 0;
  item_row *item = NULL;
  float *weight = NULL, *rating = NULL;
  user_id *id = NULL;
  TRY(ARENA(a, users + 1, &offset));
  TRY(ARENA(a, users, &id));
  TRY(ARENA(a, users * ALS_WORLD_ITEMS, &item));
  TRY(ARENA(a, users * ALS_WORLD_ITEMS, &weight));
  TRY(ARENA(a, users * ALS_WORLD_ITEMS, &rating));
  for (int64_t u = 0; u < users; u++) {
    const int64_t number = h->user_start[h->first + part] + u;
    id[u] = (user_id){(uint64_t)number, 1};
    for (item_row i = 0; i < ALS_WORLD_ITEMS; i++)
      if (touches(number, i, &weight[at], &rating[at])) item[at++] = i;
    offset[u + 1] = at;
  }
  h->seen[part] = (als_interactions){.count = (int32_t)users, .offset = offset, .item = item, .weight = weight};
  h->rated[part] = (als_interactions){.count = (int32_t)users, .offset = offset, .item = item, .target = rating};
  ((const user_id **)h->user_id)[part] = id;
  return STATUS_OK;
}

status als_world_make(const comm *c, int parts, arena *a, history *out) {
  int64_t *start = NULL;
  item_id *item = NULL;
  const user_id **id = NULL;
  history_features *features = NULL;
  const int first = (int)partition_start(parts, c->size, c->rank),
            last = (int)partition_start(parts, c->size, c->rank + 1);
  *out = (history){.comm = c,
                   .seed = SEED,
                   .items = ALS_WORLD_ITEMS,
                   .user_parts = parts,
                   .item_parts = 4,
                   .first = first,
                   .count = last - first,
                   .lowest = 1,
                   .highest = 5};
  TRY(ARENA(a, parts + 1, &start));
  TRY(ARENA(a, ALS_WORLD_ITEMS, &item));
  TRY(ARENA(a, out->count, &id));
  TRY(ARENA(a, out->count, &out->seen));
  TRY(ARENA(a, out->count, &out->rated));
  for (int p = 0; p <= parts; p++) start[p] = users_before(parts, p);
  for (item_row i = 0; i < ALS_WORLD_ITEMS; i++) item[i] = (item_id){(uint64_t)i, 7};
  TRY(ARENA(a, out->count, &features));
  out->user_features = features;
  out->user_start = start;
  out->item_id = item;
  out->user_id = id;
  TRY(make_features(0, ALS_WORLD_ITEMS, a, &out->item_features));
  for (int p = 0; p < out->count; p++) {
    const int64_t users = start[first + p + 1] - start[first + p];
    TRY(make_part(out, p, users, a));
    TRY(make_features(start[first + p], (int32_t)users, a, &features[p]));
  }
  return STATUS_OK;
}
