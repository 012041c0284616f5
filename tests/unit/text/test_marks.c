#include "text/marks.h"

#include "support/starter_copy.h"
#include "support/suite.h"

static arena memory;

static const char *localised(const char *text, language l) {
  char *out;
  return marks_localise(text, l, &memory, &out) == STATUS_OK ? out : "(failed)";
}

static void chinese_takes_fullwidth_marks(void) {
  CU_ASSERT_STRING_EQUAL(localised("[今日] 你好, 看看<title>!", LANGUAGE_ZH), "【今日】你好，看看<title>！");
  CU_ASSERT_STRING_EQUAL(localised("他说\"好\",\"再来\".", LANGUAGE_ZH), "他说“好”，“再来”。");
  CU_ASSERT_STRING_EQUAL(localised("等等... <title> (真的?) 😊", LANGUAGE_ZH), "等等……<title>（真的？） 😊");
}

static void english_takes_ascii_marks(void) {
  CU_ASSERT_STRING_EQUAL(localised("【Today】Look，<title>。See it！", LANGUAGE_EN), "[Today] Look, <title>. See it!");
  CU_ASSERT_STRING_EQUAL(localised("Wait…… \u201Cno\u201D， e.g. 《<title>》", LANGUAGE_EN),
                         "Wait... \u201Cno\u201D, e.g. \"<title>\"");
}

static void the_shipped_copy_is_as_it_should_be(void) {
  const copy c = starter_copy_load(TEST_DATA, &memory);
  for (int64_t i = 0; i < c.count; i++)
    CU_ASSERT_STRING_EQUAL(localised(c.lines[i].text, c.lines[i].language), c.lines[i].text);
}

static void broken_text_is_refused(void) {
  char *out;
  CU_ASSERT_EQUAL(marks_localise("\xff", LANGUAGE_ZH, &memory, &out), STATUS_DATA);
}

int main(void) {
  const suite_test tests[] = {
      TEST(chinese_takes_fullwidth_marks),
      TEST(english_takes_ascii_marks),
      TEST(the_shipped_copy_is_as_it_should_be),
      TEST(broken_text_is_refused),
  };
  const int code = SUITE_RUN("marks", tests);
  arena_free(&memory);
  return code;
}
