#include "math/topk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"

enum { ITEMS = 1100, PANEL = 256, ROOM = 1152, KEEP = 9 };

static _Alignas(64) float value[ROOM], bar[ROOM];

/* Few values, so that ties are many. */
static void fill(uint64_t seed) {
  random_stream r = random_open(seed, RANDOM_TEST, 0, 0);
  for (int i = 0; i < ROOM; i++) {
    value[i] = i < ITEMS ? (float)random_below(&r, 40) - 20 : -HUGE_VALF;
    bar[i] = i < ITEMS && random_below(&r, 4) == 0 ? -HUGE_VALF : 0;
  }
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

/* The twin: sort all that is allowed. */
static int list_is_right(int barred, const item_row *best, const float *score) {
  static scored all[ITEMS];
  int count = 0, wrong = 0;
  for (item_row i = 0; i < ITEMS; i++)
    if (!barred || bar[i] == 0) all[count++] = (scored){100 + i, value[i]};
  qsort(all, (size_t)count, sizeof *all, by_score_then_row);
  for (int k = 0; k < KEEP; k++) wrong += best[k] != all[k].item || score[k] != all[k].value;
  return wrong == 0;
}

static void lists_agree_with_sorting_everything(void) {
  for (uint64_t seed = 0; seed < 50; seed++)
    for (int barred = 0; barred < 2; barred++) {
      item_row best[KEEP];
      float score[KEEP];
      fill(seed);
      topk_clear(KEEP, best, score);
      for (int first = 0; first < ITEMS; first += PANEL)
        topk_panel(value + first, barred ? bar + first : NULL, ITEMS - first < PANEL ? ITEMS - first : PANEL,
                   100 + first, KEEP, best, score);
      CU_ASSERT_TRUE(list_is_right(barred, best, score));
    }
}

static void weights_are_added_up(void) {
  static _Alignas(64) float sum[ROOM];
  fill(1);
  topk_weigh(value, ITEMS, 0.5F, 0, sum);
  topk_weigh(value, ITEMS, 3, 1, sum);
  int wrong = 0;
  for (int i = 0; i < ITEMS; i++) wrong += sum[i] != 0.5F * value[i] + 3 * value[i];
  CU_ASSERT_EQUAL(wrong, 0);
}

static void a_list_takes_no_number_that_is_none(void) {
  item_row few[2];
  float least[2];
  fill(2);
  for (int i = 0; i < TOPK_GROUP; i++) value[i] = i == 5 ? -3 : NAN;
  topk_clear(2, few, least);
  topk_offer(2, few, least, 1, NAN);
  topk_panel(value, NULL, TOPK_GROUP, 10, 2, few, least);
  CU_ASSERT_EQUAL(few[0], 15);
  CU_ASSERT_EQUAL(few[1], -1);
}

int main(void) {
  const suite_test tests[] = {
      TEST(lists_agree_with_sorting_everything),
      TEST(weights_are_added_up),
      TEST(a_list_takes_no_number_that_is_none),
  };
  return SUITE_RUN("topk", tests);
}
