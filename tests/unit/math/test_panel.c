#include "math/panel.h"

#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

enum { ITEMS = 23, USERS = 9, MOST = 14 };

typedef struct fixture {
  arena memory;
  int64_t offset[USERS + 1];
  item_row item[USERS * MOST];
  float weight[USERS * MOST];
  float *panel, *fast, *slow;
} fixture;

/* User u has 0, 1, … entries and MOST at last. */
static void fill(fixture *f) {
  memset(f, 0, sizeof *f);
  CU_ASSERT_EQUAL(ARENA(&f->memory, ITEMS * PANEL_WIDTH, &f->panel), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&f->memory, USERS * PANEL_WIDTH, &f->fast), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&f->memory, USERS * PANEL_WIDTH, &f->slow), STATUS_OK);
  random_stream r = random_open(4, RANDOM_TEST, 1, 0);
  for (int i = 0; i < ITEMS * PANEL_WIDTH; i++) f->panel[i] = random_normal(&r);
  for (int u = 0; u < USERS; u++) {
    const int count = u == USERS - 1 ? MOST : u;
    f->offset[u + 1] = f->offset[u] + count;
    for (int64_t j = f->offset[u]; j < f->offset[u + 1]; j++) {
      f->item[j] = (item_row)((j - f->offset[u]) * ITEMS / MOST);
      f->weight[j] = random_normal(&r);
    }
  }
}

/* The definition, column by column. */
static void plain(const als_interactions *m, int from, int users, const float *panel, float *score) {
  for (int u = 0; u < users; u++)
    for (int c = 0; c < PANEL_WIDTH; c++) {
      float sum = 0;
      for (int64_t j = m->offset[from + u]; j < m->offset[from + u + 1]; j++)
        sum += (m->weight == NULL ? 1.0f : m->weight[j]) * panel[m->item[j] * PANEL_WIDTH + c];
      score[u * PANEL_WIDTH + c] = sum;
    }
}

static void check(int weighted, int from, int users) {
  fixture f;
  fill(&f);
  const als_interactions m = {.count = USERS, .offset = f.offset, .item = f.item, .weight = weighted ? f.weight : NULL};
  memset(f.fast, 0xff, USERS * PANEL_WIDTH * sizeof *f.fast);
  panel_score(&m, from, users, f.panel, f.fast);
  plain(&m, from, users, f.panel, f.slow);
  CU_ASSERT_EQUAL(memcmp(f.fast, f.slow, (size_t)users * PANEL_WIDTH * sizeof *f.fast), 0);
  arena_free(&f.memory);
}

static void scores_are_those_of_the_definition_to_the_last_bit(void) {
  check(1, 0, USERS);
  check(1, 3, 5);
  check(1, USERS - 1, 1);
}

static void without_weights_every_entry_counts_one(void) { check(0, 0, USERS); }

int main(void) {
  const suite_test tests[] = {
      TEST(scores_are_those_of_the_definition_to_the_last_bit),
      TEST(without_weights_every_entry_counts_one),
  };
  return SUITE_RUN("panel", tests);
}
