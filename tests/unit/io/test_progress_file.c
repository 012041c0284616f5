/* How far a stage is, as base/progress publishes it, read back for those who look from elsewhere; and files in a
 * folder, counted for them. */
#include "io/progress_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/progress.h"
#include "io/file.h"
#include "io/folder.h"
#include "support/suite.h"

static arena memory;
static char path[300];

static progress_file read_back(void) {
  progress_file p;
  int found = 0;
  CU_ASSERT_EQUAL(progress_file_read(suite_folder(), &memory, &p, &found), STATUS_OK);
  CU_ASSERT_TRUE_FATAL(found);
  return p;
}

static void publish(void) {
  setenv("SLURM_JOB_ID", "4711", 1);
  snprintf(path, sizeof path, "%s/" PROGRESS_FILE, suite_folder());
  progress_publish(path, 3);
}

static void what_is_published_is_read(void) {
  publish();
  progress p = progress_start("train", 8, 1);
  progress_from(&p, 2);
  clock_sleep(0.01);
  progress_at(&p, 4, "loss \"3.21\"\n\\");
  const progress_file back = read_back();
  CU_ASSERT_STRING_EQUAL(back.stage, "train");
  CU_ASSERT_STRING_EQUAL(back.note, "loss 3.21");
  CU_ASSERT_STRING_EQUAL(back.job, "4711");
  CU_ASSERT_NOT_EQUAL(back.host[0], '\0');
  CU_ASSERT_EQUAL(back.done, 4);
  CU_ASSERT_EQUAL(back.total, 8);
  CU_ASSERT_EQUAL(back.share, 0.5);
  CU_ASSERT_EQUAL(back.ranks, 3);
  CU_ASSERT_EQUAL(back.pid, getpid());
  /* of eight, two came from an earlier process, two are done, four are left */
  CU_ASSERT(suite_close(back.left * back.rate, 4, 1e-4));
  CU_ASSERT(back.time > 0 && back.time <= clock_unix());
  struct stat s;
  CU_ASSERT_EQUAL(stat(path, &s), 0);
  CU_ASSERT_EQUAL(s.st_mode & 0777, 0600);
}

static void a_stage_that_only_begins_has_no_share(void) {
  publish();
  progress_stage("factorise");
  const progress_file back = read_back();
  CU_ASSERT_STRING_EQUAL(back.stage, "factorise");
  CU_ASSERT(isnan(back.share) && isnan(back.rate) && isnan(back.left) && isnan(back.seconds));
  CU_ASSERT_EQUAL(back.total, 0);
}

static void nothing_is_published_any_more(void) {
  publish();
  progress_stage("ingest");
  progress_publish(NULL, 0);
  progress_stage("profile");
  CU_ASSERT_STRING_EQUAL(read_back().stage, "ingest");
}

/* A disk that takes no progress is nobody's concern. */
static void a_folder_that_is_gone_is_passed_over(void) {
  char gone[300];
  snprintf(gone, sizeof gone, "%s/gone/" PROGRESS_FILE, suite_folder());
  progress_publish(gone, 1);
  progress_stage("ingest");
  progress_publish(NULL, 0);
  CU_ASSERT_FALSE(file_exists(gone));
}

static int finds(const char *text) {
  progress_file p;
  int found = 1;
  snprintf(path, sizeof path, "%s/" PROGRESS_FILE, suite_folder());
  CU_ASSERT_EQUAL(file_write(path, text, strlen(text)), STATUS_OK);
  CU_ASSERT_EQUAL(progress_file_read(suite_folder(), &memory, &p, &found), STATUS_OK);
  return found;
}

static void what_cannot_be_read_is_not_there(void) {
  progress_file p;
  int found = 1;
  CU_ASSERT_EQUAL(progress_file_read("/nowhere", &memory, &p, &found), STATUS_OK);
  CU_ASSERT_FALSE(found);
  const char *const damaged[] = {"", "{\"stage\": \"tra", "[1, 2]", "\"train\"", "{\"stage\": \"train\"} x"};
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) CU_ASSERT_FALSE(finds(damaged[i]));
}

static void what_is_of_another_type_is_not_known(void) {
  CU_ASSERT_TRUE(finds("{\"stage\": 7, \"share\": \"half\", \"done\": 1.5, \"ranks\": null}"));
  const progress_file back = read_back();
  CU_ASSERT_STRING_EQUAL(back.stage, "");
  CU_ASSERT(isnan(back.share));
  CU_ASSERT_EQUAL(back.done, 0);
  CU_ASSERT_EQUAL(back.ranks, 0);
}

static uint64_t pieces(const char *folder, int64_t expected) {
  int64_t count = -1;
  uint64_t hash = 0;
  CU_ASSERT_EQUAL(folder_count(folder, "piece-", &count, &hash), STATUS_OK);
  CU_ASSERT_EQUAL(count, expected);
  return hash;
}

static void put(const char *folder, const char *name, const char *text) {
  char to[400];
  snprintf(to, sizeof to, "%s/%s", folder, name);
  CU_ASSERT_EQUAL(file_write(to, text, strlen(text)), STATUS_OK);
}

static void whole_files_of_a_folder_are_counted(void) {
  char folder[300];
  int64_t count;
  uint64_t hash;
  snprintf(folder, sizeof folder, "%s/pieces", suite_folder());
  CU_ASSERT_EQUAL(pieces(folder, 0), 0);
  CU_ASSERT_EQUAL(file_make_folder(folder), STATUS_OK);
  put(folder, "piece-1", "a");
  put(folder, "piece-2", "b");
  const uint64_t two = pieces(folder, 2);
  put(folder, "piece-3.tmp", "still being written");
  put(folder, "other", "c");
  put(folder, "piece-1", "z");
  CU_ASSERT_EQUAL(pieces(folder, 2), two); /* names and sizes only */
  put(folder, "piece-1", "longer");
  CU_ASSERT_NOT_EQUAL(pieces(folder, 2), two);
  put(folder, "piece-1", "a");
  put(folder, "piece-3", "c");
  CU_ASSERT_NOT_EQUAL(pieces(folder, 3), two);
  snprintf(folder, sizeof folder, "%s/pieces/piece-1", suite_folder());
  CU_ASSERT_EQUAL(folder_count(folder, "piece-", &count, &hash), STATUS_MISSING);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_published_is_read),           TEST(a_stage_that_only_begins_has_no_share),
      TEST(nothing_is_published_any_more),       TEST(a_folder_that_is_gone_is_passed_over),
      TEST(what_cannot_be_read_is_not_there),    TEST(what_is_of_another_type_is_not_known),
      TEST(whole_files_of_a_folder_are_counted),
  };
  const int result = SUITE_RUN("progress_file", tests);
  arena_free(&memory);
  return result;
}
