#include "text/width.h"

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

int main(void) {
  const suite_test tests[] = {
      TEST(columns_are_those_of_a_terminal),
      TEST(an_emoji_takes_two_whatever_it_is_made_of),
      TEST(utf16_counts_what_is_beyond_the_first_plane_twice),
  };
  return SUITE_RUN("width", tests);
}
