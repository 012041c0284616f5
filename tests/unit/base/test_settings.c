#include "base/settings.h"

#include <stdlib.h>
#include <string.h>

#include "support/suite.h"

static settings *fresh(arena *a) {
  settings *s = NULL;
  if (settings_create(a, &s) != STATUS_OK) abort();
  return s;
}

static int says(const char *words) { return strstr(status_text(), words) != NULL; }

/* The least that a job must say. */
static void give_required(settings *s) {
  settings_set(s, "job", "demo", "j:1:1", 0);
  settings_set(s, "inputs.interactions.path", "events.csv", "j:2:1", 0);
}

static void every_default_is_valid_and_stands(void) {
  arena a = {0};
  const settings *s = fresh(&a);
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 64);
  CU_ASSERT_EQUAL(settings_real(s, "als.width"), 64.0);
  CU_ASSERT_EQUAL(settings_real(s, "events.validation_share"), 0.1);
  CU_ASSERT_EQUAL(settings_bool(s, "privacy.user_names"), 1);
  CU_ASSERT_EQUAL(settings_bool(s, "inputs.catalogue.capitalise"), 0);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "language"), "en");
  CU_ASSERT_EQUAL(settings_choice(s, "language"), 1);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "night"), "");
  CU_ASSERT_EQUAL(settings_count(s, "events.kinds"), 0);
  CU_ASSERT_EQUAL(settings_count(s, "generate.banned"), 0);
  arena_free(&a);
}

static void a_value_is_set_once_by_files_and_again_by_an_override(void) {
  arena a = {0};
  settings *s = fresh(&a);
  CU_ASSERT_EQUAL(settings_set(s, "als.width", "64", "j:3:1", 0), STATUS_OK);
  CU_ASSERT_EQUAL(settings_set(s, "als.width", "65", "j:9:1", 0), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("j:9:1: als.width: given twice") && says("j:3:1"));
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 64);
  CU_ASSERT_EQUAL(settings_override(s, "als.width=16"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(s, "als.width=17"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 17);
  CU_ASSERT_EQUAL(settings_override(s, "als.width"), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_override(s, "money=%=x"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "money"), "%=x");
  arena_free(&a);
}

static void wrong_values_are_refused_and_change_nothing(void) {
  static const char *const wrong[][3] = {
      {"als.width", "many", "whole number"},
      {"als.width", "3.5", "whole number"},
      {"als.width", "", "whole number"},
      {"als.width", "0", "out of range"},
      {"als.width", "1025", "1 to 1024"},
      {"seed", "99999999999999999999999", "out of range"},
      {"als.regularisation", "-1", "range"},
      {"als.regularisation", "nan", "number"},
      {"als.regularisation", "0x10", "number"},
      {"als.regularisation", "1e999", "range"},
      {"als.regularisation", "1,5", "number"},
      {"privacy.user_names", "yes", "true or false"},
      {"language", "fr", "zh|en"},
      {"language", "z", "zh|en"},
      {"language", "zh|en", "one of"},
      {"partitions.users", "48", "power of two"},
      {"partitions.items", "0", "out of range"},
      {"job", "a/b", "folder's name"},
      {"job", "", "empty"},
      {"job", "a.b", "folder's name"},
      {"night", "..", "folder's name"},
      {"night", "1234567890123456789012345678901234567890123456789012345678901", "60 letters"},
      {"runs", "", "empty"},
      {"night", "a b", "folder's name"},
      {"money", "a\nb", "control character"},
      {"runs", "${UNSET_BY_ANYBODY}/x", "UNSET_BY_ANYBODY"},
      {"runs", "${OPEN", "does not close"},
  };
  arena a = {0};
  settings *s = fresh(&a);
  char *before = NULL, *after = NULL;
  settings_print(s, NULL, &a, &before);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CU_ASSERT_EQUAL(settings_set(s, wrong[i][0], wrong[i][1], "j:1:2", 0), STATUS_SETTINGS);
    CU_ASSERT_TRUE(says(wrong[i][2]));
    CU_ASSERT_TRUE(says("j:1:2: ") && says(wrong[i][0]));
    CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
  }
  settings_print(s, NULL, &a, &after);
  CU_ASSERT_STRING_EQUAL(before, after);
  arena_free(&a);
}

static void an_unknown_key_comes_with_the_nearest_known_one(void) {
  arena a = {0};
  settings *s = fresh(&a);
  CU_ASSERT_STRING_EQUAL(settings_nearest("als.widht"), "als.width");
  CU_ASSERT_STRING_EQUAL(settings_nearest("width"), "als.width");
  CU_ASSERT_STRING_EQUAL(settings_nearest("events.kinds[3].wieght"), "events.kinds[].weight");
  CU_ASSERT_STRING_EQUAL(settings_nearest("input.interactions.path"), "inputs.interactions.path");
  CU_ASSERT_PTR_NULL(settings_nearest("colour.of.the.sky.at.dawn"));
  CU_ASSERT_EQUAL(settings_set(s, "als.widht", "3", "j:4:5", 0), STATUS_SETTINGS);
  CU_ASSERT_STRING_EQUAL(status_text(), "j:4:5: unknown key als.widht; did you mean als.width?");
  CU_ASSERT_EQUAL(settings_set(s, "als", "3", "j:4:5", 0), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("section"));
  CU_ASSERT_EQUAL(settings_set(s, "als.width[0]", "3", "j:4:5", 0), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("not a list"));
  char path[2000];
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = '\0';
  CU_ASSERT_EQUAL(settings_set(s, path, "3", "j:4:5", 0), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_set(s, "events.kinds[].name", "3", "j:4:5", 0), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_set(s, "events.kinds[99999999999].name", "3", "j:4:5", 0), STATUS_SETTINGS);
  arena_free(&a);
}

static void paths_take_variables_from_the_environment(void) {
  arena a = {0};
  settings *s = fresh(&a);
  setenv("NIGHTMAIL_TEST_VALUE", "deep", 1);
  unsetenv("NIGHTMAIL_DATA");
  CU_ASSERT_EQUAL(settings_override(s, "runs=/a/${NIGHTMAIL_TEST_VALUE}/${NIGHTMAIL_TEST_VALUE}x"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "runs"), "/a/deep/deepx");
  CU_ASSERT_EQUAL(settings_override(s, "inputs.catalogue.path=${NIGHTMAIL_DATA}/u.item"), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(settings_text(s, "inputs.catalogue.path"), "../shared/data/u.item");
  setenv("NIGHTMAIL_DATA", "/data", 1);
  CU_ASSERT_EQUAL(settings_override(s, "inputs.copy.paths=${NIGHTMAIL_DATA}/a, b"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_count(s, "inputs.copy.paths"), 2);
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "inputs.copy.paths", 0), "/data/a");
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "inputs.copy.paths", 1), "b");
  arena_free(&a);
}

static void lists_are_given_by_member_or_whole(void) {
  arena a = {0};
  settings *s = fresh(&a);
  CU_ASSERT_EQUAL(settings_set(s, "generate.banned[0]", "best, ever", "j:1:1", 0), STATUS_OK);
  CU_ASSERT_EQUAL(settings_set(s, "generate.banned[1]", "free", "j:2:1", 0), STATUS_OK);
  CU_ASSERT_EQUAL(settings_set(s, "generate.banned[1]", "free", "j:3:1", 0), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_set(s, "generate.banned[5]", "free", "j:3:1", 0), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_set(s, "generate.banned", "x", "j:4:1", 0), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(settings_count(s, "generate.banned"), 2);
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "generate.banned", 0), "best, ever");
  CU_ASSERT_EQUAL(settings_override(s, "generate.banned=one,two , three"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_count(s, "generate.banned"), 3);
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "generate.banned", 1), "two");
  CU_ASSERT_EQUAL(settings_override(s, "generate.banned="), STATUS_OK);
  CU_ASSERT_EQUAL(settings_count(s, "generate.banned"), 0);
  arena_free(&a);
}

static void members_of_a_list_of_maps_have_defaults_and_required_keys(void) {
  arena a = {0};
  settings *s = fresh(&a);
  give_required(s);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_OK);
  settings_set(s, "events.kinds[0].name", "view", "j:5:5", 0);
  settings_set(s, "events.kinds[1].weight", "3", "j:6:5", 0);
  CU_ASSERT_EQUAL(settings_count(s, "events.kinds"), 2);
  CU_ASSERT_EQUAL(settings_real_at(s, "events.kinds[].weight", 0), 1.0);
  CU_ASSERT_EQUAL(settings_real_at(s, "events.kinds[].weight", 1), 3.0);
  CU_ASSERT_EQUAL(settings_choice_at(s, "events.kinds[].means", 1), 0);
  CU_ASSERT_STRING_EQUAL(settings_text_at(s, "events.kinds[].means", 1), "viewed");
  CU_ASSERT_EQUAL(settings_is_set_at(s, "events.kinds[].weight", 0), 0);
  CU_ASSERT_EQUAL(settings_is_set_at(s, "events.kinds[].weight", 1), 1);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("j:6:5: events.kinds[1].name: must be given"));
  settings_set(s, "events.kinds[1].name", "view", "j:7:5", 0);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("j:7:5: ") && says("`view` is there twice"));
  settings_override(s, "events.kinds[1].name=buy");
  CU_ASSERT_EQUAL(settings_check(s), STATUS_OK);
  arena_free(&a);
}

static void check_reports_every_fault(void) {
  arena a = {0};
  settings *s = fresh(&a);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("job: must be given") && says("\n") && says("inputs.interactions.path: must be given"));
  give_required(s);
  settings_set(s, "als.feedback", "explicit", "j:3:1", 0);
  settings_set(s, "inputs.interactions.exclude[0].column", "price", "j:4:1", 0);
  settings_set(s, "inputs.interactions.exclude[0].test", "below", "j:5:1", 0);
  settings_set(s, "inputs.interactions.exclude[0].reason", "cheap", "j:6:1", 0);
  CU_ASSERT_EQUAL(settings_check(s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("j:3:1: als.feedback") && says("something to compare with"));
  settings_override(s, "inputs.interactions.exclude[0].values=a");
  settings_override(s, "inputs.interactions.columns.rating=rating");
  CU_ASSERT_EQUAL(settings_check(s), STATUS_SETTINGS);
  CU_ASSERT_TRUE(says("one number") && !says("feedback"));
  settings_override(s, "inputs.interactions.exclude[0].values=0.5");
  CU_ASSERT_EQUAL(settings_check(s), STATUS_OK);
  arena_free(&a);
}

static void print_depends_on_values_only(void) {
  arena a = {0};
  settings *s = fresh(&a), *t = fresh(&a);
  static const char *const some[] = {"als.", "generate.banned", "events.kinds", NULL};
  char *first = NULL, *second = NULL;
  settings_set(s, "als.unobserved", "0.20", "j:1:1", 0);
  settings_set(s, "als.sweeps", "+7", "j:2:1", 0);
  settings_set(s, "events.kinds[0].name", "view", "j:2:1", 0);
  settings_override(t, "events.kinds[0].name=view");
  settings_override(t, "als.sweeps=7");
  settings_override(t, "als.unobserved=2e-1");
  CU_ASSERT_EQUAL(settings_print(s, some, &a, &first), STATUS_OK);
  CU_ASSERT_EQUAL(settings_print(t, some, &a, &second), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(first, second);
  CU_ASSERT_PTR_NOT_NULL(strstr(first, "als.sweeps: 7\n"));
  CU_ASSERT_PTR_NOT_NULL(strstr(first, "als.unobserved: 0.2\n"));
  CU_ASSERT_PTR_NOT_NULL(strstr(first, "events.kinds[0].weight: 1\n"));
  CU_ASSERT_PTR_NULL(strstr(first, "writer."));
  settings_override(t, "als.sweeps=8");
  settings_print(t, some, &a, &second);
  CU_ASSERT_STRING_NOT_EQUAL(first, second);
  settings_print(t, NULL, &a, &second);
  int lines = 0, wanted = settings_table_count; /* a line for each row, set or not, … */
  for (const char *c = second; *c != '\0'; c++) lines += *c == '\n';
  for (int row = 0; row < settings_table_count; row++)
    if (settings_table[row].type == SETTINGS_LIST)
      for (const char *c = settings_table[row].fallback; c != NULL && *c != '\0'; c++)
        wanted += *c == ','; /* … and for each further member of a list */
  CU_ASSERT_EQUAL(lines, wanted);
  arena_free(&a);
}

static void memory_that_runs_out_is_a_failure_and_not_a_crash(void) {
  int failures = 0;
  for (int n = 0; n < 2000; n++) {
    arena a = {0};
    settings *s = NULL;
    char *text = NULL;
    arena_fail_after(n);
    status result = settings_create(&a, &s);
    if (result == STATUS_OK) result = settings_override(s, "events.kinds[0].name=view");
    if (result == STATUS_OK) result = settings_override(s, "generate.banned=a,b");
    if (result == STATUS_OK) result = settings_override(s, "runs=${HOME}");
    if (result == STATUS_OK) result = settings_print(s, NULL, &a, &text);
    arena_fail_after(-1);
    if (result == STATUS_OK)
      n = 2000;
    else if (result == STATUS_BUG)
      failures++;
    arena_free(&a);
  }
  CU_ASSERT_TRUE(failures > 100 && failures < 1999);
}

int main(void) {
  const suite_test tests[] = {
      TEST(every_default_is_valid_and_stands),
      TEST(a_value_is_set_once_by_files_and_again_by_an_override),
      TEST(wrong_values_are_refused_and_change_nothing),
      TEST(an_unknown_key_comes_with_the_nearest_known_one),
      TEST(paths_take_variables_from_the_environment),
      TEST(lists_are_given_by_member_or_whole),
      TEST(members_of_a_list_of_maps_have_defaults_and_required_keys),
      TEST(check_reports_every_fault),
      TEST(print_depends_on_values_only),
      TEST(memory_that_runs_out_is_a_failure_and_not_a_crash),
  };
  return SUITE_RUN("settings", tests);
}
