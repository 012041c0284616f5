/* What ingest keeps rows with: names, keys, buckets of events, and the order that they settle in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "stages/ingest_events.h"
#include "stages/ingest_names.h"
#include "stages/ingest_settle.h"
#include "stages/ingest_sort.h"
#include "support/suite.h"

/* Names of every length, so that short, middle and long ones are all there; no two alike. */
static int64_t name_of(int i, char out[64]) {
  return sprintf(out, "%.*s%d", i % 40, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", i);
}

static void names_keep_what_they_mean(void) {
  enum { NAMES = 20000 };
  ingest_names n = {0};
  char name[64];
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < NAMES; i++) {
      ingest_name *found = NULL;
      int is_new = 0;
      const int64_t length = name_of(i, name);
      const uint64_t hash = ingest_names_hash(name, length);
      ingest_names_soon(&n, hash);
      CU_ASSERT_EQUAL_FATAL(ingest_names_find(&n, hash, name, length, &found, &is_new), STATUS_OK);
      CU_ASSERT_EQUAL(is_new, round == 0);
      if (is_new) found->meaning = i;
      CU_ASSERT_EQUAL(found->meaning, i);
      found->tally++;
    }
  int64_t at = 0;
  int64_t sum = 0;
  int count = 0;
  for (const ingest_name *k = NULL; (k = ingest_names_next(&n, &at)) != NULL; count++) {
    sum += k->meaning;
    CU_ASSERT_EQUAL(k->tally, 2);
  }
  CU_ASSERT_EQUAL(count, NAMES);
  CU_ASSERT_EQUAL(sum, (int64_t)NAMES * (NAMES - 1) / 2); /* each once */
  ingest_names_free(&n);
}

/* Names that agree in their first and last bytes, and in all but their length. */
static void names_that_look_alike_differ(void) {
  static const char *const names[] = {"",
                                      "a",
                                      "aa",
                                      "aaa",
                                      "aaaa",
                                      "aaaaa",
                                      "abcdefgh",
                                      "abcdefghh",
                                      "abcdXefgh",
                                      "aaaaaaaa",
                                      "aaaaaaaaa",
                                      "abcdefghijklmnop",
                                      "abcdefghijklmnopq"};
  ingest_names n = {0};
  ingest_name *found = NULL;
  int is_new = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const int64_t length = (int64_t)strlen(names[i]);
    CU_ASSERT_EQUAL(ingest_names_find(&n, ingest_names_hash(names[i], length), names[i], length, &found, &is_new),
                    STATUS_OK);
    CU_ASSERT(is_new);
  }
  ingest_names_free(&n);
}

static void keys_are_sorted_and_equal_ones_stay(void) {
  enum { MOST = 1000 };
  static ingest_key keys[MOST], room[MOST];
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  for (int count = 0; count <= MOST; count = count < 40 ? count + 1 : count * 3 / 2) {
    for (int i = 0; i < count; i++) keys[i] = (ingest_key){random_below(&r, (uint32_t)count / 2 + 1), i};
    ingest_sort(keys, room, count);
    for (int i = 1; i < count; i++)
      CU_ASSERT(keys[i - 1].key < keys[i].key || (keys[i - 1].key == keys[i].key && keys[i - 1].place < keys[i].place));
  }
}

static void buckets_give_back_what_they_were_given(void) {
  enum { EVENTS = 100000 };
  ingest_events e = {0};
  int64_t sum[INGEST_BUCKETS] = {0}, count = 0;
  for (int i = 0; i < EVENTS; i++) {
    const int bucket = ingest_events_bucket((user_id){(uint64_t)i << 50, 0});
    const ingest_event event = {.line = i};
    CU_ASSERT_EQUAL_FATAL(ingest_events_add(&e, bucket, &event), STATUS_OK);
    sum[bucket] += i;
  }
  CU_ASSERT_EQUAL(e.count, EVENTS);
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++) {
    int64_t before = -1;
    for (ingest_chunk *chunk = NULL; (chunk = ingest_events_take(&e, bucket)) != NULL; free(chunk))
      for (int64_t i = 0; i < chunk->count; i++) {
        CU_ASSERT(chunk->event[i].line > before); /* in the order in which they came */
        before = chunk->event[i].line;
        sum[bucket] -= before;
        count++;
      }
    CU_ASSERT_EQUAL(sum[bucket], 0);
  }
  CU_ASSERT_EQUAL(count, EVENTS);
  CU_ASSERT_EQUAL(e.count, 0);
}

/* The rule itself, by comparing every event with every other. */
static int is_same(const ingest_event *a, const ingest_event *b) {
  return a->user == b->user && a->item == b->item && a->time == b->time && a->kind == b->kind && a->held == b->held &&
         !(a->quantity < b->quantity || a->quantity > b->quantity);
}

static int is_before(const ingest_event *a, const ingest_event *b) {
  if (a->user != b->user) return a->user < b->user;
  if (a->time != b->time) return a->time < b->time;
  if (a->item != b->item) return a->item < b->item;
  return a->meaning <= b->meaning;
}

static void what_is_the_same_is_merged_and_the_rest_is_in_order(void) {
  enum { EVENTS = 3000, USERS = 17, SIZE = 3 };
  static ingest_event events[EVENTS], all[EVENTS];
  int64_t end[USERS] = {0}, kept = 0, wanted = 0;
  arena a = {0};
  ingest_dropped dropped;
  random_stream r = random_open(9, RANDOM_TEST, 0, 0);
  for (int i = 0; i < EVENTS; i++) {
    all[i] = (ingest_event){.user = i * USERS / EVENTS,
                            .line = 1 + (int64_t)random_below(&r, 1000000),
                            .item = (int32_t)random_below(&r, 6),
                            .time = (int64_t)random_below(&r, 9),
                            .kind = (uint8_t)random_below(&r, 2),
                            .meaning = (uint8_t)random_below(&r, 2),
                            .quantity = (double)random_below(&r, 2),
                            .held = random_below(&r, 9) == 0 ? INGEST_TESTED : INGEST_KEPT,
                            .source = (int32_t)random_below(&r, SIZE)};
    end[all[i].user] = i + 1;
  }
  memcpy(events, all, sizeof all);
  CU_ASSERT_EQUAL_FATAL(ingest_settle(events, end, USERS, SIZE, &a, &kept, &dropped), STATUS_OK);
  for (int i = 0; i < EVENTS; i++) {
    int is_first = 1;
    for (int j = 0; j < EVENTS; j++)
      if (is_same(&all[i], &all[j]) && (all[j].line < all[i].line || (all[j].line == all[i].line && j < i)))
        is_first = 0;
    wanted += is_first;
  }
  CU_ASSERT_EQUAL(kept, wanted);
  CU_ASSERT_EQUAL(dropped.offset[SIZE] / (int64_t)sizeof(int64_t), EVENTS - wanted);
  for (int64_t i = 1; i < kept; i++) CU_ASSERT(is_before(&events[i - 1], &events[i]));
  arena_free(&a);
}

int main(void) {
  const suite_test tests[] = {
      TEST(names_keep_what_they_mean),
      TEST(names_that_look_alike_differ),
      TEST(keys_are_sorted_and_equal_ones_stay),
      TEST(buckets_give_back_what_they_were_given),
      TEST(what_is_the_same_is_merged_and_the_rest_is_in_order),
  };
  return SUITE_RUN("ingest_order", tests);
}
