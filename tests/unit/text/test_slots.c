#include "text/slots.h"

#include <string.h>

#include "support/suite.h"

static arena memory;

static const char *delexicalised(const char *text, const char *const value[SLOT_COUNT]) {
  char *out;
  return slots_delexicalise(text, value, &memory, &out) == STATUS_OK ? out : status_text();
}

static const char *price(int64_t hundredths, const char *format) {
  char *out;
  return slots_price(hundredths, format, &memory, &out) == STATUS_OK ? out : status_text();
}

static void slots_are_found_and_repeats_named(void) {
  slot_set again;
  CU_ASSERT_EQUAL(slots_of("<title> for <price>, <title> <foo> <pric", &again),
                  SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_PRICE));
  CU_ASSERT_EQUAL(again, SLOT_BIT(SLOT_TITLE));
  CU_ASSERT_EQUAL(slots_of("", NULL), 0);
  CU_ASSERT_EQUAL(slots_of("<<was>>", &again), SLOT_BIT(SLOT_WAS));
  CU_ASSERT_EQUAL(again, 0);
}

static void every_slot_is_filled_with_its_value(void) {
  const char *value[SLOT_COUNT] = {0};
  value[SLOT_TITLE] = "小夜灯 <price>";
  value[SLOT_CATEGORY] = "家居";
  char *out;
  CU_ASSERT_EQUAL(slots_fill("【<category>】<title>，a < b", value, &memory, &out), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(out, "【家居】小夜灯 <price>，a < b");
  CU_ASSERT_EQUAL(slots_fill("<title> <was>", value, &memory, &out), STATUS_BUG);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "<was>"));
  value[SLOT_WAS] = "";
  CU_ASSERT_EQUAL(slots_fill("<was>", value, &memory, &out), STATUS_BUG);
}

static void facts_become_slots_the_longest_first(void) {
  const char *value[SLOT_COUNT] = {0};
  value[SLOT_TITLE] = "Red Lamp";
  value[SLOT_KEYWORD] = "lamp";
  value[SLOT_PRICE] = "£2.5";
  CU_ASSERT_STRING_EQUAL(delexicalised("Red lamp: a lamp for lamplight.", value),
                         "<title>: a <keyword> for lamplight.");
  CU_ASSERT_STRING_EQUAL(delexicalised("£2.5, not £2.55 or £2.5.5", value), "<price>, not £2.55 or £2.5.5");
  CU_ASSERT_STRING_EQUAL(delexicalised("<title> and <keyword>", value), "<title> and <keyword>");
  CU_ASSERT_STRING_EQUAL(delexicalised("élamp lampé", value), "élamp lampé");
  value[SLOT_CATEGORY] = "灯";
  CU_ASSERT_STRING_EQUAL(delexicalised("一盏灯，Red Lamp灯", value), "一盏<category>，<title><category>");
}

static void filling_undoes_delexicalising(void) {
  const char *value[SLOT_COUNT] = {"Blue Mug", "$5", "$7.50", "Kitchen", "mug", "Green Jug", "Old Pot", "Tin Cup"};
  const char *const text = "Blue Mug, $5 and not $7.50: Kitchen, mug, Green Jug, Old Pot, Tin Cup";
  char *template, *back;
  CU_ASSERT_EQUAL(slots_delexicalise(text, value, &memory, &template), STATUS_OK);
  CU_ASSERT_EQUAL(slots_of(template, NULL), (SLOT_BIT(SLOT_COUNT) - 1));
  CU_ASSERT_EQUAL(slots_fill(template, value, &memory, &back), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(back, text);
}

static void prices_are_written_as_people_write_them(void) {
  CU_ASSERT_STRING_EQUAL(price(255, "£%"), "£2.55");
  CU_ASSERT_STRING_EQUAL(price(1200, "%元"), "12元");
  CU_ASSERT_STRING_EQUAL(price(5, "$%"), "$0.05");
  CU_ASSERT_STRING_EQUAL(price(1000010, "€ %"), "€ 10000.10");
  CU_ASSERT_STRING_EQUAL(price(0, "$%"), "$0");
  CU_ASSERT_STRING_EQUAL(price(-250, "$%"), "$-2.50");
  CU_ASSERT_PTR_NOT_NULL(strstr(price(1, "$"), "holds no %"));
}

int main(void) {
  const suite_test tests[] = {
      TEST(slots_are_found_and_repeats_named),       TEST(every_slot_is_filled_with_its_value),
      TEST(facts_become_slots_the_longest_first),    TEST(filling_undoes_delexicalising),
      TEST(prices_are_written_as_people_write_them),
  };
  const int code = SUITE_RUN("slots", tests);
  arena_free(&memory);
  return code;
}
