#include "io/stage_done.h"

#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "support/suite.h"

static stage_done sample(void) {
  static int64_t work[3] = {5, 0, 9000000000}, peaks[4] = {10, 10, 10, 9000000001};
  static stage_use use[4] = {
      {1.5, 0.25, 0.125, 1, 100, 7}, {1.25, 0, 0.25, 0.5, 9000000000, 7}, {1, 0.5, 0.5, 0, 0, 7}, {1, 0, 0, 1, 3, 7}};
  stage_done d = {.stage = "ingest",
                  .fingerprint = "abc",
                  .seconds = 1.5,
                  .ranks = 4,
                  .peak_bytes = 10,
                  .peak_bytes_sum = 40,
                  .peaks = peaks,
                  .use = use,
                  .work = work,
                  .work_count = 3,
                  .summary = "\"recall@20\": 0.31, \"x\": [1, 2]"};
  accounts_add(&d.numbers, "rejected.\"odd\" 行", 2);
  accounts_add(&d.numbers, "users", 7);
  accounts_add(&d.numbers, "users", 1);
  return d;
}

static void what_is_written_is_read(void) {
  const stage_done d = sample();
  stage_done back;
  arena a = {0};
  int found;
  CU_ASSERT_EQUAL(stage_done_read(suite_folder(), "profile", &a, &back, &found), STATUS_OK);
  CU_ASSERT_FALSE(found);
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &d), STATUS_OK);
  CU_ASSERT_EQUAL(stage_done_read(suite_folder(), "ingest", &a, &back, &found), STATUS_OK);
  CU_ASSERT_TRUE_FATAL(found);
  CU_ASSERT_STRING_EQUAL(back.fingerprint, "abc");
  CU_ASSERT_EQUAL(accounts_get(&back.numbers, "users"), 8);
  CU_ASSERT_EQUAL(accounts_get(&back.numbers, "rejected.\"odd\" 行"), 2);
  CU_ASSERT_EQUAL(accounts_total(&back.numbers), 10);
  CU_ASSERT_EQUAL(back.peaks[3], 9000000001);
  CU_ASSERT_PTR_NOT_NULL_FATAL(back.use);
  CU_ASSERT_EQUAL(memcmp(back.use, d.use, 4 * sizeof *d.use), 0);
  CU_ASSERT_EQUAL(back.work_count, 3);
  CU_ASSERT_EQUAL(back.work[2], 9000000000);
  CU_ASSERT_STRING_EQUAL(back.summary, "\"recall@20\": 0.31, \"x\": [1, 2]");
  CU_ASSERT_EQUAL(back.seconds, 1.5);
  arena_free(&a);
}

static void imbalance_is_the_busiest_over_the_mean(void) {
  stage_done d = sample();
  CU_ASSERT_EQUAL(stage_done_busy(&d.use[0]), 1.125);
  CU_ASSERT_DOUBLE_EQUAL(stage_done_imbalance(&d), 1.125 / ((1.125 + 1 + 0 + 1) / 4), 1e-12);
  d.use = NULL;
  CU_ASSERT_EQUAL(stage_done_imbalance(&d), 0);
}

/* Nights of earlier versions are still read. */
static void what_ranks_took_may_be_missing(void) {
  stage_done d = sample(), back;
  arena a = {0};
  int found;
  d.stage = "decide";
  d.use = NULL;
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &d), STATUS_OK);
  CU_ASSERT_EQUAL(stage_done_read(suite_folder(), "decide", &a, &back, &found), STATUS_OK);
  CU_ASSERT_TRUE_FATAL(found);
  CU_ASSERT_PTR_NULL(back.use);
  CU_ASSERT_EQUAL(back.peaks[3], 9000000001);
  arena_free(&a);
}

static void a_summary_that_is_no_json_is_our_bug(void) {
  stage_done d = sample();
  d.stage = "train";
  d.summary = "\"x\": ,";
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &d), STATUS_BUG);
  d.summary = "";
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &d), STATUS_OK);
}

static void every_flip_and_cut_is_noticed(void) {
  const stage_done d = sample();
  stage_done back;
  arena a = {0};
  char path[512], *bytes;
  int64_t count, unnoticed = 0;
  int found;
  CU_ASSERT_EQUAL(stage_done_write(suite_folder(), &d), STATUS_OK);
  snprintf(path, sizeof path, "%s/work/ingest/DONE.json", suite_folder());
  CU_ASSERT_EQUAL_FATAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  for (int64_t i = 0; i < count; i++) {
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)count), STATUS_OK);
    unnoticed += stage_done_read(suite_folder(), "ingest", &a, &back, &found) != STATUS_DATA || found;
    bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
    CU_ASSERT_EQUAL(file_write(path, bytes, (size_t)i), STATUS_OK);
    unnoticed += stage_done_read(suite_folder(), "ingest", &a, &back, &found) != STATUS_DATA || found;
  }
  CU_ASSERT_EQUAL(unnoticed, 0);
  arena_free(&a);
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  const stage_done d = sample();
  status result = STATUS_BUG;
  for (int64_t n = 0; n < 1000 && result != STATUS_OK; n++) {
    arena a = {0};
    stage_done back;
    int found = 1;
    arena_fail_after(n);
    result = stage_done_write(suite_folder(), &d);
    if (result == STATUS_OK) result = stage_done_read(suite_folder(), "ingest", &a, &back, &found);
    arena_fail_after(-1);
    CU_ASSERT_TRUE(result == STATUS_OK || result == STATUS_BUG);
    arena_free(&a);
  }
  CU_ASSERT_EQUAL(result, STATUS_OK);
}

static void accounts_that_overflow_keep_their_total(void) {
  static char names[2 * ACCOUNTS_MOST][16];
  accounts a = {0};
  for (int i = 0; i < 2 * ACCOUNTS_MOST; i++) {
    snprintf(names[i], sizeof names[i], "n%d", i);
    accounts_add(&a, names[i], 1);
  }
  CU_ASSERT_EQUAL(a.count, ACCOUNTS_MOST);
  CU_ASSERT_EQUAL(accounts_total(&a), 2 * ACCOUNTS_MOST);
  CU_ASSERT_EQUAL(accounts_get(&a, "other"), ACCOUNTS_MOST + 1);
  CU_ASSERT_EQUAL(accounts_get(&a, "n3"), 1);
  CU_ASSERT_EQUAL(accounts_get(&a, "nobody"), 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_written_is_read),
      TEST(imbalance_is_the_busiest_over_the_mean),
      TEST(what_ranks_took_may_be_missing),
      TEST(a_summary_that_is_no_json_is_our_bug),
      TEST(every_flip_and_cut_is_noticed),
      TEST(running_out_of_memory_anywhere_is_a_status),
      TEST(accounts_that_overflow_keep_their_total),
  };
  return SUITE_RUN("stage_done", tests);
}
