/* What the program says of itself. */
#include "cli/help.h"

#include <string.h>

#include "base/settings.h"
#include "unit/cli/calling.h"

static void the_overview_names_every_command_and_exit_code(void) {
  static const char *const named[] = {"nightmail run",
                                      "nightmail verify",
                                      "nightmail show",
                                      "nightmail preview",
                                      "nightmail export",
                                      "nightmail synth",
                                      "help settings",
                                      " 64 ",
                                      " 65 ",
                                      " 66 ",
                                      " 70 ",
                                      " 74 ",
                                      " 75 ",
                                      "nightmail status",
                                      "nightmail where",
                                      " 77 ",
                                      " 78 "};
  CU_ASSERT_EQUAL(CALL(help_command, "help"), STATUS_OK);
  for (size_t i = 0; i < sizeof named / sizeof *named; i++) HAS(named[i]);
}

static void help_of_a_command_is_its_own(void) {
  static const char *const commands[] = {"run",   "verify", "show",  "preview", "export",
                                         "synth", "status", "where", "plan"};
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    char *wanted = NULL;
    CU_ASSERT_EQUAL(CALL(help_command, "help", commands[i]), STATUS_OK);
    CU_ASSERT_EQUAL(arena_print(&memory, &wanted, "nightmail %s", commands[i]), STATUS_OK);
    HAS(wanted);
    HAS("usage: ");
  }
  CU_ASSERT_EQUAL(CALL(help_command, "help", "expport"), STATUS_USAGE);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "did you mean export"));
  CU_ASSERT_EQUAL(CALL(help_command, "help", "dreaming"), STATUS_USAGE);
  CU_ASSERT_PTR_NULL(strstr(status_text(), "did you mean"));
}

/* The path of a setting alone on its line, and two indented lines below it. */
static void every_setting_is_explained(void) {
  CU_ASSERT_EQUAL(CALL(help_command, "help", "settings"), STATUS_OK);
  for (int i = 0; i < settings_table_count; i++) {
    const settings_row *row = &settings_table[i];
    char *wanted = NULL;
    CU_ASSERT_EQUAL(arena_print(&memory, &wanted, "%s\n    %s\n    ", row->path, row->help), STATUS_OK);
    const char *at = strstr(printed, wanted);
    CU_ASSERT_PTR_NOT_NULL(at);
    if (at == NULL) continue;
    const char *last = at + strlen(wanted), *end = strchr(last, '\n');
    char *line = NULL;
    CU_ASSERT_EQUAL(arena_text(&memory, last, (size_t)(end - last), &line), STATUS_OK);
    CU_ASSERT_PTR_NOT_NULL(strstr(line, row->fallback == NULL ? "; must be given" : "; default: "));
    if (row->type == SETTINGS_CHOICE) CU_ASSERT_PTR_NOT_NULL(strstr(line, row->choices));
    if (row->type == SETTINGS_INT) CU_ASSERT_EQUAL(strncmp(line, "integer from ", 13), 0);
    if (row->type == SETTINGS_REAL) CU_ASSERT_EQUAL(strncmp(line, "real from ", 10), 0);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(the_overview_names_every_command_and_exit_code),
      TEST(help_of_a_command_is_its_own),
      TEST(every_setting_is_explained),
  };
  const int result = SUITE_RUN("help", tests);
  arena_free(&memory);
  return result;
}
