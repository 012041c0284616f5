#include "recommend/blend.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "recommend/verdict.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

/* Fewer items than a pool has places: every pool is the whole catalogue. */
enum { USERS = 900, ITEMS = 95, EVENTS = 12, MODELS = 4 };

/* The truth, or none, in noise. */
typedef struct guess {
  const history *history;
  int number;
  float truth, noise, scale;
  item_row first;
  int count;
} guess;

static float guess_one(const guess *g, int64_t user, item_row item) {
  random_stream r = random_open(100 + (uint64_t)g->number, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  const float truth = item % PLANTED_GROUPS == user % PLANTED_GROUPS ? g->truth : 0;
  return g->scale * (truth + g->noise * random_normal(&r));
}

static status guess_panel(void *model, item_row first, int count) {
  guess *g = model;
  g->first = first;
  g->count = count;
  return STATUS_OK;
}

static void guess_score(void *model, int part, user_row from, int users, float *score) {
  const guess *g = model;
  for (int u = 0; u < users; u++)
    for (int i = 0; i < g->count; i++)
      score[u * RECOMMENDER_PANEL + i] = guess_one(g, planted_history_user(g->history, part, from + u), g->first + i);
}

static const recommender_kind guess_kind = {.name = "guess", .panel = guess_panel, .score = guess_score};

typedef struct scene {
  arena memory;
  planted_history planted;
  guess guess[MODELS];
  ranking_term term[MODELS];
  ranking_filter filter;
  blend_account account;
} scene;

static void scene_open(scene *s, const comm *c, int users, const guess *models) {
  *s = (scene){0};
  CU_ASSERT_EQUAL(planted_history_make(c, users, ITEMS, EVENTS, &s->memory, &s->planted), STATUS_OK);
  for (int k = 0; k < MODELS; k++) {
    s->guess[k] = models[k];
    s->guess[k].history = &s->planted.history;
    s->guess[k].number = k;
    s->term[k] = (ranking_term){&guess_kind, &s->guess[k], 1, 0};
  }
  s->filter = (ranking_filter){.offset = s->planted.offset, .hidden = s->planted.row};
}

static void learn(scene *s, int64_t users) {
  CU_ASSERT_EQUAL(
      blend_learn(&s->planted.history, &s->planted.targets, &s->filter, users, s->term, MODELS, &s->account),
      STATUS_OK);
}

/* Two that know something each on its own scale, one that knows nothing, one that tells nothing apart. */
static const guess mixed[MODELS] = {{.truth = 1, .noise = 0.9F, .scale = 100},
                                    {.truth = 0, .noise = 1, .scale = 1},
                                    {.truth = 1, .noise = 0.8F, .scale = 0.01F},
                                    {.truth = 0, .noise = 0, .scale = 1}};

static double judged_by_ranking(scene *s, const ranking_term *term, int terms) {
  ranking r;
  verdict v;
  const history *h = &s->planted.history;
  CU_ASSERT_EQUAL(ranking_find(h, term, terms, &s->filter, BLEND_TOP, &s->memory, &r), STATUS_OK);
  CU_ASSERT_EQUAL(verdict_of(h, &r, &s->planted.targets, BLEND_TOP, &s->memory, &v), STATUS_OK);
  CU_ASSERT_EQUAL(v.judged, s->account.users);
  return v.ndcg.mean;
}

static void the_blend_is_as_good_as_it_says_and_better_than_its_parts(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, USERS, mixed);
  learn(&s, 100000);
  CU_ASSERT_TRUE(suite_close(judged_by_ranking(&s, s.term, MODELS), s.account.ndcg, 1e-5));
  for (int k = 0; k < 3; k++) {
    const ranking_term alone = {&guess_kind, &s.guess[k], 1, 0};
    CU_ASSERT_TRUE(suite_close(judged_by_ranking(&s, &alone, 1), s.account.alone[k], 1e-5));
    CU_ASSERT_TRUE(s.account.ndcg > s.account.alone[k] * 1.05);
  }
  arena_free(&s.memory);
}

static void models_that_know_nothing_do_not_count(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, USERS, mixed);
  learn(&s, 100000);
  CU_ASSERT_EQUAL(s.term[1].weight, 0);
  CU_ASSERT_EQUAL(s.term[3].weight, 0);
  CU_ASSERT_TRUE(s.account.share[0] > 0.2 && s.account.share[2] > 0.2);
  CU_ASSERT_TRUE(suite_close(s.account.share[0] + s.account.share[2], 1, 1e-12));
  CU_ASSERT_TRUE(s.term[2].weight > 1000 * s.term[0].weight); /* for their scores are so far apart */
  arena_free(&s.memory);
}

static void any_number_of_ranks_learns_the_same(void) {
  scene together, alone;
  scene_open(&together, mpi_suite_comm, USERS, mixed);
  scene_open(&alone, mpi_solo(), USERS, mixed);
  learn(&together, 300);
  learn(&alone, 300);
  CU_ASSERT_EQUAL(memcmp(&together.account, &alone.account, sizeof(blend_account)), 0);
  for (int k = 0; k < MODELS; k++) {
    CU_ASSERT_EQUAL(together.term[k].weight, alone.term[k].weight);
    CU_ASSERT_EQUAL(together.term[k].exponent, alone.term[k].exponent);
  }
  arena_free(&together.memory);
  arena_free(&alone.memory);
}

static void few_users_give_few_models(void) {
  const guess alike[MODELS] = {{.truth = 1, .noise = 1, .scale = 1},
                               {.truth = 0.1F, .noise = 1, .scale = 1},
                               {.truth = 0.1F, .noise = 1, .scale = 1},
                               {.truth = 0.1F, .noise = 1, .scale = 1}};
  scene s;
  scene_open(&s, mpi_suite_comm, 40, alike);
  learn(&s, 100000);
  int active = 0;
  for (int k = 0; k < MODELS; k++) active += s.term[k].weight > 0;
  CU_ASSERT_TRUE(s.account.users > 0 && s.account.users < 40);
  CU_ASSERT_TRUE(active <= 2);
  for (int k = 0; k < MODELS; k++) CU_ASSERT_TRUE(s.account.ndcg >= s.account.alone[k]);
  arena_free(&s.memory);
}

static void as_many_users_as_asked_for_are_looked_at(void) {
  scene all, some;
  scene_open(&all, mpi_suite_comm, USERS, mixed);
  scene_open(&some, mpi_suite_comm, USERS, mixed);
  learn(&all, 100000);
  learn(&some, all.account.users / 3);
  CU_ASSERT_TRUE(some.account.users < all.account.users / 2);
  CU_ASSERT_TRUE(some.account.users > all.account.users / 6);
  arena_free(&all.memory);
  arena_free(&some.memory);
}

static void without_targets_all_weigh_the_same(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, 100, mixed);
  for (int p = 0; p < s.planted.history.count; p++)
    memset(s.planted.targets.offset[p], 0, (size_t)(s.planted.history.seen[p].count + 1) * sizeof(int64_t));
  learn(&s, 100000);
  for (int k = 0; k < 3; k++) CU_ASSERT_TRUE(suite_close(s.account.share[k], 1.0 / 3, 1e-12));
  CU_ASSERT_EQUAL(s.term[3].weight, 0);
  CU_ASSERT_EQUAL(s.account.ndcg, 0);
  CU_ASSERT_EQUAL(s.account.users, 0);
  arena_free(&s.memory);
}

static void without_users_nothing_is_learned_and_nothing_fails(void) {
  scene s;
  scene_open(&s, mpi_suite_comm, 0, mixed);
  learn(&s, 100000);
  CU_ASSERT_EQUAL(s.account.users, 0);
  arena_free(&s.memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_blend_is_as_good_as_it_says_and_better_than_its_parts),
      TEST(models_that_know_nothing_do_not_count),
      TEST(any_number_of_ranks_learns_the_same),
      TEST(few_users_give_few_models),
      TEST(as_many_users_as_asked_for_are_looked_at),
      TEST(without_targets_all_weigh_the_same),
      TEST(without_users_nothing_is_learned_and_nothing_fails),
  };
  return MPI_SUITE_RUN(argc, argv, "blend", tests);
}
