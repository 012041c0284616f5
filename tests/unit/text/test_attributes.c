#include "text/attributes.h"

#include <string.h>

#include "support/suite.h"

static arena memory;

static meaning read(const char *text) {
  meaning m;
  CU_ASSERT_EQUAL_FATAL(meaning_read_attributes(text, &memory, &m), STATUS_OK);
  return m;
}

static void attributes_have_names_and_values(void) {
  const meaning m = read("类型#裙*材质#针织*风格#");
  CU_ASSERT_EQUAL_FATAL(m.count, 3);
  CU_ASSERT_STRING_EQUAL(m.slot[1].name, "材质");
  CU_ASSERT_STRING_EQUAL(m.slot[1].value, "针织");
  CU_ASSERT_STRING_EQUAL(m.slot[2].value, "");
  meaning bad;
  CU_ASSERT_EQUAL(meaning_read_attributes("类型*材质#针织", &memory, &bad), STATUS_DATA);
}

static void tokens_are_values_words_and_characters(void) {
  lexicon values;
  int32_t id;
  char *out = NULL;
  CU_ASSERT_EQUAL_FATAL(lexicon_create(&memory, &values), STATUS_OK);
  CU_ASSERT_EQUAL(lexicon_add(&values, "连衣裙", strlen("连衣裙"), &id), STATUS_OK);
  CU_ASSERT_EQUAL(lexicon_add(&values, "连衣", strlen("连衣"), &id), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(attributes_split(&values, "这款BRAND2连衣裙, 连衣", &memory, &out), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(out, "这 款 BRAND2 连衣裙 , 连衣");
  attributes_join(out);
  CU_ASSERT_STRING_EQUAL(out, "这款BRAND2连衣裙,连衣");
  CU_ASSERT_TRUE(attributes_is_word("连衣"));
  CU_ASSERT_FALSE(attributes_is_word("裙"));
}

static void values_that_are_not_there_are_missing(void) {
  const meaning m = read("类型#裙*材质#针织*颜色#白色");
  CU_ASSERT_EQUAL(attributes_missing(&m, "白色针织裙"), 0);
  CU_ASSERT_EQUAL(attributes_missing(&m, "白 色 的 针 织 连衣裙"), 0);
  CU_ASSERT_EQUAL(attributes_missing(&m, "白色的针"), 2);
  CU_ASSERT_EQUAL(attributes_missing(&m, ""), 3);
}

int main(void) {
  const suite_test tests[] = {
      TEST(attributes_have_names_and_values),
      TEST(tokens_are_values_words_and_characters),
      TEST(values_that_are_not_there_are_missing),
  };
  const int code = SUITE_RUN("attributes", tests);
  arena_free(&memory);
  return code;
}
