#include "cli/scaling.h"

#include <math.h>

#include "stages/scaling_sums.h"
#include "unit/cli/calling.h"

/* A series made up on two cores: 1, 2 and 4 ranks, three repeats, of which the last on 4 ranks is not finished. The
 * training takes 60 s on one rank, in which six other stages take 5 s each and divide evenly; repeats differ by a
 * second. On two ranks it takes 40: 30 of work on average, 8 of waiting, 2 of moving. */
enum { REPEATS = 3 };

static stage_done made_up(const char *name, int ranks, int repeat, stage_use *use) {
  const int is_train = strcmp(name, "train") == 0;
  const double spread = is_train ? repeat - 2 : 0;
  const double seconds = (is_train ? (ranks == 1 ? 60 : ranks == 2 ? 40 : 35) : 5.0 / ranks) + spread;
  for (int r = 0; r < ranks; r++) {
    const double waited = is_train && ranks == 2 ? (r == 0 ? 6 : 10) : 0, moved = is_train && ranks == 2 ? 2 : 0;
    use[r] = (stage_use){seconds, waited, moved, 1.5, 1000, 7};
  }
  return (stage_done){.stage = name,
                      .fingerprint = "f",
                      .seconds = seconds,
                      .ranks = ranks,
                      .peak_bytes = 1 << 20,
                      .peak_bytes_sum = ranks << 20,
                      .use = use,
                      .summary = ""};
}

static void make_run(const char *series, int ranks, int repeat) {
  char path[600];
  stage_use use[4];
  snprintf(path, sizeof path, "%s/ranks-%d/repeat-%d", series, ranks, repeat);
  CU_ASSERT_EQUAL(sample_run(path, "demo"), STATUS_OK);
  for (int s = 0; s < SCALING_STAGES; s++) {
    const stage_done d = made_up(scaling_row_name[s], ranks, repeat, use);
    CU_ASSERT_EQUAL(stage_done_write(path, &d), STATUS_OK);
  }
}

static void write_text(const char *folder, const char *name, const char *text) {
  char path[600];
  CU_ASSERT_EQUAL(file_make_folder(folder), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CU_ASSERT_EQUAL(file_write(path, text, strlen(text)), STATUS_OK);
}

#define SIZES                                                                                                        \
  "\"arguments\": [\"--set\", \"seed=2\"], \"sizes\": [{\"ranks\": 1, \"nodes\": 1}, {\"ranks\": 2, \"nodes\": 1}, " \
  "{\"ranks\": 4, \"nodes\": 1}]}"

static char folder[500];

static void make_series(const char *name, const char *kind) {
  char series[560];
  snprintf(folder, sizeof folder, "%s/%s", suite_folder(), name);
  snprintf(series, sizeof series, "%s/%s", folder, kind);
  write_text(series, "series.json", "{\"job\": \"a<b&c_d.yaml\", \"repeats\": 3, " SIZES);
  write_text(series, "machine.json", "{\"cores\": 2, \"facts\": {\"processor\": \"Fast & <old>\"}}");
  for (int repeat = 1; repeat <= REPEATS; repeat++)
    for (int ranks = 1; ranks <= 4; ranks *= 2)
      if (ranks < 4 || repeat < REPEATS) make_run(series, ranks, repeat);
}

#define NEAR(value, expected) CU_ASSERT_DOUBLE_EQUAL((value), (expected), 1e-9)

static void numbers_of_a_strong_series(void) {
  scaling_series all[SCALING_KINDS];
  make_series("numbers", "strong");
  CU_ASSERT_EQUAL_FATAL(scaling_series_read(folder, &memory, all), STATUS_OK);
  const scaling_series *s = &all[SCALING_STRONG];
  CU_ASSERT_FALSE(all[SCALING_WEAK].found);
  CU_ASSERT_EQUAL(s->run_count, 9);
  CU_ASSERT_EQUAL(s->whole_count, 8);
  CU_ASSERT_TRUE(s->same_bytes);
  CU_ASSERT_EQUAL(scaling_sums_base(s), 0);
  CU_ASSERT_EQUAL(scaling_sums_largest(s), 1); /* four ranks had to share two cores */

  const scaling_spread t = scaling_sums_spread(s, 1, SCALING_TOTAL, SCALING_SECONDS);
  CU_ASSERT_EQUAL(t.count, 3);
  NEAR(t.median, 55);
  NEAR(t.least, 54);
  NEAR(t.most, 56);
  NEAR(scaling_sums_spread(s, 2, 3, SCALING_SECONDS).median, 34.5); /* of two: the mean */
  const scaling_spread up = scaling_sums_speedup(s, SCALING_STRONG, 1, SCALING_TOTAL);
  NEAR(up.median, 90.0 / 55);
  NEAR(up.least, 90.0 / 56);
  NEAR(scaling_sums_efficiency(s, SCALING_STRONG, 1, SCALING_TOTAL).median, 45.0 / 55);
  NEAR(scaling_sums_efficiency(s, SCALING_STRONG, 1, 0).median, 1);
  NEAR(scaling_sums_spread(s, 1, 3, SCALING_IMBALANCE).median, 32.0 / 30);
  NEAR(scaling_sums_spread(s, 1, 3, SCALING_SENT).median, 2000);
  NEAR(scaling_sums_repeated(s, SCALING_STRONG, 1, SCALING_TOTAL), 2);
  /* Amdahl: 1 / (e + (1 - e) / 2) is the speed-up again. */
  const double e = scaling_sums_serial(1.6, 2);
  NEAR(1 / (e + (1 - e) / 2), 1.6);

  const scaling_loss l = scaling_sums_loss(s, SCALING_STRONG, 1, 3);
  NEAR(l.lost, 20);
  NEAR(l.work, 0);
  NEAR(l.waited, 16);
  NEAR(l.moved, 4);
  arena_free(&memory);
}

static void numbers_of_a_weak_series(void) {
  scaling_series all[SCALING_KINDS];
  make_series("weak", "weak");
  CU_ASSERT_EQUAL_FATAL(scaling_series_read(folder, &memory, all), STATUS_OK);
  const scaling_series *s = &all[SCALING_WEAK];
  NEAR(scaling_sums_efficiency(s, SCALING_WEAK, 1, SCALING_TOTAL).median, 90.0 / 55);
  NEAR(scaling_sums_speedup(s, SCALING_WEAK, 1, SCALING_TOTAL).median, 2 * 90.0 / 55);
  NEAR(scaling_sums_loss(s, SCALING_WEAK, 1, SCALING_TOTAL).lost, 2 * 55 - 2 * 90);
  NEAR(scaling_sums_repeated(s, SCALING_WEAK, 1, SCALING_TOTAL), 1);
  arena_free(&memory);
}

static int lines_with(const char *text, const char *word) {
  int count = 0;
  for (; (text = strstr(text, word)) != NULL; text++) count++;
  return count;
}

static void read_output(const char *name) {
  char path[600];
  int64_t count = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CU_ASSERT_EQUAL(file_read(path, &memory, &printed, &count), STATUS_OK);
}

static void the_table_has_a_row_for_each_stage_of_each_run(void) {
  make_series("csv", "strong");
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_OK);
  HAS("8 of 9 runs finished, the same shards on any number of ranks");
  read_output("scaling.csv");
  CU_ASSERT_EQUAL(strncmp(printed, "series,ranks,nodes,repeat,stage,seconds,busy_mean,busy_most,waited_mean,", 71), 0);
  CU_ASSERT_EQUAL(lines_with(printed, "\n"), 1 + 8 * SCALING_ROWS);
  CU_ASSERT_EQUAL(lines_with(printed, ",train,"), 8);
  HAS("strong,2,1,2,train,40.000000,30.000000,32.000000,8.000000,2.000000,1.066667,3.000000,2000,7,1048576\n");
  HAS("strong,2,1,3,total,56.000000,");
  arena_free(&memory);
}

static void the_page_says_what_was_lost_and_why(void) {
  make_series("page", "strong");
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_OK);
  read_output("scaling.html");
  HAS("a&lt;b&amp;c_d.yaml");
  HAS("Fast &amp; &lt;old&gt;");
  HAS("There is no model beside the measurement"); /* as there is no such job */
  HAS("1.64");                                     /* speed-up */
  HAS("of 110.0 core-seconds 20.0 are lost. The largest part, 16.0, is waiting for other ranks in <b>train</b>");
  HAS("<td class=\"n\">4†</td>");
  HAS("2 &amp; 1 &amp; 55.0 &amp; [54.0, 56.0] &amp; 1.64 &amp; 0.82 &amp; ");
  HAS("a&lt;b\\&amp;c\\_d.yaml");
  CU_ASSERT_PTR_NULL(strstr(printed, "nan"));
  CU_ASSERT_PTR_NULL(strstr(printed, "inf"));
  arena_free(&memory);
}

static void shards_that_differ_are_said(void) {
  char path[600];
  make_series("differ", "strong");
  snprintf(path, sizeof path, "%s/strong/ranks-2/repeat-1", folder);
  CU_ASSERT_EQUAL(sample_run(path, "another"), STATUS_OK);
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_OK);
  HAS("THEIR SHARDS DIFFER");
  read_output("scaling.html");
  HAS("<b>not the same</b>");
  arena_free(&memory);
}

static void what_is_no_series_is_said(void) {
  snprintf(folder, sizeof folder, "%s/none", suite_folder());
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_MISSING);
  char series[560];
  snprintf(series, sizeof series, "%s/strong", folder);
  write_text(series, "series.json", "{\"job\": \"x\", \"repeats\": 3, " SIZES);
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_MISSING); /* nothing is finished */
  static const char *const wrong[] = {"{", ("{\"repeats\": 3, " SIZES), ("{\"job\": \"x\", \"repeats\": 0, " SIZES),
                                      "{\"job\": \"x\", \"repeats\": 1, \"arguments\": [], \"sizes\": []}",
                                      "{\"job\": \"x\", \"repeats\": 1, \"arguments\": [], \"sizes\": [{\"ranks\": 2, "
                                      "\"nodes\": 1}, {\"ranks\": 1, \"nodes\": 1}]}"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    write_text(series, "series.json", wrong[i]);
    CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_DATA);
  }
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", "--help"), STATUS_OK);
  HAS("usage: nightmail scaling");
  arena_free(&memory);
}

static void a_run_of_another_number_of_ranks_is_refused(void) {
  char path[600];
  stage_use use[4];
  make_series("foreign", "strong");
  snprintf(path, sizeof path, "%s/strong/ranks-2/repeat-1", folder);
  const stage_done d = made_up("train", 4, 1, use);
  CU_ASSERT_EQUAL(stage_done_write(path, &d), STATUS_OK);
  CU_ASSERT_EQUAL(CALL(scaling_command, "scaling", folder), STATUS_DATA);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  (void)argc;
  (void)argv;
  const suite_test tests[] = {
      TEST(numbers_of_a_strong_series),
      TEST(numbers_of_a_weak_series),
      TEST(the_table_has_a_row_for_each_stage_of_each_run),
      TEST(the_page_says_what_was_lost_and_why),
      TEST(shards_that_differ_are_said),
      TEST(what_is_no_series_is_said),
      TEST(a_run_of_another_number_of_ranks_is_refused),
  };
  return SUITE_RUN("scaling", tests);
}
