/* The commands that look at a finished run: verify, preview, export, show. */
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cell.h"
#include "cli/export.h"
#include "cli/preview.h"
#include "cli/show.h"
#include "cli/verify.h"
#include "data/partition.h"
#include "io/work_file.h"
#include "unit/io/sample_run.h"

typedef status (*command)(int argc, char **argv);

static char run[500], output[400];
static arena memory;
static char *printed; /* what the last command wrote to standard output */

static void fresh(const char *name) {
  snprintf(run, sizeof run, "%s/%s", suite_folder(), name);
  snprintf(output, sizeof output, "%s/%s.out", suite_folder(), name);
  CU_ASSERT_EQUAL_FATAL(sample_run(run, "demo"), STATUS_OK);
}

/* Runs a command with up to five arguments, standard output into `printed`. */
static status call(command c, const char *const *given) {
  char *argv[8] = {0};
  int argc = 0;
  while (given[argc] != NULL) {
    argv[argc] = (char *)given[argc];
    argc++;
  }
  char path[500];
  snprintf(path, sizeof path, "%s/stdout", suite_folder());
  fflush(stdout);
  const int before = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, STDOUT_FILENO);
  const status result = c(argc, argv);
  fflush(stdout);
  dup2(before, STDOUT_FILENO);
  close(file);
  close(before);
  int64_t count;
  CU_ASSERT_EQUAL(file_read(path, &memory, &printed, &count), STATUS_OK);
  return result;
}

#define CALL(c, ...) call((c), (const char *const[]){__VA_ARGS__, NULL})
#define HAS(word) CU_ASSERT_PTR_NOT_NULL(strstr(printed, (word)))

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

static void json_lines_hold_what_was_written(void) {
  fresh("jsonl");
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "jsonl"), STATUS_OK);
  char *line = printed;
  for (int i = 0; i < SAMPLE_MESSAGES; i++) {
    char *end = strchr(line, '\n');
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    json_t *object = json_loadb(line, (size_t)(end - line), JSON_REJECT_DUPLICATES, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    const message m = sample_message(i);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "text")), m.text);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "user")), m.user_name);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "reason")), m.reason);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(object, "tone")), tone_name(m.tone));
    CU_ASSERT_EQUAL(json_number_value(json_object_get(object, "score")), (double)m.score);
    CU_ASSERT_EQUAL(json_is_null(json_object_get(object, "hour")), m.hour == PROFILE_NO_HOUR);
    json_decref(object);
    line = end + 1;
  }
  CU_ASSERT_EQUAL(*line, '\0');
}

/* A slow, obvious reader of one CSV cell: returns what is behind it. */
static const char *csv_cell(const char *at, char *out) {
  const int quoted = *at == '"';
  if (quoted) at++;
  for (; *at != '\0'; at++) {
    if (quoted && *at == '"') {
      if (at[1] != '"') {
        at++;
        break;
      }
      at++;
    } else if (!quoted && (*at == ',' || *at == '\n')) {
      break;
    }
    *out++ = *at;
  }
  *out = '\0';
  return at;
}

static void csv_holds_what_was_written_and_no_formula(void) {
  fresh("csv");
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "csv", "--output", output), STATUS_OK);
  CU_ASSERT_EQUAL(printed[0], '\0');
  char *text, cell[1000], wanted[1000];
  int64_t count;
  CU_ASSERT_EQUAL_FATAL(file_read(output, &memory, &text, &count), STATUS_OK);
  const char *at = strchr(text, '\n') + 1;
  for (int i = 0; i < SAMPLE_MESSAGES; i++) {
    const message m = sample_message(i);
    const char *const texts[] = {m.user_name, m.item_name, m.text};
    for (int column = 0; column < 13; column++) {
      at = csv_cell(at, cell);
      CU_ASSERT_EQUAL_FATAL(*at, column < 12 ? ',' : '\n');
      at++;
      if (column < 1 || column > 3) continue;
      const char *original = texts[column - 1];
      snprintf(wanted, sizeof wanted, "%s%s", strchr("=+-@\t\r\n", original[0]) != NULL ? "'" : "", original);
      CU_ASSERT_STRING_EQUAL(cell, wanted);
    }
  }
  CU_ASSERT_EQUAL(*at, '\0');
}

static void export_refuses_a_run_that_does_not_hold(void) {
  fresh("refused");
  char path[600], name[64];
  shard_name(1, SAMPLE_SHARDS, name);
  snprintf(path, sizeof path, "%s/%s", run, name);
  CU_ASSERT_EQUAL(file_remove(path), STATUS_OK);
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "csv", "--output", output), STATUS_MISSING);
  CU_ASSERT_FALSE(file_exists(output));
  CU_ASSERT_EQUAL(CALL(export_command, "export", run, "--format", "jsonl"), STATUS_MISSING);
  CU_ASSERT_EQUAL(printed[0], '\0');
  CU_ASSERT_EQUAL(CALL(preview_command, "preview", run), STATUS_MISSING);
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

/* The work files of a run with two items and one user, who is in shard 1 of 2. */
static void save_work(const char *user) {
  char path[600];
  digest_key key;
  static item_id item_ids[2] = {{1, 2}, {1, 3}};
  static uint8_t ones[4] = {1, 1, 1, 1}, hours[1] = {9};
  static int64_t two[4] = {10, 20, 30, 40}, event_offset[2] = {0, 2};
  static float reals[32] = {0.75f, 0.5f};
  static int32_t rows[16] = {1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, zero[2] = {0, 1};
  static double value[1] = {12.5};
  const char *const titles[] = {"Smart watch", "智能手表"};
  CU_ASSERT_EQUAL(digest_key_load("", 7, &key), STATUS_OK);
  user_id id = digest_user(&key, user, strlen(user));
  const int index = partition_of(id, SAMPLE_SHARDS);
  snprintf(path, sizeof path, "%s/settings.txt", run);
  const char settings[] = "job: demo\nseed: 7\npartitions.users: 2\nprivacy.key_file:\n";
  CU_ASSERT_EQUAL(file_write(path, settings, strlen(settings)), STATUS_OK);
  const char *const stages[] = {"ingest", "profile", "decide"};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/work/%s", run, stages[i]);
    CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  }
  strings names, empty, user_names;
  CU_ASSERT_EQUAL(strings_create(&memory, titles, 2, &names), STATUS_OK);
  CU_ASSERT_EQUAL(strings_create(&memory, (const char *const[]){"", ""}, 2, &empty), STATUS_OK);
  CU_ASSERT_EQUAL(strings_create(&memory, &user, 1, &user_names), STATUS_OK);
  catalogue c = {.count = 2,
                 .id = item_ids,
                 .name = names,
                 .title = {names, empty},
                 .keywords = {empty, empty},
                 .category = zero,
                 .price = two,
                 .old_price = two,
                 .domain = ones,
                 .available = ones,
                 .added = two,
                 .users = two,
                 .categories = 2,
                 .category_name = {names, names}};
  users u = {.count = 1,
             .id = &id,
             .name = user_names,
             .language = ones,
             .flags = ones,
             .event_offset = event_offset,
             .event_item = zero,
             .event_meaning = ones,
             .event_time = two,
             .event_value = reals,
             .offset = event_offset,
             .item = zero,
             .weight = reals,
             .train_weight = reals,
             .in_train = ones,
             .meanings = ones,
             .last = two};
  uint8_t no_flags[1] = {0};
  u.flags = no_flags;
  profiles p = {1, rows, reals, zero, reals, zero, value, hours};
  static int64_t item_offset[3] = {0, 1, 2};
  words w = {2, names, ones, reals, item_offset, zero};
  static uint32_t slots[1] = {1};
  decisions d = {1, no_flags, zero, reals, reals, ones, slots, zero + 1, ones, zero, rows, reals};
  char *file;
  CU_ASSERT_EQUAL(work_file_path(&memory, run, "ingest", "items", 0, 0, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_catalogue(file, &c), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(&memory, run, "ingest", "users", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_users(file, &u), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(&memory, run, "profile", "words", 0, 0, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_words(file, &w, 2), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(&memory, run, "profile", "profiles", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_profiles(file, &p), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_path(&memory, run, "decide", "decisions", index, SAMPLE_SHARDS, &file), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_save_decisions(file, &d), STATUS_OK);
}

static void show_prints_one_user_and_never_repeats_an_unknown_id(void) {
  fresh("show");
  save_work("-ann-");
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

int main(void) {
  const suite_test tests[] = {
      TEST(wrong_usage_is_one_sentence),
      TEST(every_command_explains_itself),
      TEST(verify_says_what_held_or_fails),
      TEST(json_lines_hold_what_was_written),
      TEST(csv_holds_what_was_written_and_no_formula),
      TEST(export_refuses_a_run_that_does_not_hold),
      TEST(preview_shows_hard_texts_and_the_same_each_time),
      TEST(preview_shows_each_stratum_first_and_then_by_share),
      TEST(cells_are_as_wide_as_they_look),
      TEST(show_prints_one_user_and_never_repeats_an_unknown_id),
  };
  const int result = SUITE_RUN("viewing", tests);
  arena_free(&memory);
  return result;
}
