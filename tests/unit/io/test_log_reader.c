#include "io/log_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "io/file.h"
#include "support/suite.h"

static char path[512];

static const char *at(const char *name) {
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  return path;
}

static void what_was_logged_comes_back(void) {
  arena a = {0};
  log_file *l = NULL;
  log_entries e;
  CU_ASSERT_EQUAL(log_open(at("log.jsonl"), &l), STATUS_OK);
  log_event(l, "train", "epoch", LOG_INT("epoch", 3), LOG_REAL("loss", 1.25), LOG_TEXT("note", "a \"b\"\n"));
  log_event(l, "train", "epoch", LOG_REAL("loss", INFINITY));
  log_close(l);
  CU_ASSERT_EQUAL(log_reader_read(path, &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 2);
  if (e.count == 2) {
    CU_ASSERT_STRING_EQUAL(e.entry[0].stage, "train");
    CU_ASSERT_STRING_EQUAL(e.entry[0].event, "epoch");
    CU_ASSERT_EQUAL(e.entry[0].count, 3);
    CU_ASSERT_EQUAL(log_reader_number(&e.entry[0], "epoch", 0), 3);
    CU_ASSERT_EQUAL(log_reader_number(&e.entry[0], "loss", 0), 1.25);
    CU_ASSERT_STRING_EQUAL(log_reader_text(&e.entry[0], "note"), "a \"b\"\n");
    CU_ASSERT_EQUAL(log_reader_number(&e.entry[0], "other", 7), 7);
    CU_ASSERT(isnan(log_reader_number(&e.entry[1], "loss", 0)));
  }
  arena_free(&a);
}

static void lines_that_are_not_ours_are_passed_over(void) {
  static const char text[] =
      "nonsense\n{\"stage\": \"a\"}\n[1]\n\n{\"time\": \"t\", \"stage\": \"a\", \"event\": \"b\", \"x\": 1}\n"
      "{\"stage\": \"a\", \"event\": \"cut";
  arena a = {0};
  log_entries e;
  CU_ASSERT_EQUAL(file_write(at("odd.jsonl"), text, strlen(text)), STATUS_OK);
  CU_ASSERT_EQUAL(log_reader_read(path, &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 1);
  /* What a power cut left of a line that had not reached the disk. */
  static const char zeros[] = "\0\0\0\n{\"stage\": \"a\", \"event\": \"b\"}\n";
  CU_ASSERT_EQUAL(file_write(at("zeros.jsonl"), zeros, sizeof zeros - 1), STATUS_OK);
  CU_ASSERT_EQUAL(log_reader_read(path, &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 1);
  CU_ASSERT_EQUAL(log_reader_read(at("none.jsonl"), &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 0);
  arena_free(&a);
}

static void members_are_read_as_an_entry(void) {
  arena a = {0};
  log_entry e;
  CU_ASSERT_EQUAL(log_reader_members("\"recall@20\": 0.31, \"shipped\": \"mle\"", &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 2);
  CU_ASSERT_EQUAL(log_reader_number(&e, "recall@20", 0), 0.31);
  CU_ASSERT_STRING_EQUAL(log_reader_text(&e, "shipped"), "mle");
  CU_ASSERT_EQUAL(log_reader_members("", &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 0);
  CU_ASSERT_EQUAL(log_reader_members("\"broken", &a, &e), STATUS_OK);
  CU_ASSERT_EQUAL(e.count, 0);
  arena_free(&a);
}

static void memory_that_runs_out_is_said(void) {
  arena a = {0};
  log_entry e;
  arena_fail_after(1);
  CU_ASSERT_EQUAL(log_reader_members("\"a\": 1", &a, &e), STATUS_BUG);
  arena_fail_after(-1);
  arena_free(&a);
}

int main(void) {
  static const suite_test tests[] = {
      TEST(what_was_logged_comes_back),
      TEST(lines_that_are_not_ours_are_passed_over),
      TEST(members_are_read_as_an_entry),
      TEST(memory_that_runs_out_is_said),
  };
  const int code = SUITE_RUN("log_reader", tests);
  suite_folder_remove();
  return code;
}
