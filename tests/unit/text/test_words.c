#include "text/words.h"

#include <string.h>

#include "support/suite.h"
#include "text/stop_words.h"

static arena memory;
static word_breaker *breaker;

/* The keywords of a text, joined by "|". */
static const char *keywords(const char *text, language l) {
  word_list list;
  char *joined = "";
  if (word_breaker_keywords(breaker, text, l, &memory, &list) != STATUS_OK) return "(failed)";
  for (int i = 0; i < list.count; i++)
    if (arena_print(&memory, &joined, "%s%s%s", joined, i ? "|" : "", list.word[i]) != STATUS_OK) return "(failed)";
  return joined;
}

static void english_keywords_are_things_and_qualities(void) {
  CU_ASSERT_STRING_EQUAL(keywords("White Hanging Heart T-Light Holder", LANGUAGE_EN), "heart|light|holder");
  CU_ASSERT_STRING_EQUAL(keywords("SET OF 6 SPICE TINS, assorted 60cm x2", LANGUAGE_EN), "spice|tins");
  CU_ASSERT_STRING_EQUAL(keywords("The children's café for Éclairs & tea", LANGUAGE_EN), "children|café|éclairs|tea");
  CU_ASSERT_STRING_EQUAL(keywords("lantern, LANTERN", LANGUAGE_EN), "lantern|lantern");
  CU_ASSERT_STRING_EQUAL(keywords("don't 3D B2B 你好 🔥 1972", LANGUAGE_EN), "");
  CU_ASSERT_STRING_EQUAL(keywords("", LANGUAGE_EN), "");
}

static void chinese_keywords_have_two_characters_or_more(void) {
  CU_ASSERT_STRING_EQUAL(keywords("手工陶瓷咖啡杯", LANGUAGE_ZH), "手工|陶瓷|咖啡杯");
  CU_ASSERT_STRING_EQUAL(keywords("一款适合我们的台灯", LANGUAGE_ZH), "台灯");
  CU_ASSERT_STRING_EQUAL(keywords("两只 三件 杯 iPhone 手机 100", LANGUAGE_ZH), "手机");
  CU_ASSERT_STRING_EQUAL(keywords("，。！😊", LANGUAGE_ZH), "");
}

static void characters_beyond_the_first_plane_do_not_shift_the_words(void) {
  CU_ASSERT_STRING_EQUAL(keywords("🔥🔥 lantern 🌿 garden 𠮷 bench", LANGUAGE_EN), "lantern|garden|bench");
}

static void broken_text_is_refused(void) {
  word_list list;
  CU_ASSERT_EQUAL(word_breaker_keywords(breaker, "a\xff", LANGUAGE_EN, &memory, &list), STATUS_DATA);
}

/* bsearch needs sorted lists: words from all over them. */
static void stop_words_are_found(void) {
  const char *const en[] = {"a", "and", "because", "of", "pack", "set", "the", "with", "yourself", "zero"};
  const char *const zh[] = {"我们", "他们", "一个", "套装", "为什么", "适合", "之后", "今天"};
  for (size_t i = 0; i < sizeof en / sizeof *en; i++) CU_ASSERT_TRUE(stop_words_has(en[i], LANGUAGE_EN));
  for (size_t i = 0; i < sizeof zh / sizeof *zh; i++) CU_ASSERT_TRUE(stop_words_has(zh[i], LANGUAGE_ZH));
  CU_ASSERT_FALSE(stop_words_has("lantern", LANGUAGE_EN));
  CU_ASSERT_FALSE(stop_words_has("the", LANGUAGE_ZH));
}

int main(void) {
  const suite_test tests[] = {
      TEST(english_keywords_are_things_and_qualities),
      TEST(chinese_keywords_have_two_characters_or_more),
      TEST(characters_beyond_the_first_plane_do_not_shift_the_words),
      TEST(broken_text_is_refused),
      TEST(stop_words_are_found),
  };
  if (word_breaker_open(&breaker) != STATUS_OK) return 1;
  const int code = SUITE_RUN("words", tests);
  word_breaker_close(breaker);
  arena_free(&memory);
  return code;
}
