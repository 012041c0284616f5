#include "io/settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "support/suite.h"

static int says(const char *words) { return strstr(status_text(), words) != NULL; }

static int lines(void) {
  int n = 1;
  for (const char *c = status_text(); *c != '\0'; c++) n += *c == '\n';
  return n;
}

static const char *path_of(const char *name) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  return path;
}

static status read_bytes(const char *text, size_t count, arena *a, settings **s) {
  const char *path = path_of("job.yaml");
  if (settings_create(a, s) != STATUS_OK || file_write(path, text, count) != STATUS_OK) abort();
  return settings_file_read(path, *s);
}

static status read_text(const char *text, arena *a, settings **s) { return read_bytes(text, strlen(text), a, s); }

static const char job[] =
    "# what to compute\n"
    "job: demo\n"
    "inputs:\n"
    "  interactions:\n"
    "    path: \"events.csv\"\n"
    "    names: [user, item, rating]\n"
    "    exclude:\n"
    "      - {column: code, test: prefix, values: C, reason: cancelled}\n"
    "      - column: user\n"
    "        test: empty\n"
    "        reason: no_user\n"
    "als:\n"
    "  width: 64\n"
    "  unobserved: 0.25\n"
    "generate:\n"
    "  banned: []\n"
    "night: ~\n"
    "money: '\xc2\xa5%'\n";

static void a_job_file_is_read(void) {
  arena a = {0};
  settings *s = NULL;
  CU_ASSERT_EQUAL(read_text(job, &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "job"), "demo");
  CU_ASSERT_STRING_EQUAL(settings_text(s, "night"), "");
  CU_ASSERT_STRING_EQUAL(settings_text(s, "money"), "\xc2\xa5%");
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 64);
  CU_ASSERT_EQUAL(settings_real(s, "als.unobserved"), 0.25);
  CU_ASSERT_EQUAL(settings_count(s, "inputs.interactions.names"), 3);
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "inputs.interactions.names", 2), "rating");
  CU_ASSERT_EQUAL(settings_count(s, "inputs.interactions.exclude"), 2);
  CU_ASSERT_STRING_EQUAL(settings_text_at(s, "inputs.interactions.exclude[].reason", 1), "no_user");
  CU_ASSERT_EQUAL(settings_choice_at(s, "inputs.interactions.exclude[].test", 0), 1);
  CU_ASSERT_STRING_EQUAL(settings_text_at(s, "inputs.interactions.exclude[].values", 1), "");
  arena_free(&a);
}

static void every_fault_is_reported_with_its_place(void) {
  arena a = {0};
  settings *s = NULL;
  const status result = read_text(
      "job: demo\n"
      "als:\n"
      "  widht: 64\n"
      "  sweeps: many\n"
      "  steps: 500\n"
      "seed: 1\n"
      "seed: 2\n"
      "inputs:\n"
      "  interactions:\n"
      "    format: xml\n"
      "als:\n"
      "  width: 8\n",
      &a, &s);
  CU_ASSERT_EQUAL(result, STATUS_SETTINGS);
  CU_ASSERT_EQUAL(lines(), 6);
  CU_ASSERT_TRUE(says("job.yaml:3:3: unknown key als.widht; did you mean als.width?"));
  CU_ASSERT_TRUE(says("job.yaml:4:3: als.sweeps: must be a whole number, not `many`"));
  CU_ASSERT_TRUE(says("job.yaml:5:3: als.steps: is 500, which is out of range: it must be 1 to 100"));
  CU_ASSERT_TRUE(says("job.yaml:7:1: seed: given twice; the first is in line 6"));
  CU_ASSERT_TRUE(says("job.yaml:10:5: inputs.interactions.format: is `xml`"));
  CU_ASSERT_TRUE(says("job.yaml:11:1: als: given twice; the first is in line 2"));
  arena_free(&a);
}

static void what_is_not_plain_yaml_is_one_fault(void) {
  static const char *const wrong[][2] = {
      {"job: [a\nals: 3\n", "not valid YAML"},
      {"job: demo\n\tals: 3\n", "job.yaml:2:1: not valid YAML"},
      {"job: \"open\n", "not valid YAML"},
      {"- a\n- b\n", "`key: value` lines are wanted"},
      {"just a word\n", "`key: value` lines are wanted"},
      {"job: &x demo\nmoney: *x\n", "job.yaml:2:1: money: aliases are not used here"},
      {"? [a, b]\n: 3\n", "a key must be a plain word"},
      {"job: a\n---\njob: b\n", "job.yaml:2:1: a second document"},
      {"als: 3\n", "job.yaml:1:1: als: is a section"},
      {"als:\n  width: [1, 2]\n", "als.width is one value"},
      {"job: \"a\\0b\"\n", "control character"},
      {"job: a\nmoney: \xff\n", "job.yaml:2:8: not valid YAML"},
      {"generate:\n  banned: [[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]\n", "nested too deep"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    arena a = {0};
    settings *s = NULL;
    CU_ASSERT_EQUAL(read_text(wrong[i][0], &a, &s), STATUS_SETTINGS);
    CU_ASSERT_TRUE(says(wrong[i][1]));
    if (!says(wrong[i][1])) fprintf(stderr, "case %zu: %s\n", i, status_text());
    arena_free(&a);
  }
}

static void more_faults_than_fit_are_counted(void) {
  arena a = {0};
  settings *s = NULL;
  char text[20000] = "";
  size_t used = 0;
  for (int i = 0; i < 500; i++) used += (size_t)snprintf(text + used, sizeof text - used, "unknown_key_%d: 1\n", i);
  CU_ASSERT_EQUAL(read_text(text, &a, &s), STATUS_SETTINGS);
  const char *last = strrchr(status_text(), '\n');
  int more = 0;
  CU_ASSERT_PTR_NOT_NULL_FATAL(last);
  CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(last, "and "));
  CU_ASSERT_EQUAL(sscanf(strstr(last, "and "), "and %d more faults", &more), 1);
  CU_ASSERT_EQUAL(more + lines() - 1, 500);
  arena_free(&a);
}

static void an_empty_file_sets_nothing_and_a_missing_one_is_missing(void) {
  arena a = {0};
  settings *s = NULL;
  CU_ASSERT_EQUAL(read_text("", &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(read_text("# nothing\n", &a, &s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_file_read(path_of("absent.yaml"), s), STATUS_MISSING);
  CU_ASSERT_TRUE(says("absent.yaml"));
  arena_free(&a);
}

static void a_partition_file_sets_layout_only_and_wins(void) {
  arena a = {0};
  settings *s = NULL;
  CU_ASSERT_EQUAL(read_text("layout: {ranks_per_node: 64}\n", &a, &s), STATUS_OK);
  const char *path = path_of("node.yaml");
  file_write(path, "layout:\n  ranks_per_node: 512\n", 30);
  CU_ASSERT_EQUAL(settings_file_read_partition(path, s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_int(s, "layout.ranks_per_node"), 512);
  const char *wrong = "layout:\n  ranks_per_node: -1\nals:\n  width: 3\n";
  file_write(path, wrong, strlen(wrong));
  CU_ASSERT_EQUAL(settings_file_read_partition(path, s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("node.yaml:2:3: layout.ranks_per_node") &&
                 says("node.yaml:4:3: als.width: does not belong here"));
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 64);
  arena_free(&a);
}

/* A file cut at any byte, or with any byte changed, is read or refused with a sentence. */
static void no_damage_is_more_than_a_fault(void) {
  char damaged[sizeof job];
  for (size_t i = 0; i < sizeof job - 1; i++) {
    arena a = {0};
    settings *s = NULL;
    const status cut = read_bytes(job, i, &a, &s);
    CU_ASSERT_TRUE(cut == STATUS_OK || (cut == STATUS_SETTINGS && says("job.yaml:")));
    memcpy(damaged, job, sizeof job);
    damaged[i] = "[{\"':&*\x80\n"[i % 9];
    const status changed = read_bytes(damaged, sizeof job - 1, &a, &s);
    CU_ASSERT_TRUE(changed == STATUS_OK || (changed == STATUS_SETTINGS && says("job.yaml:")));
    arena_free(&a);
  }
}

static void memory_that_runs_out_is_a_failure_and_not_a_leak(void) {
  int failures = 0;
  const char *path = path_of("full.yaml");
  file_write(path, job, sizeof job - 1);
  for (int n = 0; n < 5000; n++) {
    arena a = {0};
    settings *s = NULL;
    settings_create(&a, &s);
    arena_fail_after(n);
    const status result = settings_file_read(path, s);
    arena_fail_after(-1);
    arena_free(&a);
    if (result == STATUS_OK) break;
    CU_ASSERT_EQUAL(result, STATUS_BUG);
    failures++;
  }
  CU_ASSERT_TRUE(failures > 50 && failures < 5000);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_job_file_is_read),
      TEST(every_fault_is_reported_with_its_place),
      TEST(what_is_not_plain_yaml_is_one_fault),
      TEST(more_faults_than_fit_are_counted),
      TEST(an_empty_file_sets_nothing_and_a_missing_one_is_missing),
      TEST(a_partition_file_sets_layout_only_and_wins),
      TEST(no_damage_is_more_than_a_fault),
      TEST(memory_that_runs_out_is_a_failure_and_not_a_leak),
  };
  return SUITE_RUN("settings_file", tests);
}
