#include "base/utf8.h"

#include <string.h>

#include "support/suite.h"

/* The slow twin: decodes by the definition, then asks whether the shortest form was used. */
static int twin(const unsigned char *b, size_t left) {
  if (left == 0) return 0;
  if (b[0] < 0x80) return 1;
  int length = 0;
  while (length < 8 && (b[0] >> (7 - length) & 1)) length++;
  if (length < 2 || length > 4 || left < (size_t)length) return 0;
  unsigned long point = b[0] & (0xFFu >> (length + 1));
  for (int i = 1; i < length; i++) {
    if (b[i] >> 6 != 2) return 0;
    point = point << 6 | (b[i] & 0x3F);
  }
  const unsigned long least[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return 0;
  return length;
}

/* Every pair of first bytes, with following bytes at the borders of their ranges, and every length. */
static void characters_agree_with_the_twin(void) {
  const unsigned char later[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
  long differ = 0;
  for (unsigned first = 0; first < 256; first++)
    for (unsigned second = 0; second < 256; second++)
      for (size_t i = 0; i < sizeof later; i++)
        for (size_t k = 0; k < sizeof later; k++)
          for (size_t left = 0; left <= 4; left++) {
            const unsigned char b[4] = {(unsigned char)first, (unsigned char)second, later[i], later[k]};
            differ += utf8_character((const char *)b, left) != twin(b, left);
          }
  CU_ASSERT_EQUAL(differ, 0);
}

static void texts_are_valid_only_as_a_whole(void) {
  CU_ASSERT_TRUE(utf8_is_valid("", 0));
  CU_ASSERT_TRUE(utf8_is_valid("手表 💪 é", strlen("手表 💪 é")));
  CU_ASSERT_FALSE(utf8_is_valid("手表", strlen("手表") - 1));
  CU_ASSERT_FALSE(utf8_is_valid("a\xE9 b", 4));
  CU_ASSERT_FALSE(utf8_is_valid("\xED\xA0\x80", 3));
}

int main(void) {
  const suite_test tests[] = {
      TEST(characters_agree_with_the_twin),
      TEST(texts_are_valid_only_as_a_whole),
  };
  return SUITE_RUN("utf8", tests);
}
