#include "text/banned.h"

#include <string.h>

#include "base/random.h"
#include "support/suite.h"
#include "text/normalise.h"

static arena memory;

static int found(const banned *b, const char *text) {
  char *match;
  return normalise_match(text, &memory, &match) == STATUS_OK ? banned_find(b, match) : -2;
}

static void words_are_found_in_every_disguise(void) {
  const char *const words[] = {"free", "免费", "Last Chance", ""};
  banned *b;
  CU_ASSERT_EQUAL(banned_create(words, 4, &memory, &b), STATUS_OK);
  CU_ASSERT_EQUAL(found(b, "it is FREE!"), 6);
  CU_ASSERT_EQUAL(found(b, "ｆｒｅｅ"), 0);
  CU_ASSERT_EQUAL(found(b, "f-r-e-e"), 0);
  CU_ASSERT_EQUAL(found(b, "全部免 费"), 6);
  CU_ASSERT_EQUAL(found(b, "last\u00a0CHANCE"), 0);
  CU_ASSERT_EQUAL(found(b, "免费free"), 0);
  CU_ASSERT_EQUAL(found(b, "送free礼"), 3);
  CU_ASSERT_EQUAL(found(b, ""), -1);
}

static void latin_words_are_whole_words(void) {
  const char *const words[] = {"ass", "glass", "free"};
  banned *b;
  CU_ASSERT_EQUAL(banned_create(words, 3, &memory, &b), STATUS_OK);
  CU_ASSERT_EQUAL(found(b, "class freedom carefree frees éass assé"), -1);
  CU_ASSERT_EQUAL(found(b, "a glass"), 2);
  CU_ASSERT_EQUAL(found(b, "free's"), 0);
}

static void nothing_is_found_where_nothing_is_forbidden(void) {
  banned *b;
  CU_ASSERT_EQUAL(banned_create(NULL, 0, &memory, &b), STATUS_OK);
  CU_ASSERT_EQUAL(found(b, "anything 免费"), -1);
  const char *const bad[] = {"\xff"};
  CU_ASSERT_EQUAL(banned_create(bad, 1, &memory, &b), STATUS_DATA);
}

/* The first word to end, the longest of those: one strstr after another, without borders (Han words only). */
static int slow_find(const char *const *words, int count, const char *text, int *length) {
  int place = -1, end = (int)strlen(text) + 1;
  for (int i = 0; i < count; i++) {
    const char *at = strstr(text, words[i]);
    if (!at) continue;
    const int from = (int)(at - text), to = from + (int)strlen(words[i]);
    if (to > end || (to == end && from >= place)) continue;
    place = from;
    end = to;
    *length = to - from;
  }
  return place;
}

static void one_pass_finds_what_many_searches_find(void) {
  static const char *const letters[] = {"中", "丰", "国", "亩"};
  random_stream r = random_open(13, RANDOM_TEST, 0, 0);
  int hits = 0;
  for (int round = 0; round < 3000; round++) {
    char word[6][16] = {{0}}, text[64] = "";
    const char *words[6];
    for (int w = 0; w < 6; w++) {
      for (uint32_t n = 1 + random_below(&r, 4); n > 0; n--) strcat(word[w], letters[random_below(&r, 4)]);
      words[w] = word[w];
    }
    for (uint32_t n = random_below(&r, 16); n > 0; n--) strcat(text, letters[random_below(&r, 4)]);
    banned *b;
    int length = 0, slow_length = 0;
    const arena_mark here = arena_here(&memory);
    CU_ASSERT_EQUAL(banned_create(words, 6, &memory, &b), STATUS_OK);
    const int place = slow_find(words, 6, text, &slow_length);
    CU_ASSERT_EQUAL(banned_match(b, text, &length), place);
    CU_ASSERT_EQUAL(length, slow_length);
    hits += place >= 0;
    arena_release(&memory, here);
  }
  CU_ASSERT_TRUE(hits > 1000 && hits < 3000);
}

int main(void) {
  const suite_test tests[] = {
      TEST(words_are_found_in_every_disguise),
      TEST(latin_words_are_whole_words),
      TEST(nothing_is_found_where_nothing_is_forbidden),
      TEST(one_pass_finds_what_many_searches_find),
  };
  const int code = SUITE_RUN("banned", tests);
  arena_free(&memory);
  return code;
}
