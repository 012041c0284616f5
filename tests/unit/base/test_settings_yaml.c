/* Settings written as YAML; that it reads back is tested where YAML is read (unit.settings_file). */
#include "base/settings.h"
#include "support/suite.h"

static arena memory;

static settings *make(const char *const *assignments) {
  settings *s = NULL;
  CU_ASSERT_EQUAL_FATAL(settings_create(&memory, &s), STATUS_OK);
  for (; *assignments != NULL; assignments++) CU_ASSERT_EQUAL(settings_override(s, *assignments), STATUS_OK);
  return s;
}

static void only_what_is_set_is_written_and_maps_are_nested(void) {
  const settings *s = make((const char *const[]){
      "job=mine", "money=a \"b\" \\%", "inputs.interactions.path=x.csv", "inputs.interactions.columns.time=t",
      "inputs.interactions.names=user,item,t", "events.kinds[0].name=buy", "events.kinds[0].weight=2.5",
      "events.kinds[1].name=view", "als.width=64", "als.feedback=implicit", "tune.blend=false", NULL});
  char *text = NULL;
  CU_ASSERT_EQUAL(settings_yaml(s, &memory, &text), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(text,
                         "job: \"mine\"\n"
                         "inputs:\n"
                         "  interactions:\n"
                         "    path: \"x.csv\"\n"
                         "    names:\n"
                         "      - \"user\"\n"
                         "      - \"item\"\n"
                         "      - \"t\"\n"
                         "    columns:\n"
                         "      time: \"t\"\n"
                         "events:\n"
                         "  kinds:\n"
                         "    - name: \"buy\"\n"
                         "      weight: 2.5\n"
                         "    - name: \"view\"\n"
                         "money: \"a \\\"b\\\" \\\\%\"\n"
                         "als:\n"
                         "  feedback: implicit\n"
                         "  width: 64\n"
                         "tune:\n"
                         "  blend: false\n");
}

static void a_clone_leaves_its_source_alone(void) {
  const settings *s = make((const char *const[]){"als.width=64", "recommender.models=als,ease", NULL});
  settings *same = NULL;
  CU_ASSERT_EQUAL_FATAL(settings_clone(s, &memory, &same), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(same, "als.width=8"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(same, "recommender.models=items"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(same, "events.kinds[0].name=x"), STATUS_OK);
  CU_ASSERT_EQUAL(settings_int(s, "als.width"), 64);
  CU_ASSERT_EQUAL(settings_count(s, "recommender.models"), 2);
  CU_ASSERT_STRING_EQUAL(settings_list_at(s, "recommender.models", 0), "als");
  CU_ASSERT_EQUAL(settings_count(s, "events.kinds"), 0);
  CU_ASSERT_EQUAL(settings_int(same, "als.width"), 8);
  CU_ASSERT_STRING_EQUAL(settings_list_at(same, "recommender.models", 0), "items");
}

int main(void) {
  const suite_test tests[] = {
      TEST(only_what_is_set_is_written_and_maps_are_nested),
      TEST(a_clone_leaves_its_source_alone),
  };
  const int result = SUITE_RUN("settings yaml", tests);
  arena_free(&memory);
  return result;
}
