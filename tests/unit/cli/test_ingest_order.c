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
      const ingest_sought sought = ingest_names_seek(name, length);
      ingest_names_soon(&n, sought.hash);
      CU_ASSERT_EQUAL_FATAL(ingest_names_find(&n, &sought, name, &found, &is_new), STATUS_OK);
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
    const ingest_sought sought = ingest_names_seek(names[i], length);
    CU_ASSERT_EQUAL(ingest_names_find(&n, &sought, names[i], &found, &is_new), STATUS_OK);
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
    ingest_event event = {.user = 0};
    ingest_event_set(&event, 0, i, 0, 0, 0);
    CU_ASSERT_EQUAL_FATAL(ingest_events_add(&e, bucket, &event, i, -i), STATUS_OK);
    sum[bucket] += i;
  }
  CU_ASSERT_EQUAL(e.count, EVENTS);
  for (int bucket = 0; bucket < INGEST_BUCKETS; bucket++) {
    int64_t before = -1;
    const ingest_bucket *b = &e.bucket[bucket];
    for (int64_t i = 0; i < b->count; i++) {
      CU_ASSERT(ingest_event_line(&b->event[i]) > before); /* in the order in which they came */
      before = ingest_event_line(&b->event[i]);
      CU_ASSERT(b->event[i].user == before && b->event[i].item == -before);
      sum[bucket] -= before;
      count++;
    }
    CU_ASSERT_EQUAL(sum[bucket], 0);
  }
  CU_ASSERT_EQUAL(count, EVENTS);
  ingest_events_free(&e);
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

/* Both are in one array. */
static int is_earlier(const ingest_event *a, const ingest_event *b) {
  const int64_t x = ingest_event_line(a), y = ingest_event_line(b);
  return x < y || (x == y && a < b);
}

/* What was dropped is told to who read it. */
static void check_readers(const ingest_dropped *dropped, const ingest_readers *readers) {
  for (int rank = 0; rank < readers->size; rank++)
    for (int64_t i = dropped->offset[rank] / 8; i < dropped->offset[rank + 1] / 8; i++) {
      const int is_test = dropped->line[i] < 0;
      const int64_t line = llabs(dropped->line[i]), *first = readers->first + is_test;
      CU_ASSERT(first[2 * rank] <= line);
      CU_ASSERT(rank + 1 == readers->size || line < first[2 * rank + 2]);
    }
}

/* No field of an event takes from another. */
static void events_keep_times_and_lines(void) {
  const int64_t times[] = {0, 1, 4294967296, INGEST_TIME_END - 1}, lines[] = {1, 4294967295, 4294967296, 1LL << 49};
  for (int i = 0; i < 4; i++) {
    ingest_event e = {.quantity = 3};
    ingest_event_set(&e, times[i], lines[i], 255, 2, INGEST_TESTED);
    CU_ASSERT_EQUAL(e.time, times[i]);
    CU_ASSERT_EQUAL(ingest_event_line(&e), lines[i]);
    CU_ASSERT(e.kind == 255 && e.meaning == 2 && e.held == INGEST_TESTED && e.quantity > 2.5F);
  }
}

static void what_is_the_same_is_merged_and_the_rest_is_in_order(void) {
  enum { EVENTS = 3000, USERS = 17, SIZE = 4, LINES = 1000000 };
  /* Of the test file, the second rank read nothing, and the last nothing either. */
  static const int64_t first[2 * SIZE] = {1, 1, LINES / 4, LINES / 2, LINES / 2, LINES / 2, LINES / 4 * 3, INT64_MAX};
  const ingest_readers readers = {.size = SIZE, .first = first};
  static ingest_event events[EVENTS], all[EVENTS];
  ingest_bucket bucket = {.event = events, .count = EVENTS, .room = EVENTS};
  ingest_buffer merged = {0};
  int64_t end[USERS] = {0}, wanted = 0;
  arena a = {0};
  ingest_dropped dropped;
  random_stream r = random_open(9, RANDOM_TEST, 0, 0);
  for (int i = 0; i < EVENTS; i++) {
    all[i] = (ingest_event){
        .user = i * USERS / EVENTS, .item = (int32_t)random_below(&r, 6), .quantity = (float)random_below(&r, 2)};
    const int64_t time = (int64_t)random_below(&r, 9), line = 1 + (int64_t)random_below(&r, LINES);
    const int kind = (int)random_below(&r, 2), meaning = (int)random_below(&r, 2);
    ingest_event_set(&all[i], time, line, kind, meaning, random_below(&r, 9) == 0 ? INGEST_TESTED : INGEST_KEPT);
    end[all[i].user] = i + 1;
  }
  memcpy(events, all, sizeof all);
  CU_ASSERT_EQUAL_FATAL(ingest_settle(&bucket, end, USERS, &merged), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ingest_settle_list(&merged, &readers, &a, &dropped), STATUS_OK);
  for (int i = 0; i < EVENTS; i++) {
    int is_first = 1;
    for (int j = 0; j < EVENTS; j++)
      if (is_same(&all[i], &all[j]) && is_earlier(&all[j], &all[i])) is_first = 0;
    wanted += is_first;
  }
  CU_ASSERT_EQUAL(bucket.count, wanted);
  CU_ASSERT_EQUAL(dropped.offset[SIZE] / (int64_t)sizeof(int64_t), EVENTS - wanted);
  check_readers(&dropped, &readers);
  for (int64_t i = 1; i < bucket.count; i++) CU_ASSERT(is_before(&events[i - 1], &events[i]));
  ingest_buffer_free(&merged);
  arena_free(&a);
}

int main(void) {
  const suite_test tests[] = {
      TEST(names_keep_what_they_mean),
      TEST(names_that_look_alike_differ),
      TEST(keys_are_sorted_and_equal_ones_stay),
      TEST(events_keep_times_and_lines),
      TEST(buckets_give_back_what_they_were_given),
      TEST(what_is_the_same_is_merged_and_the_rest_is_in_order),
  };
  return SUITE_RUN("ingest_order", tests);
}
