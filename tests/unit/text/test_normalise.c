#include "text/normalise.h"

#include <string.h>

#include "base/random.h"
#include "support/suite.h"
#include "text/codepoint.h"
#include "text/width.h"

static arena memory;

static const char *title(const char *text, int flags, int columns) {
  char *out;
  return normalise_title(text, flags, columns, &memory, &out) == STATUS_OK ? out : "(failed)";
}

static const char *match(const char *text) {
  char *out;
  return normalise_match(text, &memory, &out) == STATUS_OK ? out : "(failed)";
}

static void titles_lose_what_cannot_be_shown(void) {
  CU_ASSERT_STRING_EQUAL(title("  Red \t lamp\n", 0, 80), "Red lamp");
  CU_ASSERT_STRING_EQUAL(title("A\u200B\u202Eb\u00ADc\uFEFF<title>\uE000", 0, 80), "Abctitle");
  CU_ASSERT_STRING_EQUAL(title("Cafe\u0301\u3000\u53f0", 0, 80), "Caf\u00e9 \u53f0");
  CU_ASSERT_STRING_EQUAL(title("\u200B \t", 0, 80), "");
  CU_ASSERT_STRING_EQUAL(title("\xff", 0, 80), "(failed)");
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "not UTF-8 at its byte 1"));
}

static void capitals_become_a_title(void) {
  CU_ASSERT_STRING_EQUAL(title("WHITE HANGING HEART T-LIGHT HOLDER", NORMALISE_CAPITALISE, 80),
                         "White Hanging Heart T-Light Holder");
  CU_ASSERT_STRING_EQUAL(title("SET OF 6 SPICE TINS FOR THE UK 60CM", NORMALISE_CAPITALISE, 80),
                         "Set of 6 Spice Tins for the UK 60cm");
  CU_ASSERT_STRING_EQUAL(title("CHILDREN'S APRON", NORMALISE_CAPITALISE, 80), "Children's Apron");
  CU_ASSERT_STRING_EQUAL(title("OF MICE", NORMALISE_CAPITALISE, 80), "Of Mice");
  CU_ASSERT_STRING_EQUAL(title("LED light II", NORMALISE_CAPITALISE, 80), "LED light II");
  CU_ASSERT_STRING_EQUAL(title("RED LAMP", 0, 80), "RED LAMP");
}

static void articles_come_first(void) {
  CU_ASSERT_STRING_EQUAL(title("Godfather, The (1972)", NORMALISE_ARTICLE_FIRST, 80), "The Godfather (1972)");
  CU_ASSERT_STRING_EQUAL(title("Good, the Bad and the Ugly, The (1966)", NORMALISE_ARTICLE_FIRST, 80),
                         "The Good, the Bad and the Ugly (1966)");
  CU_ASSERT_STRING_EQUAL(
      title("City of Lost Children, The (Cité des enfants perdus, La) (1995)", NORMALISE_ARTICLE_FIRST, 80),
      "The City of Lost Children (La Cité des enfants perdus) (1995)");
  CU_ASSERT_STRING_EQUAL(title("Avventura, L' (1960)", NORMALISE_ARTICLE_FIRST, 80), "L'Avventura (1960)");
  CU_ASSERT_STRING_EQUAL(title("Me, Myself (2000)", NORMALISE_ARTICLE_FIRST, 80), "Me, Myself (2000)");
  CU_ASSERT_STRING_EQUAL(title(", The", NORMALISE_ARTICLE_FIRST, 80), ", The");
  CU_ASSERT_STRING_EQUAL(title("Beans, The", 0, 80), "Beans, The");
}

static void titles_are_cut_where_it_does_not_hurt(void) {
  CU_ASSERT_STRING_EQUAL(title("Wooden Picture Frame with White Finish", 0, 26), "Wooden Picture Frame");
  CU_ASSERT_STRING_EQUAL(title("Lamp, small (red and green)", 0, 16), "Lamp, small");
  CU_ASSERT_STRING_EQUAL(title("Donaudampfschifffahrtsgesellschaft", 0, 10), "Donaudampf");
  CU_ASSERT_STRING_EQUAL(title("手工陶瓷咖啡杯套装", 0, 9), "手工陶瓷");
  CU_ASSERT_STRING_EQUAL(title("Exactly ten", 0, 11), "Exactly ten");
}

static void no_cut_is_wider_than_asked_or_tears_a_character(void) {
  static const int32_t alphabet[] = {'a',    'B',   ' ',     ' ',     '(',    ')',    ',',
                                     0x4E2D, 0x301, 0x1F469, 0x1F3FD, 0xFE0F, 0x2708, 0xE9};
  random_stream r = random_open(11, RANDOM_TEST, 0, 0);
  for (int round = 0; round < 4000; round++) {
    char text[256], *to = text;
    for (int i = 0; i < 40; i++) to += codepoint_put(alphabet[random_below(&r, 14)], to);
    *to = '\0';
    const int columns = (int)random_below(&r, 40);
    const char *cut = title(text, 0, columns);
    CU_ASSERT_TRUE(width_columns(cut) <= columns);
    CU_ASSERT_TRUE(normalise_is_utf8(cut, (int64_t)strlen(cut)));
    CU_ASSERT_STRING_EQUAL(title(cut, 0, columns), cut);
  }
}

static void copy_keeps_its_slots_and_emoji(void) {
  char *out;
  CU_ASSERT_EQUAL(normalise_copy(" 看 <title>，\u200B👩‍🍳 ✈️  好\u202E ", &memory, &out), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(out, "看 <title>，👩‍🍳 ✈️ 好");
  CU_ASSERT_EQUAL(normalise_copy("a\u200Db", &memory, &out), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(out, "ab");
}

static void tricks_come_to_nothing_in_the_matching_form(void) {
  CU_ASSERT_STRING_EQUAL(match("ＦＲＥＥ"), "free");
  CU_ASSERT_STRING_EQUAL(match("fr\u200Bee"), "free");
  CU_ASSERT_STRING_EQUAL(match("f r e e gift"), "free gift");
  CU_ASSERT_STRING_EQUAL(match("F.R.E.E."), "free.");
  CU_ASSERT_STRING_EQUAL(match("fr\u0301\u0336ée"), "free");
  CU_ASSERT_STRING_EQUAL(match("免 费"), "免费");
  CU_ASSERT_STRING_EQUAL(match("免·*费"), "免费");
  CU_ASSERT_STRING_EQUAL(match("Best-Seller  here"), "best seller here");
  CU_ASSERT_STRING_EQUAL(match("EVERYONE’S"), "everyone's");
  CU_ASSERT_STRING_EQUAL(match("a b"), "a b");
  CU_ASSERT_STRING_EQUAL(match("第，一"), "第,一");
}

static void the_matching_form_is_a_fixed_point(void) {
  static const int32_t alphabet[] = {'a',    'Q',   ' ',    '.',    '-',  '*',   0x4E2D,
                                     0x56FD, 0x301, 0x200B, 0xFF21, 0xDF, 0x130, 0xAC00};
  random_stream r = random_open(12, RANDOM_TEST, 0, 0);
  for (int round = 0; round < 3000; round++) {
    char text[128], *to = text;
    for (int i = 0; i < 20; i++) to += codepoint_put(alphabet[random_below(&r, 14)], to);
    *to = '\0';
    const char *once = match(text);
    CU_ASSERT_STRING_EQUAL(match(once), once);
  }
}

static void utf8_is_told_from_what_is_not(void) {
  CU_ASSERT_TRUE(normalise_is_utf8("a中🔥", 8));
  CU_ASSERT_FALSE(normalise_is_utf8("a\0b", 3));
  const char *const bad[] = {"\x80", "\xC0\x80",    "\xE4\xB8", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                             "\xFF", "\xE0\x80\xAF"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CU_ASSERT_FALSE(normalise_is_utf8(bad[i], (int64_t)strlen(bad[i])));
}

int main(void) {
  const suite_test tests[] = {
      TEST(titles_lose_what_cannot_be_shown),
      TEST(capitals_become_a_title),
      TEST(articles_come_first),
      TEST(titles_are_cut_where_it_does_not_hurt),
      TEST(no_cut_is_wider_than_asked_or_tears_a_character),
      TEST(copy_keeps_its_slots_and_emoji),
      TEST(tricks_come_to_nothing_in_the_matching_form),
      TEST(the_matching_form_is_a_fixed_point),
      TEST(utf8_is_told_from_what_is_not),
  };
  const int code = SUITE_RUN("normalise", tests);
  arena_free(&memory);
  return code;
}
