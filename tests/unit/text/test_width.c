#include "text/width.h"

#include <string.h>

#include "support/suite.h"

static void columns_are_those_of_a_terminal(void) {
  CU_ASSERT_EQUAL(width_columns(""), 0);
  CU_ASSERT_EQUAL(width_columns("abc"), 3);
  CU_ASSERT_EQUAL(width_columns("今日，"), 6);
  CU_ASSERT_EQUAL(width_columns("ＡＢ"), 4);
  CU_ASSERT_EQUAL(width_columns("ｱ"), 1);
  CU_ASSERT_EQUAL(width_columns("e\u0301a\u200B"), 2);
  CU_ASSERT_EQUAL(width_columns("한"), 2);
}

static void an_emoji_takes_two_whatever_it_is_made_of(void) {
  CU_ASSERT_EQUAL(width_columns("🔥"), 2);
  CU_ASSERT_EQUAL(width_columns("☕"), 2);
  CU_ASSERT_EQUAL(width_columns("✈\uFE0F"), 2);
  CU_ASSERT_EQUAL(width_columns("✈"), 1);
  CU_ASSERT_EQUAL(width_columns("👍🏽"), 2);
  CU_ASSERT_EQUAL(width_columns("👩\u200D🍳"), 2);
  CU_ASSERT_EQUAL(width_columns("👨\u200D👩\u200D👧"), 2);
  CU_ASSERT_EQUAL(width_columns("1\uFE0F\u20E3"), 2);
  CU_ASSERT_EQUAL(width_columns("🇨🇳"), 2);
}

static void utf16_counts_what_is_beyond_the_first_plane_twice(void) {
  CU_ASSERT_EQUAL(width_utf16("a中é"), 3);
  CU_ASSERT_EQUAL(width_utf16("🔥"), 2);
  CU_ASSERT_EQUAL(width_utf16("✈\uFE0F"), 2);
  CU_ASSERT_EQUAL(width_utf16(""), 0);
}

static void sms_are_counted_in_the_alphabet_they_need(void) {
  char text[400];
  CU_ASSERT_EQUAL(width_gsm7("Hello, Zoë"), -1);
  CU_ASSERT_EQUAL(width_gsm7("Caffè £2 @home_"), 15);
  CU_ASSERT_EQUAL(width_gsm7("€5 [a] {b} ~^\\|"), 6 + 2 * 9);
  CU_ASSERT_EQUAL(width_gsm7("你好"), -1);
  CU_ASSERT_EQUAL(width_gsm7("don’t"), -1);
  CU_ASSERT_EQUAL(width_in("你好🔥", WIDTH_UTF16), 4);
  memset(text, 'a', sizeof text);
  text[160] = '\0';
  CU_ASSERT_EQUAL(width_sms_parts(text), 1);
  text[159] = '[';
  CU_ASSERT_EQUAL(width_sms_parts(text), 2); /* 161 units */
  text[159] = text[160] = 'a';
  text[306] = '\0';
  CU_ASSERT_EQUAL(width_sms_parts(text), 2);
  text[306] = 'a';
  text[307] = '\0';
  CU_ASSERT_EQUAL(width_sms_parts(text), 3);
  for (int i = 0; i < 70; i++) memcpy(text + 3 * i, "中", 4);
  CU_ASSERT_EQUAL(width_sms_parts(text), 1);
  memcpy(text + 210, "中", 4);
  CU_ASSERT_EQUAL(width_sms_parts(text), 2);
  CU_ASSERT_EQUAL(width_sms(1, 1), 160);
  CU_ASSERT_EQUAL(width_sms(1, 0), 70);
  CU_ASSERT_EQUAL(width_sms(3, 1), 459);
  CU_ASSERT_EQUAL(width_sms(2, 0), 134);
}

int main(void) {
  const suite_test tests[] = {
      TEST(columns_are_those_of_a_terminal),
      TEST(an_emoji_takes_two_whatever_it_is_made_of),
      TEST(utf16_counts_what_is_beyond_the_first_plane_twice),
      TEST(sms_are_counted_in_the_alphabet_they_need),
  };
  return SUITE_RUN("width", tests);
}
