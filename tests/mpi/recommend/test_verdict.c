#include "recommend/verdict.h"

#include <math.h>
#include <string.h>

#include "math/metrics.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { USERS = 600, ITEMS = 90, KEEP = 12, TOP = 10 };

/* Items of the user's group are liked, lower rows first; every seventh user is unlike its group. */
static float like(int64_t user, item_row item) {
  return (user % 7 != 0 && item % PLANTED_GROUPS == user % PLANTED_GROUPS ? 2.0F : 1.0F) - (float)item / ITEMS;
}

typedef struct likes {
  const history *history;
  item_row first;
  int count;
} likes;

static status likes_panel(void *model, item_row first, int count) {
  likes *l = model;
  l->first = first;
  l->count = count;
  return STATUS_OK;
}

static void likes_score(void *model, int part, user_row from, int users, float *score) {
  const likes *l = model;
  for (int u = 0; u < users; u++)
    for (int i = 0; i < l->count; i++)
      score[u * RECOMMENDER_PANEL + i] = like(planted_history_user(l->history, part, from + u), l->first + i);
}

static const recommender_kind likes_kind = {.name = "likes", .panel = likes_panel, .score = likes_score};

typedef struct scene {
  arena memory;
  planted_history planted;
  ranking ranking;
  verdict verdict;
} scene;

static void scene_open(scene *s, const comm *c, int users) {
  *s = (scene){0};
  CU_ASSERT_EQUAL(planted_history_make(c, users, ITEMS, 12, &s->memory, &s->planted), STATUS_OK);
  const history *h = &s->planted.history;
  likes model = {.history = h};
  const ranking_term term = {&likes_kind, &model, 1, 0};
  const ranking_filter filter = {.offset = s->planted.offset, .hidden = s->planted.row};
  CU_ASSERT_EQUAL(ranking_find(h, &term, 1, &filter, KEEP, &s->memory, &s->ranking), STATUS_OK);
  CU_ASSERT_EQUAL(verdict_of(h, &s->ranking, &s->planted.targets, TOP, &s->memory, &s->verdict), STATUS_OK);
}

static void any_number_of_ranks_has_the_same_verdict(void) {
  scene together, alone;
  scene_open(&together, mpi_suite_comm, USERS);
  scene_open(&alone, mpi_solo(), USERS);
  CU_ASSERT_EQUAL(memcmp(&together.verdict, &alone.verdict, sizeof(verdict)), 0);
  arena_free(&together.memory);
  arena_free(&alone.memory);
}

/* The definitions, over all users at once. */
static void means_are_those_of_the_definitions(void) {
  scene s;
  scene_open(&s, mpi_solo(), USERS);
  double recall = 0, ndcg = 0, hits = 0, map = 0;
  int64_t judged = 0;
  for (int p = 0; p < PLANTED_PARTS; p++)
    for (user_row u = 0; u < s.planted.history.seen[p].count; u++) {
      const int64_t from = s.planted.targets.offset[p][u], count = s.planted.targets.offset[p][u + 1] - from;
      if (count == 0) continue;
      const item_row *list = s.ranking.item[p] + u * KEEP, *target = s.planted.targets.item[p] + from;
      metrics_user m;
      metrics_ranking(list, TOP, target, count, TOP, &m);
      judged++;
      recall += m.recall;
      ndcg += m.ndcg;
      hits += m.hit_rate;
      map += m.map;
    }
  const verdict *v = &s.verdict;
  CU_ASSERT_TRUE(judged > USERS / 4);
  CU_ASSERT_EQUAL(v->judged, judged);
  CU_ASSERT_TRUE(suite_close(v->recall.mean, recall / (double)judged, 1e-12));
  CU_ASSERT_TRUE(suite_close(v->ndcg.mean, ndcg / (double)judged, 1e-12));
  CU_ASSERT_TRUE(suite_close(v->hit_rate.mean, hits / (double)judged, 1e-12));
  CU_ASSERT_TRUE(suite_close(v->map.mean, map / (double)judged, 1e-12));
  arena_free(&s.memory);
}

/* A mean of independent users has an interval of about ±1.96 standard errors. */
static void intervals_are_as_wide_as_the_standard_error_says(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, 8 * USERS);
  const verdict_mean m = s.verdict.hit_rate;
  const double error = sqrt(m.mean * (1 - m.mean) / (double)s.verdict.judged);
  CU_ASSERT_TRUE(m.low < m.mean && m.mean < m.high);
  CU_ASSERT_TRUE(suite_close((m.high - m.low) / (2 * 1.96 * error), 1, 0.15));
  CU_ASSERT_TRUE(s.verdict.ndcg.low < s.verdict.ndcg.mean && s.verdict.ndcg.mean < s.verdict.ndcg.high);
  arena_free(&s.memory);
}

static void lists_are_counted_by_item(void) {
  scene s;
  scene_open(&s, mpi_solo(), USERS);
  int64_t listed[ITEMS] = {0}, seen[ITEMS] = {0}, total = 0;
  for (int p = 0; p < PLANTED_PARTS; p++) {
    const als_interactions *m = &s.planted.history.seen[p];
    for (int64_t j = 0; j < m->offset[m->count]; j++) seen[m->item[j]]++;
    for (user_row u = 0; u < m->count; u++)
      for (int k = 0; k < TOP && s.planted.targets.offset[p][u + 1] > s.planted.targets.offset[p][u]; k++, total++)
        listed[s.ranking.item[p][u * KEEP + k]]++;
  }
  double covered = 0, apart = 0, surprise = 0;
  for (int i = 0; i < ITEMS; i++) {
    covered += listed[i] > 0;
    surprise -= (double)listed[i] * log2((double)seen[i] / USERS);
    for (int j = 0; j < ITEMS; j++) apart += fabs((double)(listed[i] - listed[j]));
  }
  CU_ASSERT_TRUE(suite_close(s.verdict.coverage, covered / ITEMS, 1e-12));
  CU_ASSERT_TRUE(suite_close(s.verdict.gini, apart / (2.0 * ITEMS * (double)total), 1e-9));
  CU_ASSERT_TRUE(suite_close(s.verdict.novelty, surprise / (double)total, 1e-9));
  arena_free(&s.memory);
}

static void nobody_to_judge_is_no_fault(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, 0);
  CU_ASSERT_EQUAL(s.verdict.judged, 0);
  CU_ASSERT_EQUAL(s.verdict.ndcg.mean, 0);
  arena_free(&s.memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(any_number_of_ranks_has_the_same_verdict),
      TEST(means_are_those_of_the_definitions),
      TEST(intervals_are_as_wide_as_the_standard_error_says),
      TEST(lists_are_counted_by_item),
      TEST(nobody_to_judge_is_no_fault),
  };
  return MPI_SUITE_RUN(argc, argv, "verdict", tests);
}
