/* What is held back for a test, by each protocol, and that nothing else changes by it. */
#include "stages/ingest.h"
#include "support/stage_fixture.h"

enum { PARTITIONS = 4 };

/* The users of a finished ingest, looked up by name. */
typedef struct view {
  arena memory;
  catalogue items;
  users part[PARTITIONS];
} view;

static void view_open(const fixture *f, view *v) {
  *v = (view){.memory = {0}};
  CU_ASSERT_EQUAL(fixture_catalogue(f, &v->memory, &v->items), STATUS_OK);
  for (int p = 0; p < PARTITIONS; p++)
    CU_ASSERT_EQUAL(fixture_users(f, p, PARTITIONS, v->items.count, &v->memory, &v->part[p]), STATUS_OK);
}

static const users *find_user(const view *v, const char *name, user_row *row) {
  for (int p = 0; p < PARTITIONS; p++)
    for (*row = 0; *row < v->part[p].count; ++*row)
      if (strcmp(strings_at(&v->part[p].name, *row), name) == 0) return &v->part[p];
  return NULL;
}

/* Fold of a pair, or -1; *weight may be NULL. */
static int fold_of(const view *v, const char *user, const char *item, float *weight) {
  user_row i = 0;
  const users *u = find_user(v, user, &i);
  for (int64_t j = u == NULL ? 0 : u->offset[i]; u != NULL && j < u->offset[i + 1]; j++) {
    if (strcmp(strings_at(&v->items.name, u->item[j]), item) != 0) continue;
    if (weight != NULL) *weight = u->weight[j];
    return u->fold[j];
  }
  return -1;
}

static int64_t count_fold(const view *v, const char *user, fold wanted) {
  user_row i = 0;
  int64_t count = 0;
  const users *u = find_user(v, user, &i);
  for (int64_t j = u == NULL ? 0 : u->offset[i]; u != NULL && j < u->offset[i + 1]; j++) count += u->fold[j] == wanted;
  return count;
}

static status run(fixture *f, const char *name, int alone, stage_purpose purpose, const char *const *assignments) {
  fixture_open(f, name, alone, assignments);
  f->purpose = purpose;
  return fixture_run(f, "ingest", ingest_run);
}

/* By all ranks together and by one alone: the same files. */
static void run_twice(fixture *f, const char *name, stage_purpose purpose, const char *const *assignments) {
  fixture alone;
  CU_ASSERT_EQUAL(run(f, name, 0, purpose, assignments), STATUS_OK);
  CU_ASSERT_EQUAL(run(&alone, name, 1, purpose, assignments), STATUS_OK);
  CU_ASSERT_TRUE(fixture_same(f, &alone, "ingest/items.nmt"));
  CU_ASSERT_TRUE(fixture_same_all(f, &alone, "ingest/users", PARTITIONS));
  fixture_close(&alone);
}

/* ann's last new item is 3, though she came back to 1; bob's two are of one moment; cyd has one item only. */
static const char timed[] =
    "user,item,time\nann,1,100\nann,2,200\nann,3,300\nann,1,900\nann,3,950\nbob,1,150\nbob,2,150\ncyd,3,800\ncyd,3,"
    "850\n"
    "dan,1,120\ndan,4,990\n";
#define TIMED \
  "job=test", "partitions.users=4", "inputs.interactions.columns.time=time", "inputs.interactions.time_format=unix"

static void the_last_new_item_of_a_user_is_left_out(void) {
  char path[600], line[700];
  fixture f;
  view v;
  run_twice(
      &f, "last", STAGE_EVALUATE,
      (const char *const[]){fixture_path(line, "inputs.interactions.path", fixture_file(path, "timed.csv", timed)),
                            TIMED, "evaluate.protocol=last", "events.validation_share=0", NULL});
  view_open(&f, &v);
  CU_ASSERT_EQUAL(fold_of(&v, "ann", "3", NULL), FOLD_TEST);
  CU_ASSERT_EQUAL(fold_of(&v, "ann", "1", NULL), FOLD_TRAIN);
  CU_ASSERT_EQUAL(fold_of(&v, "ann", "2", NULL), FOLD_TRAIN);
  CU_ASSERT_EQUAL(count_fold(&v, "bob", FOLD_TEST), 1);
  CU_ASSERT_EQUAL(count_fold(&v, "bob", FOLD_TRAIN), 1);
  CU_ASSERT_EQUAL(count_fold(&v, "cyd", FOLD_TEST), 0);
  CU_ASSERT_EQUAL(fold_of(&v, "dan", "4", NULL), FOLD_TEST);
  user_row ann = 0;
  const users *u = find_user(&v, "ann", &ann);
  if (u != NULL) CU_ASSERT_EQUAL(u->event_offset[ann + 1] - u->event_offset[ann], 3);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_accepted"), 11);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_events"), 4);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_targets"), 3);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "now"), 901);
  arena_free(&v.memory);
  fixture_close(&f);
}

/* The last four of eleven events, from 850 on: what was touched before is no target; weights know nothing of them. */
static void the_last_events_by_time_are_cut_off(void) {
  char path[600], line[700];
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "timed.csv", timed)),
      TIMED,
      "evaluate.protocol=time",
      "evaluate.share=0.36",
      "events.validation_share=0.14",
      NULL};
  fixture f;
  view v;
  float weight = 0;
  run_twice(&f, "time", STAGE_EVALUATE, assignments);
  view_open(&f, &v);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_events"), 4);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "now"), 801);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "cut"), 800);
  CU_ASSERT_EQUAL(fold_of(&v, "dan", "4", NULL), FOLD_TEST);
  CU_ASSERT_EQUAL(fold_of(&v, "ann", "1", &weight), FOLD_TRAIN);
  CU_ASSERT_TRUE(suite_close((double)weight, 1, 1e-6));
  CU_ASSERT_EQUAL(fold_of(&v, "cyd", "3", &weight), FOLD_VALIDATION);
  CU_ASSERT_TRUE(suite_close((double)weight, 1, 1e-6));
  for (item_row i = 0; i < v.items.count; i++)
    CU_ASSERT_EQUAL(v.items.users[i], "\0\3\2\2\0"[strings_at(&v.items.name, i)[0] - '0']);
  arena_free(&v.memory);
  fixture_close(&f);
}

/* A night of the same settings holds nothing back; a tuning holds back the same and does not look at it. */
static void a_night_holds_nothing_back(void) {
  char path[600], line[700];
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "timed.csv", timed)), TIMED,
      "evaluate.protocol=last", "events.validation_share=0", NULL};
  fixture f, tuned;
  CU_ASSERT_EQUAL(run(&f, "night", 0, STAGE_NIGHT, assignments), STATUS_OK);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "events"), 11);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_events"), -1);
  CU_ASSERT_EQUAL(run(&tuned, "tuned", 0, STAGE_TUNE, assignments), STATUS_OK);
  CU_ASSERT_EQUAL(fixture_number(&tuned, "ingest", "events"), 7);
  fixture_close(&f);
  fixture_close(&tuned);
}

static const char rated[] = "user,item,rating\nann,1,5\nann,2,3\nbob,1,2\nbob,2,4\n";
static const char rated_test[] = "user,item,rating\nann,3,1\nbob,1,5\neve,1,4\nann,3,2\nann,9,x\n";

static void a_test_file_is_held_apart(void) {
  char path[600], other[600], line[700], test_line[700];
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "rated.csv", rated)),
      fixture_path(test_line, "inputs.test.path", fixture_file(other, "rated_test.csv", rated_test)),
      "job=test",
      "partitions.users=4",
      "als.feedback=explicit",
      "inputs.rejects_share=0.5",
      "events.validation_share=0",
      "inputs.interactions.columns.rating=rating",
      NULL};
  fixture f;
  view v;
  float weight = 0;
  run_twice(&f, "file", STAGE_EVALUATE, assignments);
  view_open(&f, &v);
  CU_ASSERT_EQUAL(v.items.count, 3);
  CU_ASSERT_EQUAL(fold_of(&v, "ann", "3", &weight), FOLD_TEST);
  CU_ASSERT_TRUE(suite_close((double)weight, 1, 1e-6)); /* the first line of two that are the same event */
  CU_ASSERT_EQUAL(fold_of(&v, "bob", "1", &weight), FOLD_TRAIN);
  CU_ASSERT_TRUE(suite_close((double)weight, 2, 1e-6));
  CU_ASSERT_EQUAL(fold_of(&v, "eve", "1", NULL), FOLD_TEST);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_read"), 4);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_accepted"), 4);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_rows"), 5);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_targets"), 2);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_newcomers"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_rejected.duplicate"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "test_rejected.bad_number"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.duplicate"), -1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items_without_users"), 1);
  arena_free(&v.memory);
  fixture_close(&f);
}

static void a_missing_test_file_stops_an_evaluation_and_no_tuning(void) {
  char path[600], line[700];
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "rated.csv", rated)), "job=test",
      "partitions.users=4", "inputs.test.path=not/there.csv", NULL};
  const char *const unnamed[] = {line, "job=test", "partitions.users=4", "evaluate.protocol=file", NULL};
  fixture f;
  CU_ASSERT_EQUAL(run(&f, "missing", 0, STAGE_EVALUATE, assignments), STATUS_MISSING);
  fixture_close(&f);
  CU_ASSERT_EQUAL(run(&f, "unnamed", 0, STAGE_EVALUATE, unnamed), STATUS_SETTINGS);
  fixture_close(&f);
  CU_ASSERT_EQUAL(run(&f, "tuning", 0, STAGE_TUNE, assignments), STATUS_OK);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "events"), 4);
  fixture_close(&f);
}

/* Without times pairs are drawn, and each user keeps one to learn from. */
static void drawn_pairs_leave_each_user_one(void) {
  static char text[4000];
  char *at = text, path[600], line[700];
  for (int u = 0; u < 60; u++) {
    at += sprintf(at, "u%d", u);
    for (int i = 0; i <= u % 4; i++) at += sprintf(at, " %d", (u * 7 + i * 3) % 20);
    at += sprintf(at, "\n");
  }
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "few.txt", text)),
      "job=test",
      "partitions.users=4",
      "inputs.interactions.format=list",
      "events.validation_share=0.7",
      "evaluate.share=0.5",
      NULL};
  fixture f;
  view v;
  run_twice(&f, "drawn", STAGE_EVALUATE, assignments);
  view_open(&f, &v);
  int64_t pairs[FOLDS] = {0};
  for (int u = 0; u < 60; u++) {
    char name[16];
    snprintf(name, sizeof name, "u%d", u);
    CU_ASSERT_TRUE(count_fold(&v, name, FOLD_TRAIN) >= 1);
    for (int k = 0; k < FOLDS; k++) pairs[k] += count_fold(&v, name, (fold)k);
  }
  CU_ASSERT_EQUAL(pairs[0] + pairs[1] + pairs[2], 150);
  CU_ASSERT_TRUE(pairs[FOLD_TEST] > 40 && pairs[FOLD_TEST] < 75);
  CU_ASSERT_TRUE(pairs[FOLD_VALIDATION] > 10 && pairs[FOLD_VALIDATION] < 40);
  arena_free(&v.memory);
  fixture_close(&f);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_last_new_item_of_a_user_is_left_out),
      TEST(the_last_events_by_time_are_cut_off),
      TEST(a_night_holds_nothing_back),
      TEST(a_test_file_is_held_apart),
      TEST(a_missing_test_file_stops_an_evaluation_and_no_tuning),
      TEST(drawn_pairs_leave_each_user_one),
  };
  return MPI_SUITE_RUN(argc, argv, "ingest folds", tests);
}
