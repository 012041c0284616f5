/* The commands that look at a finished run: verify, preview, export, show. */
#include "cli/cell.h"
#include "cli/export.h"
#include "cli/preview.h"
#include "cli/show.h"
#include "cli/verify.h"
#include "unit/cli/calling.h"
#include "unit/io/sample_work.h"

static void wrong_usage_is_one_sentence(void) {
  fresh("usage");
  CU_ASSERT_EQUAL(CALL(verify_command, "verify"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(verify_command, "verify", run, run), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(verify_command, "verify", run, "--fast"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "0"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "3x"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "99999999999999999999"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(export_command, "export", run), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "xml"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "csv", "--format", "csv"), STATUS_USAGE);
  CU_ASSERT_EQUAL(CALL(show_command, "show", run), STATUS_USAGE);
  CU_ASSERT_EQUAL(printed[0], '\0');
  CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
}

static void every_command_explains_itself(void) {
  const command commands[] = {verify_command, preview_command, export_command, show_command};
  for (int i = 0; i < 4; i++) {
    CU_ASSERT_EQUAL(CALL(commands[i], "x", "--help"), STATUS_OK);
    HAS("usage: nightmail");
  }
}

static void verify_says_what_held_or_fails(void) {
  fresh("verify");
  CU_ASSERT_EQUAL(CALL(verify_command, "verify", run), STATUS_OK);
  HAS("12 read = 10 accepted + 2 bad_quote");
  HAS("8 known = 5 messages + 3 held_out");
  CU_ASSERT_EQUAL(CALL(verify_command, "verify", "/nowhere"), STATUS_MISSING);
  CU_ASSERT_EQUAL(printed[0], '\0');
}

static void preview_shows_hard_texts_and_the_same_each_time(void) {
  fresh("preview");
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run), STATUS_OK);
  HAS("5 of 5 messages");
  HAS("【今日推荐】一款智能手表，时尚又实用！💪");
  HAS("He said \"look\", then left — 20%"); /* line break and tab are spaces */
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "2"), STATUS_OK);
  HAS("2 of 5 messages");
  const char *once = printed;
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "2"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(printed, once);
}

static int lines_with(const char *word) {
  int lines = 0;
  for (const char *at = strstr(printed, word); at != NULL; at = strstr(at + 1, word)) lines++;
  return lines;
}

/* 100 messages of which 10 are English: a sample of 2 shows both languages, one of 20 shows them by their share. */
static void preview_shows_each_stratum_first_and_then_by_share(void) {
  fresh("strata");
  shard_summary shards[1];
  char path[600];
  snprintf(path, sizeof path, "%s/many", suite_folder());
  CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  memcpy(run, path, sizeof run);
  shard_options options = sample_options("demo", 0, 4096);
  options.count = 1;
  shard_writer *w;
  shard_name(0, 1, shards[0].name);
  snprintf(path, sizeof path, "%s/messages-00000-of-00001.pb.zst", run);
  CU_ASSERT_EQUAL_FATAL(shard_writer_open(path, &options, &w), STATUS_OK);
  for (uint64_t i = 0; i < 100; i++) {
    message m = sample_message(0);
    m.user = (user_id){i, 0};
    m.language = i % 10 == 3 ? LANGUAGE_EN : LANGUAGE_ZH;
    m.text = i % 10 == 3 ? "english" : "chinese";
    CU_ASSERT_EQUAL(shard_writer_append(w, &m), STATUS_OK);
  }
  CU_ASSERT_EQUAL(shard_writer_commit(w, &shards[0]), STATUS_OK);
  manifest m = sample_manifest("demo", shards);
  m.shard_count = 1;
  CU_ASSERT_EQUAL(manifest_write(run, &m), STATUS_OK);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "2"), STATUS_OK);
  CU_ASSERT_EQUAL(lines_with("english"), 1);
  CU_ASSERT_EQUAL(lines_with("chinese"), 1);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run), STATUS_OK);
  CU_ASSERT_EQUAL(lines_with("english"), 2);
  CU_ASSERT_EQUAL(lines_with("chinese"), 18);
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run, "-n", "10000"), STATUS_OK);
  HAS("100 of 100 messages");
}

static void cells_are_as_wide_as_they_look(void) {
  CU_ASSERT_EQUAL(cell_columns("ab"), 2);
  CU_ASSERT_EQUAL(cell_columns("手表"), 4);
  CU_ASSERT_EQUAL(cell_columns("a\nb"), 3);
  CU_ASSERT_EQUAL(cell_columns("a\xC2\x9B"
                               "b"),
                  3); /* CSI as one control character */
}

static void show_prints_one_user_and_never_repeats_an_unknown_id(void) {
  fresh("show");
  sample_work(run, &memory, "-ann-");
  CU_ASSERT_EQUAL(CALL(show_command, "show", run, "--user", "-ann-"), STATUS_OK);
  HAS("user -ann-");
  HAS("智能手表 0.750");
  HAS("liked   智能手表 (智能手表)");
  HAS("0.75000  智能手表");
  HAS("liked 智能手表");
  HAS("09:00 UTC");
  CU_ASSERT_EQUAL(CALL(show_command, "show", run, "--user", "nobody-else"), STATUS_MISSING);
  CU_ASSERT_EQUAL(printed[0], '\0');
  CU_ASSERT_PTR_NULL(strstr(status_text(), "nobody"));
  CU_ASSERT_EQUAL(CALL(show_command, "show", "/nowhere", "--user", "x"), STATUS_MISSING);
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  fresh("memory");
  sample_work(run, &memory, "ann");
  const struct {
    command c;
    const char *words[6];
  } calls[] = {{verify_command, {"verify", run}},
               {preview_command, {"preview", run}},
               {export_command, {"export", run, "--format", "csv", NULL}},
               {show_command, {"show", run, "--user", "ann", NULL}}};
  for (int i = 0; i < 4; i++) {
    status result = STATUS_BUG;
    int failures = 0;
    for (int64_t n = 0; n < 1000 && result != STATUS_OK; n++) {
      arena_fail_after(n);
      result = call_only(calls[i].c, calls[i].words);
      arena_fail_after(-1);
      CU_ASSERT_TRUE(result == STATUS_OK || result == STATUS_BUG);
      failures++;
    }
    CU_ASSERT_EQUAL(result, STATUS_OK);
    CU_ASSERT_TRUE(failures > 3);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(wrong_usage_is_one_sentence),
      TEST(every_command_explains_itself),
      TEST(verify_says_what_held_or_fails),
      TEST(preview_shows_hard_texts_and_the_same_each_time),
      TEST(preview_shows_each_stratum_first_and_then_by_share),
      TEST(cells_are_as_wide_as_they_look),
      TEST(running_out_of_memory_anywhere_is_a_status),
      TEST(show_prints_one_user_and_never_repeats_an_unknown_id),
  };
  const int result = SUITE_RUN("viewing", tests);
  arena_free(&memory);
  return result;
}
