#include "cli/export.h"

#include <jansson.h>

#include "unit/cli/calling.h"

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
}

static void output_that_cannot_be_written_is_a_failure(void) {
  fresh("full");
  fflush(stdout);
  const int before = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
  char *const argv[] = {"export", run, "--format", "jsonl", NULL};
  dup2(full, STDOUT_FILENO);
  const status result = export_command(4, (char **)argv);
  clearerr(stdout);
  dup2(before, STDOUT_FILENO);
  close(full);
  close(before);
  CU_ASSERT_EQUAL(result, STATUS_IO);
}

int main(void) {
  const suite_test tests[] = {
      TEST(json_lines_hold_what_was_written),
      TEST(csv_holds_what_was_written_and_no_formula),
      TEST(export_refuses_a_run_that_does_not_hold),
      TEST(output_that_cannot_be_written_is_a_failure),
  };
  const int result = SUITE_RUN("export", tests);
  arena_free(&memory);
  return result;
}
