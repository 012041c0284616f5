/* `nightmail plan` on a small job: what it counts, prints and refuses. */
#include "cli/plan.h"

#include <jansson.h>
#include <zstd.h>

#include "stages/plan_events.h"
#include "stages/plan_model.h"
#include "stages/plan_table.h"
#include "unit/cli/calling.h"

enum { USERS = 400, ITEMS = 90, ROWS = 40000 };

static char job[600];
static uint8_t touched[USERS][ITEMS];
static int pairs;

static void write_text(const char *name, const char *text) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  CU_ASSERT_EQUAL_FATAL(file_write(path, text, strlen(text)), STATUS_OK);
}

/* Every user as often as every other, and every item. */
static void make_events(int rows) {
  char path[600], row[64];
  file_writer *w = NULL;
  snprintf(path, sizeof path, "%s/events.csv", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_writer_open(path, &w), STATUS_OK);
  CU_ASSERT_EQUAL(file_writer_append(w, "user,item,time\n", 15), STATUS_OK);
  for (int i = 0; i < rows; i++) {
    const unsigned at = (unsigned)i * 2654435761u;
    const unsigned user = (at >> 8) % USERS, item = (at >> 20) % ITEMS;
    const int length = snprintf(row, sizeof row, "u%u,i%u,%d\n", user, item, 1700000000 + i);
    pairs += !touched[user][item];
    touched[user][item] = 1;
    CU_ASSERT_EQUAL(file_writer_append(w, row, (size_t)length), STATUS_OK);
  }
  CU_ASSERT_EQUAL_FATAL(file_writer_commit(w), STATUS_OK);
}

static void make_copy(void) {
  char *text = NULL;
  static const char *const things[] = {"story", "song", "lamp", "book", "tour", "chair", "film", "walk"};
  static const char *const phrases[] = {"Look at", "You may like", "A quiet evening with", "Have you seen", "Here is"};
  CU_ASSERT_EQUAL_FATAL(arena_print(&memory, &text, "text,tone,language,domain\n"), STATUS_OK);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 5; k++)
      for (int t = 0; t < 2; t++)
        CU_ASSERT_EQUAL_FATAL(arena_print(&memory, &text, "%s%s <title> and a %s%s,%s,en,shop\n", text, phrases[k],
                                          things[i], t == 0 ? "" : " too", t == 0 ? "pick" : "story"),
                              STATUS_OK);
  write_text("copy.csv", text);
}

static void make_job(void) {
  char *text = NULL;
  CU_ASSERT_EQUAL_FATAL(
      arena_print(&memory, &text,
                  "job: small\nruns: %s/runs\npartitions: {users: 8, items: 4}\n"
                  "inputs:\n  interactions: {path: %s/events.csv, time_format: unix, columns: {time: time}}\n"
                  "  copy: {paths: [%s/copy.csv]}\n"
                  "als: {width: 8, sweeps: 3}\nwriter: {vocabulary: 512, embedding: 16, hidden: 16, epochs: 2}\n"
                  "gan: {rounds: 1, discriminator_steps: 3}\n",
                  suite_folder(), suite_folder(), suite_folder()),
      STATUS_OK);
  write_text("small.yaml", text);
  snprintf(job, sizeof job, "%s/small.yaml", suite_folder());
}

/* Asserts belong in a test. */
static void a_small_job_is_made(void) {
  make_events(ROWS);
  make_copy();
  make_job();
}

static json_t *planned(void) {
  json_t *root = json_loads(printed, 0, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(root);
  return root;
}

static double number(const json_t *root, const char *name) {
  return json_number_value(json_object_get(json_object_get(root, "numbers"), name));
}

static void it_counts_what_is_there(void) {
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job, "--ranks", "2", "--json"), STATUS_OK);
  json_t *root = planned();
  CU_ASSERT_EQUAL(number(root, "rows"), ROWS);
  CU_ASSERT_EQUAL(number(root, "rows_estimated"), 0);
  CU_ASSERT_DOUBLE_EQUAL(number(root, "users"), USERS, 0.02 * USERS);
  CU_ASSERT_DOUBLE_EQUAL(number(root, "items"), ITEMS, 0.02 * ITEMS);
  CU_ASSERT_DOUBLE_EQUAL(number(root, "pairs"), pairs, 0.03 * pairs);
  CU_ASSERT_EQUAL(number(root, "lines"), 80);
  const json_t *stages = json_object_get(root, "stages");
  CU_ASSERT_EQUAL(json_array_size(stages), PLAN_STAGES);
  for (size_t i = 0; i < json_array_size(stages); i++) {
    const json_t *one = json_array_get(stages, i);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(one, "stage")), plan_stage_name((int)i));
    CU_ASSERT(json_number_value(json_object_get(one, "seconds")) > 0);
    CU_ASSERT(json_number_value(json_object_get(one, "peak_bytes")) > 1e6);
  }
  CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(root, "night"), "ranks")), 2);
  json_decref(root);
}

static void set_path(char *out, size_t size, const char *key, const char *name) {
  snprintf(out, size, "inputs.%s.path=%s/%s", key, suite_folder(), name);
}

static void it_counts_what_is_packed(void) {
  char path[600], setting[700], *text = NULL;
  int64_t bytes = 0;
  snprintf(path, sizeof path, "%s/events.csv", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_read(path, &memory, &text, &bytes), STATUS_OK);
  const size_t most = ZSTD_compressBound((size_t)bytes);
  char *packed = NULL;
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, (int64_t)most, &packed), STATUS_OK);
  const size_t count = ZSTD_compress(packed, most, text, (size_t)bytes, 1);
  snprintf(path, sizeof path, "%s/events.csv.zst", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_write(path, packed, count), STATUS_OK);
  set_path(setting, sizeof setting, "interactions", "events.csv.zst");
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job, "--json", "--set", setting), STATUS_OK);
  json_t *root = planned();
  CU_ASSERT_EQUAL(number(root, "rows"), ROWS);
  CU_ASSERT_DOUBLE_EQUAL(number(root, "users"), USERS, 0.02 * USERS);
  json_decref(root);
}

/* More than the events know; their columns named by the settings. */
static void it_counts_users_of_a_file_without_header(void) {
  enum { KNOWN = 2 * USERS };
  char setting[700], *text = NULL;
  CU_ASSERT_EQUAL_FATAL(arena_print(&memory, &text, "%s", ""), STATUS_OK);
  for (int i = 0; i < KNOWN; i++) CU_ASSERT_EQUAL_FATAL(arena_print(&memory, &text, "%su%d\n", text, i), STATUS_OK);
  write_text("users.csv", text);
  set_path(setting, sizeof setting, "users", "users.csv");
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job, "--json", "--set", setting, "--set", "inputs.users.names=user"),
                        STATUS_OK);
  json_t *root = planned();
  CU_ASSERT_EQUAL(number(root, "users"), KNOWN);
  json_decref(root);
}

/* One line for the night and one for each stage, of a word and four whole numbers. */
static void sizes_are_lines_for_scripts(void) {
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job, "--sizes"), STATUS_OK);
  const char *at = printed;
  for (int i = -1; i < PLAN_STAGES; i++) {
    char name[32];
    int ranks = 0, nodes = 0, mebibytes = 0, minutes = 0, length = 0;
    CU_ASSERT_EQUAL_FATAL(sscanf(at, "%31s %d %d %d %d\n%n", name, &ranks, &nodes, &mebibytes, &minutes, &length), 5);
    CU_ASSERT_STRING_EQUAL(name, i < 0 ? "night" : plan_stage_name(i));
    CU_ASSERT(ranks >= 1 && ranks <= 8 && nodes >= 1 && nodes <= ranks && mebibytes >= 16 && minutes >= 2);
    at += length;
  }
  CU_ASSERT_EQUAL(*at, '\0');
}

static void the_table_names_stages_and_reasons(void) {
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job), STATUS_OK);
  for (int i = 0; i < PLAN_STAGES; i++) HAS(plan_stage_name(i));
  HAS("suggested: ");
  HAS("because: ");
  HAS("at most: 2 epochs");
}

static void a_night_before_says_how_many_epochs(void) {
  char folder[600];
  snprintf(folder, sizeof folder, "%s/runs/small/2024-01-01", suite_folder());
  const stage_done done = {.stage = "train", .fingerprint = "f", .ranks = 1, .summary = "\"epochs\": 1"};
  CU_ASSERT_EQUAL_FATAL(stage_done_write(folder, &done), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(CALL(plan_command, "plan", job, "--json"), STATUS_OK);
  json_t *root = planned();
  CU_ASSERT_EQUAL(number(root, "epochs"), 1);
  CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(root, "earlier")), folder);
  json_decref(root);
}

static void what_cannot_fit_is_refused_in_one_line(void) {
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "layout.node_memory=0.01"), STATUS_SETTINGS);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "layout.node_memory"));
  CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
  CU_ASSERT_EQUAL(printed[0], '\0');
}

static void what_is_not_there_is_missing(void) {
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "inputs.interactions.path=/nowhere/events.csv"),
                  STATUS_MISSING);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "inputs.users.path=/nowhere/users.csv"), STATUS_MISSING);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "inputs.copy.paths=/nowhere/copy.csv"), STATUS_MISSING);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", "/nowhere/job.yaml"), STATUS_MISSING);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "inputs.interactions.columns.user=who"), STATUS_DATA);
  write_text("empty.csv", "");
  char setting[700];
  snprintf(setting, sizeof setting, "inputs.interactions.path=%s/empty.csv", suite_folder());
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", setting), STATUS_DATA);
}

static void wrong_command_lines_are_told_so(void) {
  CU_ASSERT_EQUAL(CALL(plan_command, "plan"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--ranks", "none"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--ranks", "0"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--json", "--sizes"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", job, "--set", "als.width=wide"), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(CALL(plan_command, "plan", "--help"), STATUS_OK);
  HAS("nightmail plan JOB");
}

/* Blocks from all over a file say how many rows it has, also where the first are longer than the rest. */
static void rows_of_a_large_file_are_estimated(void) {
  enum { LONG = 60000, SHORT = 1500000 };
  char path[600];
  file_writer *w = NULL;
  plan_table t;
  const table_options options = {.format = TABLE_CSV, .has_header = 1};
  snprintf(path, sizeof path, "%s/large.csv", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_writer_open(path, &w), STATUS_OK);
  CU_ASSERT_EQUAL(file_writer_append(w, "a,b\n", 4), STATUS_OK);
  for (int i = 0; i < LONG; i++)
    CU_ASSERT_EQUAL(file_writer_append(w, "a long first field of a row,and a second\n", 41), STATUS_OK);
  for (int i = 0; i < SHORT; i++) CU_ASSERT_EQUAL(file_writer_append(w, "short,row\n", 10), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(file_writer_commit(w), STATUS_OK);
  CU_ASSERT_EQUAL(plan_table_measure(path, &options, 1 << 20, &t), STATUS_OK);
  CU_ASSERT_EQUAL(t.is_estimated, 1);
  CU_ASSERT_DOUBLE_EQUAL(t.rows, LONG + SHORT, 0.03 * (LONG + SHORT));
  CU_ASSERT_EQUAL(plan_table_measure(path, &options, 1 << 30, &t), STATUS_OK);
  CU_ASSERT_EQUAL(t.is_estimated, 0);
  CU_ASSERT_EQUAL(t.rows, LONG + SHORT);
}

/* Of a part of the rows, the rest is extrapolated. */
static void users_of_a_part_stand_for_those_of_the_whole(void) {
  plan_events e = {.rows = 1000, .events = 900, .pairs = 800, .users = 100, .items = 50, .user_name = 5};
  e.half_users = 100, e.half_items = 50, e.half_pairs = 400;
  plan_numbers n = {.catalogue_bytes = 0};
  plan_events_extrapolate(&e, 10000, &n);
  CU_ASSERT_EQUAL(n.rows, 10000);
  CU_ASSERT_DOUBLE_EQUAL(n.events, 9000, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(n.users, 100, 1e-6); /* all of them had been seen in the first half */
  CU_ASSERT_DOUBLE_EQUAL(n.pairs, 8000, 1e-6);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_small_job_is_made),
      TEST(it_counts_what_is_there),
      TEST(it_counts_what_is_packed),
      TEST(it_counts_users_of_a_file_without_header),
      TEST(sizes_are_lines_for_scripts),
      TEST(the_table_names_stages_and_reasons),
      TEST(a_night_before_says_how_many_epochs),
      TEST(what_cannot_fit_is_refused_in_one_line),
      TEST(what_is_not_there_is_missing),
      TEST(wrong_command_lines_are_told_so),
      TEST(rows_of_a_large_file_are_estimated),
      TEST(users_of_a_part_stand_for_those_of_the_whole),
  };
  const int result = SUITE_RUN("plan", tests);
  arena_free(&memory);
  suite_folder_remove();
  return result;
}
