#include "stages/factorise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/digest.h"
#include "io/work_file.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted.h"

/* Fabricates a platform in a folder of its own and runs the stage over the ranks of `c`. */
static status run_in(const comm *c, const char *name, const planted_options *o, arena *a, char **run, stage *s) {
  status written = arena_print(a, run, "%s/%s", mpi_suite_folder(), name);
  if (written == STATUS_OK) written = planted_stage(c, *run, "factorise", o, a, s);
  if (written == STATUS_OK && c->rank == 0) written = planted_write(s, o);
  TRY_ALL(c, written);
  return factorise_run(s);
}

static double summary_number(const stage *s, const char *name) {
  const char *at = strstr(s->done.summary, name);
  return at == NULL ? -1 : atof(strchr(at, ':') + 1);
}

/* One digest over every file that the stage leaves. */
static void digest_of(const stage *s, int ratings, char out[DIGEST_TEXT]) {
  static const char *const names[] = {"items", "users", "candidates", "ratings-items", "ratings"};
  static const int parts[] = {0, PLANTED_PARTS, PLANTED_PARTS, 0, PLANTED_PARTS};
  char all[(3 * PLANTED_PARTS + 3) * DIGEST_TEXT] = "";
  for (int n = 0; n < (ratings ? 5 : 3); n++)
    for (int p = 0; p < (parts[n] > 0 ? parts[n] : 1); p++) {
      char *path = NULL, one[DIGEST_TEXT] = "";
      CU_ASSERT_EQUAL(stage_path(s, "factorise", names[n], p, parts[n], &path), STATUS_OK);
      CU_ASSERT_EQUAL(digest_file(path, one), STATUS_OK);
      strcat(all, one);
    }
  digest_bytes(all, strlen(all), out);
}

static void same_bytes_as_one_rank(const char *name, const planted_options *o) {
  arena a = {0};
  stage s;
  char *run = NULL, together[DIGEST_TEXT] = "", alone[DIGEST_TEXT] = "", folder[64];
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, name, o, &a, &run, &s), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  digest_of(&s, o->ratings, together);
  snprintf(folder, sizeof folder, "%s-alone-%d", name, mpi_suite_comm->rank);
  if (mpi_suite_comm->rank == 0) {
    arena b = {0};
    stage t;
    char *other = NULL;
    const status solo = run_in(mpi_solo(), folder, o, &b, &other, &t);
    CU_ASSERT_EQUAL(solo, STATUS_OK);
    digest_of(&t, o->ratings, alone);
    CU_ASSERT_STRING_EQUAL(together, alone);
    arena_free(&b);
  }
  comm_barrier(mpi_suite_comm);
  arena_free(&a);
}

static void implicit_factors_have_the_same_bytes_on_any_number_of_ranks(void) {
  same_bytes_as_one_rank("implicit", &(planted_options){0});
}

static void explicit_factors_have_the_same_bytes_on_any_number_of_ranks(void) {
  same_bytes_as_one_rank("explicit", &(planted_options){.ratings = 1});
}

static void planted_tastes_are_found(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "tastes", &(planted_options){0}, &a, &run, &s), STATUS_OK);
  const double recall = summary_number(&s, "\"recall@20\""), popular = summary_number(&s, "\"popularity_recall@20\"");
  CU_ASSERT_TRUE(popular > 0);
  CU_ASSERT_TRUE(recall > 1.5 * popular);
  CU_ASSERT_TRUE(summary_number(&s, "\"ndcg@20\"") > summary_number(&s, "\"popularity_ndcg@20\""));
  CU_ASSERT_TRUE(summary_number(&s, "\"sweeps\"") >= 1);
  arena_free(&a);
}

static void the_blend_is_no_worse_than_any_of_its_models(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "blend", &(planted_options){0}, &a, &run, &s), STATUS_OK);
  const double blend = summary_number(&s, "\"blend_ndcg@20\"");
  double shares = 0;
  for (int i = 0; i < settings_count(s.settings, "recommender.models"); i++) {
    char name[64];
    snprintf(name, sizeof name, "\"%s_alone_ndcg@20\"", settings_list_at(s.settings, "recommender.models", i));
    CU_ASSERT_TRUE(summary_number(&s, name) > 0 && blend >= summary_number(&s, name));
    snprintf(name, sizeof name, "\"%s_share\"", settings_list_at(s.settings, "recommender.models", i));
    shares += summary_number(&s, name);
  }
  CU_ASSERT_TRUE(suite_close(shares, 1, 1e-3));
  arena_free(&a);
}

/* Nobody is offered what it knows, or what is not to be had. */
static void check_candidates(const stage *s, const catalogue *c, int part, int *lists) {
  users u;
  candidate_lists l;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(s, "ingest", "users", part, PLANTED_PARTS, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_users(path, PLANTED_ITEMS, s->arena, &u), STATUS_OK);
  CU_ASSERT_EQUAL(stage_path(s, "factorise", "candidates", part, PLANTED_PARTS, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_candidates(path, PLANTED_ITEMS, s->arena, &l), STATUS_OK);
  CU_ASSERT_EQUAL(l.count, u.count);
  int wrong = 0;
  for (user_row i = 0; i < u.count; i++) {
    const item_row *item = l.item + i * DECISION_CANDIDATES;
    const int has_past = u.offset[i + 1] > u.offset[i], is_barred = u.flags[i] & USER_SUPPRESSED;
    wrong += item[0] >= 0 && (!has_past || is_barred); /* who knows everything has none either */
    *lists += item[0] >= 0;
    for (int k = 0; k < DECISION_CANDIDATES && item[k] >= 0; k++) {
      wrong += !c->available[item[k]];
      for (int64_t j = u.offset[i]; j < u.offset[i + 1]; j++) wrong += u.item[j] == item[k];
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void candidates_are_new_to_the_user_and_available(void) {
  arena a = {0};
  stage s;
  catalogue c;
  char *run = NULL, *path = NULL;
  int lists = 0;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "offers", &(planted_options){0}, &a, &run, &s), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(stage_path(&s, "ingest", "items", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_catalogue(path, &a, &c), STATUS_OK);
  for (int p = 0; p < PLANTED_PARTS; p++) check_candidates(&s, &c, p, &lists);
  CU_ASSERT_TRUE(lists > PLANTED_USERS / 2);
  arena_free(&a);
}

static void a_model_that_the_data_is_too_large_for_is_left_out(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  status ready = arena_print(&a, &run, "%s/large", mpi_suite_folder());
  if (ready == STATUS_OK) ready = planted_stage(mpi_suite_comm, run, "factorise", &(planted_options){0}, &a, &s);
  if (ready == STATUS_OK) ready = settings_override((settings *)(uintptr_t)s.settings, "ease.items=7");
  if (ready == STATUS_OK && mpi_suite_comm->rank == 0) ready = planted_write(&s, &(planted_options){0});
  CU_ASSERT_EQUAL(comm_agree(mpi_suite_comm, ready), STATUS_OK);
  CU_ASSERT_EQUAL(factorise_run(&s), STATUS_OK);
  CU_ASSERT_PTR_NULL(strstr(s.done.summary, "ease"));
  CU_ASSERT_PTR_NOT_NULL(strstr(s.done.summary, "als_share"));
  arena_free(&a);
}

static void ratings_are_predicted_better_than_by_their_mean(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "ratings", &(planted_options){.ratings = 1}, &a, &run, &s), STATUS_OK);
  CU_ASSERT_TRUE(summary_number(&s, "\"rmse\"") > 0);
  CU_ASSERT_TRUE(summary_number(&s, "\"rmse\"") < 0.8 * summary_number(&s, "\"mean_rmse\""));
  CU_ASSERT_TRUE(summary_number(&s, "\"recall@20\"") > 1.5 * summary_number(&s, "\"popularity_recall@20\""));
  item_model m;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(&s, "factorise", "ratings-items", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_item_model(path, &a, &m), STATUS_OK);
  CU_ASSERT_TRUE(m.mean > 2 && m.mean < 5);
  arena_free(&a);
}

static void check_users(const stage *s, int part, int *silent) {
  users u;
  factors f;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(s, "ingest", "users", part, PLANTED_PARTS, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_users(path, PLANTED_ITEMS, s->arena, &u), STATUS_OK);
  CU_ASSERT_EQUAL(stage_path(s, "factorise", "users", part, PLANTED_PARTS, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_factors(path, s->arena, &f), STATUS_OK);
  CU_ASSERT_EQUAL(f.count, u.count);
  int wrong = 0;
  for (int32_t i = 0; i < f.count; i++) {
    double square = 0;
    for (int c = 0; c < f.width; c++) square += (double)f.value[i * f.width + c] * (double)f.value[i * f.width + c];
    wrong += !isfinite(square);
    wrong += (square > 0) != (u.offset[i + 1] > u.offset[i]);
    *silent += u.offset[i + 1] == u.offset[i];
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void who_did_nothing_has_no_factor_and_nothing_is_not_a_number(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "silent", &(planted_options){0}, &a, &run, &s), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  int silent = 0;
  for (int p = 0; p < PLANTED_PARTS; p++) check_users(&s, p, &silent);
  CU_ASSERT_TRUE(silent > 10);
  item_model m;
  catalogue c;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(&s, "factorise", "items", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_item_model(path, &a, &m), STATUS_OK);
  CU_ASSERT_EQUAL(stage_path(&s, "ingest", "items", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_catalogue(path, &a, &c), STATUS_OK);
  int wrong = 0;
  for (int32_t i = 0; i < m.items.count; i++) {
    double square = 0;
    for (int k = 0; k < m.items.width; k++)
      square += (double)m.items.value[i * m.items.width + k] * (double)m.items.value[i * m.items.width + k];
    wrong += !isfinite(square) || (square > 0) != (c.users[i] > 0);
    wrong += fabs((double)m.popularity[i] - (double)c.users[i] / PLANTED_USERS) > 1e-6;
  }
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&a);
}

static void without_a_validation_cut_it_sweeps_as_often_as_it_may(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  const planted_options o = {.no_validation = 1};
  CU_ASSERT_EQUAL(run_in(mpi_suite_comm, "no-cut", &o, &a, &run, &s), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(s.done.summary, "\"sweeps\": 8");
  arena_free(&a);
}

static void a_missing_file_is_one_sentence_on_all_ranks(void) {
  arena a = {0};
  stage s;
  char *run = NULL;
  CU_ASSERT_EQUAL(arena_print(&a, &run, "%s/nowhere", mpi_suite_folder()), STATUS_OK);
  CU_ASSERT_EQUAL(planted_stage(mpi_suite_comm, run, "factorise", &(planted_options){0}, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(factorise_run(&s), STATUS_MISSING);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "nowhere"));
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(implicit_factors_have_the_same_bytes_on_any_number_of_ranks),
      TEST(explicit_factors_have_the_same_bytes_on_any_number_of_ranks),
      TEST(planted_tastes_are_found),
      TEST(the_blend_is_no_worse_than_any_of_its_models),
      TEST(candidates_are_new_to_the_user_and_available),
      TEST(a_model_that_the_data_is_too_large_for_is_left_out),
      TEST(ratings_are_predicted_better_than_by_their_mean),
      TEST(who_did_nothing_has_no_factor_and_nothing_is_not_a_number),
      TEST(without_a_validation_cut_it_sweeps_as_often_as_it_may),
      TEST(a_missing_file_is_one_sentence_on_all_ranks),
  };
  return MPI_SUITE_RUN(argc, argv, "factorise", tests);
}
