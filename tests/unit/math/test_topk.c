#include "math/topk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"

enum { USERS = 150, ITEMS = 1100, WIDTH = 7, STRIDE = 16, KEEP = 9 };

static float user[USERS * STRIDE], items[ITEMS * STRIDE], score[USERS * KEEP];
static uint8_t allowed[ITEMS];
static int64_t seen_offset[USERS + 1];
static item_row seen[USERS * ITEMS], best[USERS * KEEP];

/* Small integers, so that products are exact and ties are many. User 4 has seen everything. */
static topk_query fill(uint64_t seed) {
  random_stream r = random_open(seed, RANDOM_TEST, 0, 0);
  for (int i = 0; i < USERS * STRIDE; i++) user[i] = (float)random_below(&r, 5) - 2;
  for (int i = 0; i < ITEMS * STRIDE; i++) items[i] = (float)random_below(&r, 5) - 2;
  for (int i = 0; i < ITEMS; i++) allowed[i] = random_below(&r, 10) != 0;
  int64_t at = 0;
  for (int u = 0; u < USERS; u++) {
    for (int i = 0; i < ITEMS; i++)
      if (u == 4 || random_below(&r, 20) == 0) seen[at++] = i;
    seen_offset[u + 1] = at;
  }
  return (topk_query){USERS, ITEMS, WIDTH, STRIDE, user, items, allowed, seen_offset, seen, KEEP};
}

typedef struct scored {
  item_row item;
  float value;
} scored;

static int by_score_then_row(const void *a, const void *b) {
  const scored *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

/* The twin: score all, sort all. */
static int sort_all(const topk_query *q, int u, scored *out) {
  int count = 0;
  for (item_row i = 0; i < q->items; i++) {
    int drop = q->allowed != NULL && !q->allowed[i];
    for (int64_t j = q->seen_offset[u]; j < q->seen_offset[u + 1]; j++) drop |= q->seen[j] == i;
    if (drop) continue;
    float sum = 0;
    for (int c = 0; c < q->width; c++) sum += q->user[u * q->stride + c] * q->item[i * q->stride + c];
    out[count++] = (scored){i, sum};
  }
  qsort(out, (size_t)count, sizeof *out, by_score_then_row);
  return count;
}

static void agrees_with_sorting_everything(void) {
  const topk_query q = fill(1);
  static float scratch[64 * (WIDTH + 512)];
  CU_ASSERT_EQUAL_FATAL(topk_scratch(&q), (int64_t)(sizeof scratch / sizeof *scratch));
  topk_find(&q, best, score, scratch);
  int wrong = 0;
  for (int u = 0; u < USERS; u++) {
    static scored all[ITEMS];
    const int count = sort_all(&q, u, all);
    for (int k = 0; k < KEEP; k++) {
      const item_row expected = k < count ? all[k].item : -1;
      wrong += best[u * KEEP + k] != expected;
      if (k < count) wrong += score[u * KEEP + k] != all[k].value;
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT_EQUAL(best[4 * KEEP], -1);
}

static void a_user_scores_the_same_alone_and_among_others(void) {
  topk_query q = fill(2);
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  for (int i = 0; i < USERS * STRIDE; i++) user[i] = random_normal(&r);
  for (int i = 0; i < ITEMS * STRIDE; i++) items[i] = random_normal(&r);
  static float scratch[64 * (WIDTH + 512)], lone_score[KEEP];
  item_row lone[KEEP];
  topk_find(&q, best, score, scratch);
  q.users = 1;
  q.user = user + 101 * STRIDE;
  q.seen_offset = seen_offset + 101;
  topk_find(&q, lone, lone_score, scratch);
  CU_ASSERT_EQUAL(memcmp(lone, best + 101 * KEEP, sizeof lone), 0);
  CU_ASSERT_EQUAL(memcmp(lone_score, score + 101 * KEEP, sizeof lone_score), 0);
}

static void a_list_takes_no_number_that_is_none(void) {
  item_row few[2];
  float value[2];
  topk_clear(2, few, value);
  topk_offer(2, few, value, 1, NAN);
  topk_offer(2, few, value, 2, -3);
  CU_ASSERT_EQUAL(few[0], 2);
  CU_ASSERT_EQUAL(few[1], -1);
}

int main(void) {
  const suite_test tests[] = {
      TEST(agrees_with_sorting_everything),
      TEST(a_user_scores_the_same_alone_and_among_others),
      TEST(a_list_takes_no_number_that_is_none),
  };
  return SUITE_RUN("topk", tests);
}
