#include "stages/factorise_warm.h"

#include <string.h>

#include "io/work_file.h"
#include "stages/factorise.h"
#include "support/mpi_suite.h"
#include "support/planted.h"

/* An earlier run, whose factorise has run too. */
static status run_earlier(arena *a, char **run, int ratings) {
  const planted_options o = {.ratings = ratings};
  stage s;
  status written = arena_print(a, run, "%s/earlier-%d", mpi_suite_folder(), ratings);
  if (written == STATUS_OK) written = planted_stage(mpi_suite_comm, *run, "factorise", &o, a, &s);
  if (written == STATUS_OK && mpi_suite_comm->rank == 0) written = planted_write(&s, &o);
  TRY_ALL(mpi_suite_comm, written);
  return factorise_run(&s);
}

/* This night: a stage that begins with `earlier`, and the items of that run but the first, with a new one at the end.
 */
static status tonight(const char *earlier, arena *a, stage *s, history *h) {
  char *set = NULL, *path = NULL;
  catalogue items;
  item_id *id = NULL;
  TRY(planted_stage(mpi_suite_comm, "nowhere", "factorise", &(planted_options){0}, a, s));
  TRY(arena_print(a, &set, "als.warm_start=%s", earlier));
  TRY(settings_override((settings *)s->settings, set));
  stage then = *s;
  then.run = earlier;
  TRY(stage_path(&then, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, a, &items));
  TRY(ARENA(a, items.count, &id));
  memcpy(id, items.id + 1, (size_t)(items.count - 1) * sizeof *id);
  id[items.count - 1] = (item_id){UINT64_MAX, UINT64_MAX};
  *h = (history){.comm = mpi_suite_comm, .items = items.count, .item_id = id};
  return STATUS_OK;
}

static int wrong_rows(const char *earlier, const char *file, const history *h, const als_model_options *o, arena *a) {
  stage then = {.run = earlier, .arena = a};
  item_model model;
  char *path = NULL;
  CU_ASSERT_EQUAL(stage_path(&then, "factorise", file, 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_item_model(path, a, &model), STATUS_OK);
  int wrong = 0;
  for (item_row i = 0; i + 1 < h->items; i++) {
    const float *was = model.items.value + (int64_t)(i + 1) * o->width;
    wrong += memcmp(o->start[i], was, (size_t)o->width * sizeof *was) != 0;
    wrong += o->start[i][o->width] != model.items.bias[i + 1];
  }
  return wrong;
}

static void items_begin_where_an_earlier_run_left_them(als_model_goal goal, const char *file) {
  arena a = {0};
  char *earlier = NULL;
  stage s;
  history h;
  int sweeps = 9;
  CU_ASSERT_EQUAL(run_earlier(&a, &earlier, goal == ALS_MODEL_RATINGS), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(tonight(earlier, &a, &s, &h), STATUS_OK);
  als_model_options o = als_model_options_of(s.settings, goal);
  CU_ASSERT_EQUAL(factorise_warm_start(&s, &h, &a, &o, &sweeps), STATUS_OK);
  CU_ASSERT_PTR_NOT_NULL(o.start);
  CU_ASSERT_EQUAL(sweeps, settings_int(s.settings, "als.warm_sweeps"));
  if (o.start != NULL) {
    CU_ASSERT_EQUAL(wrong_rows(earlier, file, &h, &o, &a), 0);
    CU_ASSERT_PTR_NULL(o.start[h.items - 1]); /* nobody knew it */
  }
  o.start = NULL;
  o.width++;
  sweeps = 9;
  CU_ASSERT_EQUAL(factorise_warm_start(&s, &h, &a, &o, &sweeps), STATUS_OK);
  CU_ASSERT_PTR_NULL(o.start);
  CU_ASSERT_EQUAL(sweeps, 9);
  arena_free(&a);
}

static void rankings_begin_where_an_earlier_run_left_them(void) {
  items_begin_where_an_earlier_run_left_them(ALS_MODEL_RANKING, "items");
}

static void ratings_begin_where_an_earlier_run_left_them(void) {
  items_begin_where_an_earlier_run_left_them(ALS_MODEL_RATINGS, "ratings-items");
}

static void without_an_earlier_run_nothing_is_set_and_a_missing_one_is_named(void) {
  arena a = {0};
  stage s;
  int sweeps = 9;
  const history h = {.comm = mpi_suite_comm};
  CU_ASSERT_EQUAL(planted_stage(mpi_suite_comm, "nowhere", "factorise", &(planted_options){0}, &a, &s), STATUS_OK);
  als_model_options o = als_model_options_of(s.settings, ALS_MODEL_RANKING);
  CU_ASSERT_EQUAL(factorise_warm_start(&s, &h, &a, &o, &sweeps), STATUS_OK);
  CU_ASSERT_PTR_NULL(o.start);
  CU_ASSERT_EQUAL(sweeps, 9);
  CU_ASSERT_EQUAL(settings_override((settings *)s.settings, "als.warm_start=never-was"), STATUS_OK);
  CU_ASSERT_EQUAL(factorise_warm_start(&s, &h, &a, &o, &sweeps), STATUS_MISSING);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "never-was"));
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(rankings_begin_where_an_earlier_run_left_them),
      TEST(ratings_begin_where_an_earlier_run_left_them),
      TEST(without_an_earlier_run_nothing_is_set_and_a_missing_one_is_named),
  };
  return MPI_SUITE_RUN(argc, argv, "factorise_warm", tests);
}
