/* What is tried while tuning, and on which part of the data. The search itself is tested by pipeline.evaluate. */
#include <math.h>

#include "recommend/recommender.h"
#include "stages/tune_space.h"
#include "stages/tune_view.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { TRIALS = 40, USERS = 400, ITEMS = 90 };

static settings *make(arena *a, const char *const *assignments) {
  settings *s = NULL;
  CU_ASSERT_EQUAL(settings_create(a, &s), STATUS_OK);
  for (; *assignments != NULL; assignments++) CU_ASSERT_EQUAL(settings_override(s, *assignments), STATUS_OK);
  return s;
}

/* Every stratum of a dimension holds one trial. */
static void trials_are_spread_over_their_ranges(void) {
  arena memory = {0};
  tune_space space;
  const settings *job = make(&memory, (const char *const[]){NULL});
  int taken[TRIALS] = {0};
  CU_ASSERT_EQUAL(tune_space_find(job, "ease", 30000, &space), STATUS_OK);
  CU_ASSERT_EQUAL(space.count, 2);
  for (int t = 1; t < TRIALS; t++) {
    settings *s = NULL;
    CU_ASSERT_EQUAL(settings_clone(job, &memory, &s), STATUS_OK);
    CU_ASSERT_EQUAL(tune_space_draw(&space, 7, t, TRIALS, s), STATUS_OK);
    const double place = log(settings_real(s, "ease.regularisation") / 10) / log(500);
    const int stratum = (int)(place * (TRIALS - 1) + 0.01);
    CU_ASSERT_TRUE(place > -0.001 && place < 1.001);
    if (stratum >= 0 && stratum < TRIALS) taken[stratum]++;
  }
  int held = 0;
  for (int i = 0; i < TRIALS; i++) held += taken[i] > 0;
  CU_ASSERT_TRUE(held >= TRIALS - 4); /* numbers of three digits may fall over an edge */
  arena_free(&memory);
}

/* A key of our own table that is renamed must not be forgotten there. */
static void every_model_has_a_space_of_known_settings(void) {
  arena memory = {0};
  tune_space space;
  settings *s = make(&memory, (const char *const[]){NULL});
  for (int i = 0; recommender_kinds[i] != NULL; i++) {
    CU_ASSERT_EQUAL(tune_space_find(s, recommender_kinds[i]->name, 30000, &space), STATUS_OK);
    CU_ASSERT_EQUAL(tune_space_draw(&space, 7, 3, TRIALS, s), STATUS_OK);
  }
  arena_free(&memory);
}

static void the_first_trial_is_the_job_s_own(void) {
  arena memory = {0};
  tune_space space;
  settings *s = make(&memory, (const char *const[]){"als.width=77", NULL});
  CU_ASSERT_EQUAL(tune_space_find(s, "als", 30000, &space), STATUS_OK);
  CU_ASSERT_EQUAL(tune_space_draw(&space, 7, 0, TRIALS, s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 77);
  CU_ASSERT_EQUAL(tune_space_draw(&space, 7, 5, TRIALS, s), STATUS_OK);
  CU_ASSERT_NOT_EQUAL(settings_int(s, "als.width"), 77);
  arena_free(&memory);
}

static void a_job_replaces_and_adds_dimensions(void) {
  arena memory = {0};
  tune_space space;
  settings *s = make(&memory, (const char *const[]){"tune.space[0].model=ease", "tune.space[0].key=ease.regularisation",
                                                    "tune.space[0].low=3", "tune.space[0].high=4",
                                                    "tune.space[1].model=ease", "tune.space[1].key=ease.binary",
                                                    "tune.space[1].scale=list", "tune.space[1].values=false", NULL});
  CU_ASSERT_EQUAL(tune_space_find(s, "ease", 30000, &space), STATUS_OK);
  CU_ASSERT_EQUAL(space.count, 2);
  CU_ASSERT_EQUAL(tune_space_draw(&space, 7, 1, 2, s), STATUS_OK);
  CU_ASSERT_TRUE(settings_real(s, "ease.regularisation") >= 3 && settings_real(s, "ease.regularisation") <= 4);
  CU_ASSERT_EQUAL(settings_bool(s, "ease.binary"), 0);
  CU_ASSERT_EQUAL(settings_override(s, "tune.space[1].key=ease.nothing"), STATUS_OK);
  CU_ASSERT_EQUAL(tune_space_find(s, "ease", 30000, &space), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_override(s, "tune.space[1].key=ease.binary"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(s, "tune.space[0].high=2"), STATUS_OK);
  CU_ASSERT_EQUAL(tune_space_find(s, "ease", 30000, &space), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(tune_space_find(s, "popularity", 30000, &space), STATUS_OK);
  CU_ASSERT_EQUAL(space.count, 0);
  arena_free(&memory);
}

static void steps_stay_within_their_ranges(void) {
  const tune_dimension log10 = {"als", "als.unobserved", TUNE_LOG, 0.01, 1, NULL, 0},
                       even = {"spectral", "spectral.sharpen", TUNE_LINEAR, 0, 4, NULL, 0},
                       list = {"als", "als.width", TUNE_LIST, 0, 0, "32,64,128,256", 1.0 / 100};
  const tune_space space = {.items = 20000}; /* a factor of 256 is too long for so few */
  arena memory = {0};
  int moved = 0;
  settings *s =
      make(&memory, (const char *const[]){"als.unobserved=0.1", "spectral.sharpen=3.5", "als.width=64", NULL});
  CU_ASSERT_EQUAL(tune_space_step(&space, &log10, 0.25, &memory, s, &moved), STATUS_OK);
  CU_ASSERT_TRUE(moved && suite_close(settings_real(s, "als.unobserved"), 0.316, 1e-9));
  CU_ASSERT_EQUAL(tune_space_step(&space, &log10, -2, &memory, s, &moved), STATUS_OK);
  CU_ASSERT_TRUE(moved && suite_close(settings_real(s, "als.unobserved"), 0.01, 1e-9));
  CU_ASSERT_EQUAL(tune_space_step(&space, &log10, -2, &memory, s, &moved), STATUS_OK);
  CU_ASSERT_FALSE(moved);
  CU_ASSERT_EQUAL(tune_space_step(&space, &even, 0.25, &memory, s, &moved), STATUS_OK);
  CU_ASSERT_TRUE(moved && suite_close(settings_real(s, "spectral.sharpen"), 4, 1e-9));
  for (int up = 1, width = 64; up <= 3; up++) {
    width = width < 128 ? 2 * width : width;
    CU_ASSERT_EQUAL(tune_space_step(&space, &list, 0.1, &memory, s, &moved), STATUS_OK);
    CU_ASSERT_EQUAL(moved, up == 1);
    CU_ASSERT_EQUAL(settings_int(s, "als.width"), width);
  }
  for (int down = 1; down <= 3; down++)
    CU_ASSERT_EQUAL(tune_space_step(&space, &list, -0.1, &memory, s, &moved), STATUS_OK);
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 32);
  CU_ASSERT_FALSE(moved);
  arena_free(&memory);
}

/* A view of a planted history with ratings of 1, in which every user with targets is judged. */
static void view_open(arena *a, planted_history *planted, fold_view *v) {
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, 20, a, planted), STATUS_OK);
  const history *h = &planted->history;
  int32_t *rows = NULL;
  user_row **row = NULL;
  *v = (fold_view){.history = *h, .targets = planted->targets};
  CU_ASSERT_EQUAL(ARENA(a, h->count, &rows), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(a, h->count, &row), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(a, h->count, &v->targets.rating), STATUS_OK);
  for (int p = 0; p < h->count; p++) {
    CU_ASSERT_EQUAL(ARENA(a, h->seen[p].count, &row[p]), STATUS_OK);
    CU_ASSERT_EQUAL(ARENA(a, v->targets.offset[p][h->seen[p].count], &v->targets.rating[p]), STATUS_OK);
    for (user_row u = 0; u < h->seen[p].count; u++)
      if (v->targets.offset[p][u] < v->targets.offset[p][u + 1]) row[p][rows[p]++] = u;
    v->judged += rows[p];
  }
  v->filter = (ranking_filter){
      .offset = planted->offset, .hidden = planted->row, .rows = rows, .row = (const user_row *const *)row};
  comm_sum_i64(mpi_suite_comm, &v->judged, 1);
}

static void a_smaller_view_has_fewer_users_and_the_popular_items(void) {
  arena memory = {0};
  planted_history planted;
  fold_view v, small, fewer;
  int64_t crowd[ITEMS] = {0}, kept[ITEMS] = {0};
  view_open(&memory, &planted, &v);
  CU_ASSERT_EQUAL(tune_view_create(&v, v.judged / 2, 0, &memory, &fewer), STATUS_OK);
  CU_ASSERT_TRUE(fewer.judged > v.judged / 4 && fewer.judged < v.judged * 3 / 4);
  CU_ASSERT_EQUAL(tune_view_create(&v, 0, 30, &memory, &small), STATUS_OK);
  CU_ASSERT_EQUAL(small.history.items, 30);
  CU_ASSERT_TRUE(small.judged > 0 && small.judged < v.judged);
  for (int p = 0; p < v.history.count; p++) {
    const als_interactions *all = &v.history.seen[p], *some = &small.history.seen[p];
    for (int64_t j = 0; j < all->offset[all->count]; j++) crowd[all->item[j]]++;
    for (int64_t j = 0; j < some->offset[some->count]; j++) kept[small.history.item_id[some->item[j]].low]++;
    for (user_row u = 0; u < some->count; u++)
      for (int64_t j = some->offset[u] + 1; j < some->offset[u + 1]; j++)
        CU_ASSERT_TRUE(some->item[j - 1] < some->item[j]);
    for (int32_t k = 0; k < small.filter.rows[p]; k++) {
      const user_row u = small.filter.row[p][k];
      CU_ASSERT_TRUE(small.targets.offset[p][u] < small.targets.offset[p][u + 1]);
    }
  }
  comm_sum_i64(mpi_suite_comm, crowd, ITEMS);
  comm_sum_i64(mpi_suite_comm, kept, ITEMS);
  for (int i = 0; i < ITEMS; i++)
    for (int j = 0; j < ITEMS; j++)
      if (kept[i] > 0 && kept[j] == 0) CU_ASSERT_TRUE(kept[i] == crowd[i] && crowd[i] >= crowd[j]);
  arena_free(&memory);
}

static void a_view_may_stay_as_it_is(void) {
  arena memory = {0};
  planted_history planted;
  fold_view v, same;
  view_open(&memory, &planted, &v);
  CU_ASSERT_EQUAL(tune_view_create(&v, 0, 0, &memory, &same), STATUS_OK);
  CU_ASSERT_EQUAL(same.history.items, ITEMS);
  CU_ASSERT_PTR_EQUAL(same.history.seen, v.history.seen);
  CU_ASSERT_TRUE(same.judged > 0 && same.judged <= v.judged); /* those without a past are not judged */
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(trials_are_spread_over_their_ranges),
      TEST(every_model_has_a_space_of_known_settings),
      TEST(the_first_trial_is_the_job_s_own),
      TEST(a_job_replaces_and_adds_dimensions),
      TEST(steps_stay_within_their_ranges),
      TEST(a_smaller_view_has_fewer_users_and_the_popular_items),
      TEST(a_view_may_stay_as_it_is),
  };
  return MPI_SUITE_RUN(argc, argv, "tune", tests);
}
