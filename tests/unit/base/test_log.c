#include "base/log.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/progress.h"
#include "support/suite.h"

static void an_event_is_one_line_of_json(void) {
  char path[300], line[1000] = "";
  snprintf(path, sizeof path, "%s/log.jsonl", suite_folder());
  log_file *l = NULL;
  CU_ASSERT_EQUAL(log_open(path, &l), STATUS_OK);
  log_event(l, "train", "epoch", LOG_INT("epoch", 3), LOG_REAL("loss", 2.5), LOG_REAL("worst", INFINITY),
            LOG_TEXT("note", "a \"b\"\n\\"));
  log_close(l);
  FILE *f = fopen(path, "r");
  CU_ASSERT_PTR_NOT_NULL(f);
  CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof line, f));
  CU_ASSERT_PTR_NULL(fgets(line + 500, 500, f));
  fclose(f);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(line,
             "\"stage\": \"train\", \"event\": \"epoch\", \"epoch\": 3, \"loss\": 2.5, \"worst\": null, "
             "\"note\": \"a \\\"b\\\"\\u000a\\\\\"}\n"));
  struct stat about;
  CU_ASSERT_EQUAL(stat(path, &about), 0);
  CU_ASSERT_EQUAL(about.st_mode & 0777, 0600);
}

static void a_line_after_a_torn_one_begins_afresh(void) {
  char path[300], text[400] = "";
  snprintf(path, sizeof path, "%s/torn.jsonl", suite_folder());
  FILE *f = fopen(path, "w");
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  fputs("{\"time\": \"2024-", f);
  fclose(f);
  for (int i = 0; i < 2; i++) {
    log_file *l = NULL;
    CU_ASSERT_EQUAL(log_open(path, &l), STATUS_OK);
    log_event(l, "train", "start", LOG_INT("ranks", i));
    log_close(l);
  }
  f = fopen(path, "r");
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  int lines = 0, whole = 0;
  while (fgets(text, sizeof text, f) != NULL) {
    lines++;
    whole += strncmp(text, "{\"time\": \"2", 11) == 0 && strstr(text, "}\n") != NULL;
  }
  fclose(f);
  CU_ASSERT_EQUAL(lines, 3);
  CU_ASSERT_EQUAL(whole, 2);
}

static void a_log_that_cannot_be_opened_says_so(void) {
  log_file *l = NULL;
  CU_ASSERT_EQUAL(log_open("/nonexistent/log.jsonl", &l), STATUS_IO);
  CU_ASSERT_PTR_NULL(l);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "/nonexistent/log.jsonl"));
  log_event(NULL, "x", "y", LOG_INT("z", 1)); /* ranks without a log */
  log_close(NULL);
}

static void times_are_written_in_utc(void) {
  char text[32];
  clock_text(1714521600, text);
  CU_ASSERT_STRING_EQUAL(text, "2024-05-01T00:00:00Z");
  const double before = clock_now();
  CU_ASSERT_TRUE(clock_now() >= before && clock_cpu() >= 0);
  CU_ASSERT_TRUE(clock_peak_bytes() > 1 << 20);
}

static void a_quiet_progress_prints_nothing_and_a_loud_one_ends_at_its_total(void) {
  progress quiet = progress_start("quiet", 10, 1);
  progress_at(&quiet, 5, NULL);
  progress_end(&quiet, NULL);
  progress loud = progress_start("loud", 0, 0);
  CU_ASSERT_EQUAL(loud.total, 1);
  loud.shown = -1e9; /* a line is due */
  progress_at(&loud, 1, "half");
  progress_end(&loud, "done");
  CU_ASSERT_TRUE(loud.shown > -1e9);
}

int main(void) {
  const suite_test tests[] = {
      TEST(an_event_is_one_line_of_json),
      TEST(a_line_after_a_torn_one_begins_afresh),
      TEST(a_log_that_cannot_be_opened_says_so),
      TEST(times_are_written_in_utc),
      TEST(a_quiet_progress_prints_nothing_and_a_loud_one_ends_at_its_total),
  };
  return SUITE_RUN("log", tests);
}
