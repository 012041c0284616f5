#include "recommend/als_transpose.h"

#include "base/random.h"
#include "data/partition.h"
#include "support/mpi_suite.h"

/* More interactions than go in one round. */
enum { PARTS = 7, USERS = 6000, ITEMS = 211 };

/* 0: none. */
static float value_of(int64_t user, item_row item) {
  random_stream r = random_open(1, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  const float drawn = random_unit(&r);
  return user % 11 == 3 || item % 13 == 5 || drawn > 0.4F ? 0 : 1 + drawn;
}

static status make(arena *a, int ratings, history *out) {
  const comm *c = mpi_suite_comm;
  int64_t *start = NULL;
  als_interactions *all = NULL;
  *out =
      (history){.comm = c, .items = ITEMS, .user_parts = PARTS, .first = (int)partition_start(PARTS, c->size, c->rank)};
  out->count = (int)partition_start(PARTS, c->size, c->rank + 1) - out->first;
  TRY(ARENA(a, PARTS + 1, &start));
  TRY(ARENA(a, out->count, &all));
  for (int p = 0; p <= PARTS; p++) start[p] = partition_start(USERS, PARTS, p);
  for (int p = 0; p < out->count; p++) {
    const int64_t first = start[out->first + p], users = start[out->first + p + 1] - first;
    int64_t *offset = NULL, at = 0;
    item_row *item = NULL;
    float *value = NULL;
    TRY(ARENA(a, users + 1, &offset));
    TRY(ARENA(a, users * ITEMS, &item));
    TRY(ARENA(a, users * ITEMS, &value));
    for (int64_t u = 0; u < users; u++) {
      for (item_row i = 0; i < ITEMS; i++)
        if ((value[at] = value_of(first + u, i)) > 0) item[at++] = i;
      offset[u + 1] = at;
    }
    all[p] = (als_interactions){.count = (int32_t)users, .offset = offset, .item = item};
    *(ratings ? &all[p].target : &all[p].weight) = value;
  }
  out->user_start = start;
  *(ratings ? &out->rated : &out->seen) = all;
  return STATUS_OK;
}

/* Items dealt unevenly; rank 1 of several has none. */
static void deal(int64_t *start) {
  const int size = mpi_suite_comm->size;
  for (int r = 0; r <= size; r++) start[r] = partition_start(ITEMS, size, r);
  if (size > 2) start[2] = start[1];
}

static void every_interaction_stands_in_its_item_by_ascending_user(int ratings) {
  arena a = {0};
  history h;
  als_interactions turned;
  int32_t *user = NULL;
  int64_t start[8] = {0};
  deal(start);
  CU_ASSERT_EQUAL(make(&a, ratings, &h), STATUS_OK);
  CU_ASSERT_EQUAL(als_transpose(&h, ratings ? h.rated : h.seen, ratings, start, &a, &turned, &user), STATUS_OK);
  const int rank = mpi_suite_comm->rank;
  CU_ASSERT_EQUAL(turned.count, start[rank + 1] - start[rank]);
  CU_ASSERT_PTR_EQUAL(turned.item, user);
  const float *value = ratings ? turned.target : turned.weight;
  CU_ASSERT_PTR_NULL(ratings ? turned.weight : turned.target);
  int wrong = 0;
  for (int32_t i = 0; i < turned.count; i++) {
    int64_t j = turned.offset[i];
    for (int32_t u = 0; u < USERS; u++) {
      const float expected = value_of(u, (item_row)(start[rank] + i));
      if (!(expected > 0)) continue;
      wrong += j >= turned.offset[i + 1] || user[j] != u || value[j] != expected;
      j++;
    }
    wrong += j != turned.offset[i + 1];
  }
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&a);
}

static void weights_are_turned(void) { every_interaction_stands_in_its_item_by_ascending_user(0); }

static void targets_are_turned(void) { every_interaction_stands_in_its_item_by_ascending_user(1); }

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(weights_are_turned),
      TEST(targets_are_turned),
  };
  return MPI_SUITE_RUN(argc, argv, "als_transpose", tests);
}
