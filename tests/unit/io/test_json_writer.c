#include "io/json_writer.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "support/suite.h"

static void what_is_written_is_json_again(void) {
  arena a = {0};
  json_writer w = json_writer_start(&a);
  accounts counts = {0};
  accounts_add(&counts, "a \"b\"", 3);
  const int64_t numbers[2] = {-1, 9007199254740993};
  json_writer_open(&w, NULL, '{');
  json_writer_text(&w, "text", "\"\\\n\r\t\x01\x7F 手表 💪");
  json_writer_integer(&w, "least", INT64_MIN);
  json_writer_real(&w, "real", 0.5);
  json_writer_real(&w, "nothing", (double)NAN);
  json_writer_accounts(&w, "counts", &counts);
  json_writer_integers(&w, "numbers", numbers, 2);
  json_writer_open(&w, "empty", '[');
  json_writer_close(&w, ']');
  json_writer_members(&w, "\"more\": [true]");
  json_writer_members(&w, "");
  json_writer_close(&w, '}');
  CU_ASSERT_EQUAL(w.failed, STATUS_OK);
  json_t *root = json_loads(w.bytes, JSON_REJECT_DUPLICATES, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(root);
  CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(root, "text")), "\"\\\n\r\t\x01\x7F 手表 💪");
  CU_ASSERT_EQUAL(json_integer_value(json_object_get(root, "least")), INT64_MIN);
  CU_ASSERT_EQUAL(json_real_value(json_object_get(root, "real")), 0.5);
  CU_ASSERT_TRUE(json_is_null(json_object_get(root, "nothing")));
  CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(root, "counts"), "a \"b\"")), 3);
  CU_ASSERT_EQUAL(json_integer_value(json_array_get(json_object_get(root, "numbers"), 1)), 9007199254740993);
  CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "empty")), 0);
  CU_ASSERT_EQUAL(json_array_size(json_object_get(root, "more")), 1);
  json_decref(root);
  arena_free(&a);
}

static void bytes_that_are_not_utf8_become_a_sign(void) {
  arena a = {0};
  json_writer w = json_writer_start(&a);
  json_writer_quoted(&w, "caf\xE9 \xE6\x89");
  CU_ASSERT_STRING_EQUAL(w.bytes, "\"caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\"");
  arena_free(&a);
}

static void running_out_of_memory_is_remembered(void) {
  arena a = {0};
  json_writer w = json_writer_start(&a);
  arena_fail_after(1);
  for (int i = 0; i < 1000; i++) json_writer_quoted(&w, "some text");
  arena_fail_after(-1);
  CU_ASSERT_EQUAL(w.failed, STATUS_BUG);
  arena_free(&a);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_written_is_json_again),
      TEST(bytes_that_are_not_utf8_become_a_sign),
      TEST(running_out_of_memory_is_remembered),
  };
  return SUITE_RUN("json_writer", tests);
}
