#include "recommend/ranking.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { USERS = 700, ITEMS = 700, KEEP = 20 };

/* A model whose scores follow from its number, the user and the item; a few values only, so that there are ties. */
typedef struct table {
  int number, fine;
  const history *history;
  item_row first;
  int count, panels;
} table;

static float table_score(const table *t, int64_t user, item_row item) {
  random_stream r = random_open(11 + (uint64_t)t->number, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  const float u = random_unit(&r);
  return t->fine ? u - 0.5F : floorf(16 * u) / 4 - 2;
}

static status table_panel(void *model, item_row first, int count) {
  table *t = model;
  t->first = first;
  t->count = count;
  t->panels++;
  return STATUS_OK;
}

static void table_scores(void *model, int part, user_row from, int users, float *score) {
  const table *t = model;
  for (int u = 0; u < users; u++)
    for (int i = 0; i < t->count; i++)
      score[u * RECOMMENDER_PANEL + i] = table_score(t, planted_history_user(t->history, part, from + u), t->first + i);
}

static const recommender_kind table_kind = {.name = "table", .panel = table_panel, .score = table_scores};

typedef struct scene {
  arena memory;
  planted_history planted;
  uint8_t allowed[ITEMS];
  table coarse, fine;
  ranking_term term[2];
  ranking_filter filter;
} scene;

static void scene_open(scene *s, int users) {
  *s = (scene){.coarse = {.number = 1}, .fine = {.number = 2, .fine = 1}};
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, users, ITEMS, 30, &s->memory, &s->planted), STATUS_OK);
  s->coarse.history = s->fine.history = &s->planted.history;
  for (int i = 0; i < ITEMS; i++) s->allowed[i] = i % 7 != 2;
  s->term[0] = (ranking_term){&table_kind, &s->coarse, 1, 0};
  s->term[1] = (ranking_term){&table_kind, &s->fine, 3, 0.5};
  s->filter = (ranking_filter){.allowed = s->allowed, .offset = s->planted.offset, .hidden = s->planted.row};
}

/* What the header says, item by item. */
static float plain_score(const scene *s, int terms, int part, user_row user, item_row item, float *order) {
  const history *h = &s->planted.history;
  const int64_t number = planted_history_user(h, part, user),
                events = h->seen[part].offset[user + 1] - h->seen[part].offset[user];
  float sum = 0;
  for (int t = 0; t < terms; t++) {
    const double factor = s->term[t].weight * pow(events > 0 ? (double)events : 1, -s->term[t].exponent);
    const float value = table_score(s->term[t].model, number, item);
    sum = t == 0 ? (float)factor * value : sum + (float)factor * value;
    *order = terms == 1 ? value : sum;
  }
  return sum;
}

static int is_hidden(const scene *s, int part, user_row user, item_row item) {
  for (int64_t j = s->planted.offset[part][user]; j < s->planted.offset[part][user + 1]; j++)
    if (s->planted.row[part][j] == item) return 1;
  return 0;
}

static int list_is_right(const scene *s, int terms, int filtered, int part, user_row user, const item_row *list,
                         const float *score) {
  item_row best[KEEP];
  float order[KEEP], value[KEEP];
  int found = 0;
  for (item_row i = 0; i < ITEMS; i++) {
    float by = 0;
    const float v = plain_score(s, terms, part, user, i, &by);
    if (filtered && (!s->allowed[i] || is_hidden(s, part, user, i))) continue;
    int at = found < KEEP ? found++ : KEEP;
    for (; at > 0 && by > order[at - 1]; at--)
      if (at < KEEP) {
        best[at] = best[at - 1];
        order[at] = order[at - 1];
        value[at] = value[at - 1];
      }
    if (at == KEEP) continue;
    best[at] = i;
    order[at] = by;
    value[at] = v;
  }
  for (int k = 0; k < KEEP; k++)
    if (list[k] != (k < found ? best[k] : -1) || score[k] != (k < found ? value[k] : 0)) return 0;
  return 1;
}

static void check_lists(int users, int terms, int filtered) {
  scene s;
  ranking r;
  scene_open(&s, users);
  CU_ASSERT_EQUAL(ranking_find(&s.planted.history, s.term, terms, filtered ? &s.filter : NULL, KEEP, &s.memory, &r),
                  STATUS_OK);
  int wrong = 0;
  for (int p = 0; p < s.planted.history.count; p++)
    for (user_row u = 0; u < s.planted.history.seen[p].count; u++)
      wrong += !list_is_right(&s, terms, filtered, p, u, r.item[p] + u * KEEP, r.score[p] + u * KEEP);
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&s.memory);
}

static void lists_of_one_model_are_those_of_a_sort(void) {
  check_lists(USERS, 1, 0);
  check_lists(USERS, 1, 1);
}

static void lists_of_a_sum_are_those_of_a_sort(void) {
  check_lists(USERS, 2, 0);
  check_lists(USERS, 2, 1);
}

static void partitions_without_users_are_no_fault(void) { check_lists(5, 2, 1); }

static void users_that_are_asked_for_get_the_lists_that_they_get_among_all(void) {
  scene s;
  ranking all, some;
  scene_open(&s, USERS);
  const history *h = &s.planted.history;
  int32_t rows[PLANTED_PARTS] = {0};
  user_row chosen[PLANTED_PARTS][USERS];
  const user_row *row[PLANTED_PARTS];
  for (int p = 0; p < h->count; p++) {
    for (user_row u = 0; u < h->seen[p].count; u++)
      if (planted_history_user(h, p, u) % 11 < 3 || u > 70) chosen[p][rows[p]++] = u;
    row[p] = chosen[p];
  }
  CU_ASSERT_EQUAL(ranking_find(h, s.term, 2, &s.filter, KEEP, &s.memory, &all), STATUS_OK);
  s.filter.rows = rows;
  s.filter.row = row;
  CU_ASSERT_EQUAL(ranking_find(h, s.term, 2, &s.filter, KEEP, &s.memory, &some), STATUS_OK);
  int same = 1;
  for (int p = 0; p < h->count; p++) {
    same &= some.rows[p] == rows[p];
    for (int i = 0; i < some.rows[p]; i++) {
      same &= memcmp(some.item[p] + i * KEEP, all.item[p] + row[p][i] * KEEP, KEEP * sizeof(item_row)) == 0;
      same &= memcmp(some.score[p] + i * KEEP, all.score[p] + row[p][i] * KEEP, KEEP * sizeof(float)) == 0;
    }
  }
  CU_ASSERT_TRUE(same);
  arena_free(&s.memory);
}

static void one_pass_gives_the_lists_of_every_term_and_of_the_sum(void) {
  scene s;
  ranking each[3], one[3];
  scene_open(&s, USERS);
  const history *h = &s.planted.history;
  const ranking_term alone[2] = {{&table_kind, &s.coarse, 1, 0}, {&table_kind, &s.fine, 1, 0}};
  for (int t = 0; t < 2; t++)
    CU_ASSERT_EQUAL(ranking_find(h, &alone[t], 1, &s.filter, KEEP, &s.memory, &one[t]), STATUS_OK);
  for (int without = 0; without < 2; without++) {
    if (without) s.term[0].weight = 0;
    CU_ASSERT_EQUAL(ranking_find(h, s.term, 2, &s.filter, KEEP, &s.memory, &one[2]), STATUS_OK);
    s.coarse.panels = s.fine.panels = 0;
    CU_ASSERT_EQUAL(ranking_find_each(h, s.term, 2, &s.filter, KEEP, &s.memory, each), STATUS_OK);
    CU_ASSERT_EQUAL(s.coarse.panels, (ITEMS + RECOMMENDER_PANEL - 1) / RECOMMENDER_PANEL);
    CU_ASSERT_EQUAL(s.fine.panels, s.coarse.panels);
    for (int k = 0; k < 3; k++)
      for (int p = 0; p < h->count; p++) {
        const size_t places = (size_t)one[k].rows[p] * KEEP;
        CU_ASSERT_EQUAL(each[k].rows[p], one[k].rows[p]);
        CU_ASSERT_EQUAL(memcmp(each[k].item[p], one[k].item[p], places * sizeof(item_row)), 0);
        CU_ASSERT_EQUAL(memcmp(each[k].score[p], one[k].score[p], places * sizeof(float)), 0);
      }
  }
  arena_free(&s.memory);
}

/* Items of either list, found the long way, with both scores. */
static int pool_is_right(const scene *s, const ranking list[2], const ranking_pool *pool, int part, user_row user) {
  int64_t at = pool->offset[part][user];
  for (item_row i = 0; i < ITEMS; i++) {
    int listed = 0;
    for (int k = 0; k < 2 * KEEP; k++) listed |= list[k % 2].item[part][(int64_t)user * KEEP + k / 2] == i;
    if (!listed) continue;
    if (at == pool->offset[part][user + 1] || pool->item[part][at] != i) return 0;
    const int64_t number = planted_history_user(&s->planted.history, part, user);
    for (int t = 0; t < 2; t++)
      if (pool->value[part][t][at] != table_score(s->term[t].model, number, i)) return 0;
    at++;
  }
  return at == pool->offset[part][user + 1];
}

static void a_pool_is_what_the_lists_hold_with_the_scores_of_all(void) {
  scene s;
  ranking list[2];
  ranking_pool pool;
  scene_open(&s, USERS);
  const history *h = &s.planted.history;
  for (int t = 0; t < 2; t++)
    CU_ASSERT_EQUAL(ranking_find(h, &s.term[t], 1, &s.filter, KEEP, &s.memory, &list[t]), STATUS_OK);
  CU_ASSERT_EQUAL(ranking_find_pool(h, s.term, 2, &s.filter, KEEP, &s.memory, &pool), STATUS_OK);
  int wrong = 0;
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++) wrong += !pool_is_right(&s, list, &pool, p, u);
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&s.memory);
}

static void a_model_of_weight_0_is_not_asked(void) {
  scene s;
  ranking r;
  scene_open(&s, 50);
  s.term[0].weight = 0;
  CU_ASSERT_EQUAL(ranking_find(&s.planted.history, s.term, 2, NULL, KEEP, &s.memory, &r), STATUS_OK);
  CU_ASSERT_EQUAL(s.coarse.panels, 0);
  CU_ASSERT_EQUAL(s.fine.panels, (ITEMS + RECOMMENDER_PANEL - 1) / RECOMMENDER_PANEL);
  arena_free(&s.memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(lists_of_one_model_are_those_of_a_sort),
      TEST(lists_of_a_sum_are_those_of_a_sort),
      TEST(partitions_without_users_are_no_fault),
      TEST(users_that_are_asked_for_get_the_lists_that_they_get_among_all),
      TEST(one_pass_gives_the_lists_of_every_term_and_of_the_sum),
      TEST(a_pool_is_what_the_lists_hold_with_the_scores_of_all),
      TEST(a_model_of_weight_0_is_not_asked),
  };
  return MPI_SUITE_RUN(argc, argv, "ranking", tests);
}
