#include "text/rules.h"

#include <stdio.h>
#include <string.h>

#include "support/starter_copy.h"
#include "support/suite.h"
#include "text/slots.h"

static arena memory;
static rules *house;

static rule checked(const char *text, language l, tone t) {
  rule out = RULE_COUNT;
  CU_ASSERT_EQUAL(rules_check_template(house, text, l, t, slots_of(text, NULL), &out), STATUS_OK);
  return out;
}

#define EN(text) checked(text, LANGUAGE_EN, TONE_PICK)
#define ZH(text) checked(text, LANGUAGE_ZH, TONE_PICK)

static rule filled(const char *text) {
  rule out = RULE_COUNT;
  CU_ASSERT_EQUAL(rules_check_text(house, text, &out), STATUS_OK);
  return out;
}

static void the_shipped_copy_keeps_every_rule(void) {
  const copy c = starter_copy_load(TEST_DATA, &memory);
  CU_ASSERT_TRUE(c.count > 3000);
  for (int64_t i = 0; i < c.count; i++) {
    const copy_line *line = &c.lines[i];
    const rule broken = checked(line->text, line->language, line->tone);
    CU_ASSERT_EQUAL(broken, RULE_KEPT);
    if (broken != RULE_KEPT) printf("breaks the rule on %s: %s\n", rule_name(broken), line->text);
  }
}

static void each_slot_stands_exactly_once(void) {
  rule out;
  const slot_set title = SLOT_BIT(SLOT_TITLE);
  CU_ASSERT_EQUAL(rules_check_template(house, "Look at this.", LANGUAGE_EN, TONE_PICK, title, &out), STATUS_OK);
  CU_ASSERT_EQUAL(out, RULE_SLOTS);
  rules_check_template(house, "See <title> and <title>.", LANGUAGE_EN, TONE_PICK, title, &out);
  CU_ASSERT_EQUAL(out, RULE_SLOTS);
  rules_check_template(house, "See <title> at <price>.", LANGUAGE_EN, TONE_PICK, title, &out);
  CU_ASSERT_EQUAL(out, RULE_SLOTS);
  rules_check_template(house, "See <title> and <tite>.", LANGUAGE_EN, TONE_PICK, title, &out);
  CU_ASSERT_EQUAL(out, RULE_SLOTS);
  rules_check_template(house, "See <title> tonight.", LANGUAGE_EN, TONE_PICK, title, &out);
  CU_ASSERT_EQUAL(out, RULE_KEPT);
}

static void numbers_come_from_the_catalogue_only(void) {
  const char *const en[] = {"See <title> for 5.", "See <title>, a £ well spent.", "All of % is <title>.",
                            "See <title> ½ way."};
  const char *const zh[] = {"看看<title>，只要５元。", "看看<title>，￥多少。", "看看<title>，多％。",
                            "看看<title>，①号。"};
  for (int i = 0; i < 4; i++) {
    CU_ASSERT_EQUAL(EN(en[i]), RULE_NUMBER);
    CU_ASSERT_EQUAL(ZH(zh[i]), RULE_NUMBER);
  }
  CU_ASSERT_EQUAL(ZH("三个人，两杯茶，<title>。"), RULE_KEPT);
  CU_ASSERT_EQUAL(EN("Two cups of tea and <title>."), RULE_KEPT);
}

static void no_tone_says_more_than_it_may(void) {
  const char *const never[] = {"<title> is on sale.", "Get <title> for free.", "<title> at the lowest price.",
                               "Get <title> F R E E now."};
  for (int i = 0; i < 4; i++)
    for (int t = 0; t < TONE_COUNT; t++) CU_ASSERT_EQUAL(checked(never[i], LANGUAGE_EN, (tone)t), RULE_CLAIM);
  const char *const never_zh[] = {"<title>限时抢购。", "<title>免 费送你。", "全网最低价，<title>。", "<title>打八折。",
                                  "第一品牌<title>。"};
  for (int i = 0; i < 5; i++)
    for (int t = 0; t < TONE_COUNT; t++) CU_ASSERT_EQUAL(checked(never_zh[i], LANGUAGE_ZH, (tone)t), RULE_CLAIM);
  static const struct {
    const char *en, *zh;
    tone t;
  } only[] = {{"Everyone is trending towards <title>.", "热门的<title>给你看看。", TONE_HOT},
              {"Brand new: see <title>.", "<title>刚上架，来看看。", TONE_NEW},
              {"The price drop of <title>.", "<title>降价了，来看看。", TONE_DROP}};
  for (int i = 0; i < 3; i++)
    for (int t = 0; t < TONE_COUNT; t++) {
      const rule expected = (tone)t == only[i].t ? RULE_KEPT : RULE_CLAIM;
      CU_ASSERT_EQUAL(checked(only[i].en, LANGUAGE_EN, (tone)t), expected);
      CU_ASSERT_EQUAL(checked(only[i].zh, LANGUAGE_ZH, (tone)t), expected);
    }
}

static void everyday_words_are_no_claims(void) {
  CU_ASSERT_EQUAL(EN("Feel free to look at <title>."), RULE_KEPT);
  CU_ASSERT_EQUAL(EN("A hands-free, unhurried evening with <title>."), RULE_KEPT);
  CU_ASSERT_EQUAL(ZH("第一眼就想到你，<title>。"), RULE_KEPT);
  CU_ASSERT_EQUAL(ZH("重新看看<title>吧。"), RULE_KEPT);
  CU_ASSERT_EQUAL(EN("Feel free to take <title> for free."), RULE_CLAIM);
}

static void each_language_keeps_to_its_letters(void) {
  CU_ASSERT_EQUAL(EN("See <title>，你好."), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(EN("See ＡＢ <title>."), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(EN("See <title>。"), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(EN("Вот <title> here."), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(EN("A café for <title>."), RULE_KEPT);
  CU_ASSERT_EQUAL(ZH("看看 this <title>。"), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(ZH("看看<title>,好吗。"), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(ZH("かな<title>。"), RULE_LANGUAGE);
  CU_ASSERT_EQUAL(ZH("<title>，<price>。"), RULE_LANGUAGE);
}

static void what_is_badly_shaped_does_not_pass(void) {
  const char *const en[] = {
      "[Today See <title>.", "See <title>) now.",     "See  <title> now.",         "See <title> now ,",
      "See <title>,, now.",  "See <title> now:",      "[Today] <title>:",          "See the the <title>.",
      "See<title> now.",     "See <title>s now.",     "See <title> <price> (",     "See <title><price> now.",
      "[] See <title>.",     " See <title>.",         "See <title>.Now and here.", "(See [<title>) now].",
      "See \"<title> now.",  "[Today], see <title>.", "See <title> now. 😊😊",       "Look , see <title>.",
  };
  for (size_t i = 0; i < sizeof en / sizeof *en; i++) CU_ASSERT_EQUAL(EN(en[i]), RULE_SHAPE);
  const char *const zh[] = {"【今日推荐看看<title>。", "看看<title>》吧。", "看看的的<title>。",
                            "给你看给你看<title>。",   "看看<title>，",     "看看<title>，，好。",
                            "【】看看<title>。",       "今天，看看：😊",     "【今日推荐】，<title>好。"};
  for (size_t i = 0; i < sizeof zh / sizeof *zh; i++) CU_ASSERT_EQUAL(ZH(zh[i]), RULE_SHAPE);
  CU_ASSERT_EQUAL(EN("[Today] P.S. See <title>... \"Yes\", it's <keyword>'s friend! 😊"), RULE_KEPT);
  CU_ASSERT_EQUAL(ZH("【今日推荐】看看《<title>》，一页一页，慢慢读。📖"), RULE_KEPT);
}

static void lengths_are_kept(void) {
  CU_ASSERT_EQUAL(EN("So: <title>."), RULE_LENGTH);
  char text[400] = "See <title>";
  while (strlen(text) < 200) strcat(text, " and so on over there");
  strcat(text, ".");
  CU_ASSERT_EQUAL(EN(text), RULE_LENGTH);
}

static void filled_texts_are_checked_for_what_values_bring(void) {
  CU_ASSERT_EQUAL(filled("See Free Willy (1993) for $5."), RULE_KEPT);
  CU_ASSERT_EQUAL(filled("See <title>."), RULE_SLOTS);
  CU_ASSERT_EQUAL(filled("The S h i t show."), RULE_BANNED);
  CU_ASSERT_EQUAL(filled("A Forbidden  Fruit."), RULE_BANNED);
  CU_ASSERT_EQUAL(filled("ｆｏｒｂｉｄｄｅｎ\u200B fruit"), RULE_BANNED);
  CU_ASSERT_EQUAL(filled("A mango."), RULE_KEPT);
  CU_ASSERT_EQUAL(EN("A forbidden fruit for <title>."), RULE_BANNED);
  char wide[200] = "", many[400] = "";
  for (int i = 0; i < 61; i++) strcat(wide, "中");
  for (int i = 0; i < 61; i++) strcat(many, "🔥");
  CU_ASSERT_EQUAL(filled(wide), RULE_LENGTH);
  CU_ASSERT_EQUAL(filled(many), RULE_LENGTH);
  wide[60 * 3] = '\0';
  CU_ASSERT_EQUAL(filled(wide), RULE_KEPT);
  rule out;
  CU_ASSERT_EQUAL(rules_check_text(house, "\xff", &out), STATUS_DATA);
}

static void pieces_that_can_never_be_right_are_forbidden(void) {
  const char *const never[] = {"5", " 1", "$", "%", "￥", "<", "\xE4", "８", "ア"};
  for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
    CU_ASSERT_TRUE(rules_forbid_piece(never[i], LANGUAGE_EN));
    CU_ASSERT_TRUE(rules_forbid_piece(never[i], LANGUAGE_ZH));
  }
  const char *const both[] = {"", " ", "<title>", "🔥", "'"};
  for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
    CU_ASSERT_FALSE(rules_forbid_piece(both[i], LANGUAGE_EN));
    CU_ASSERT_FALSE(rules_forbid_piece(both[i], LANGUAGE_ZH));
  }
  CU_ASSERT_TRUE(rules_forbid_piece("今天", LANGUAGE_EN));
  CU_ASSERT_FALSE(rules_forbid_piece("今天", LANGUAGE_ZH));
  CU_ASSERT_TRUE(rules_forbid_piece(" the", LANGUAGE_ZH));
  CU_ASSERT_FALSE(rules_forbid_piece(" the", LANGUAGE_EN));
  CU_ASSERT_TRUE(rules_forbid_piece("，", LANGUAGE_EN));
  CU_ASSERT_TRUE(rules_forbid_piece(",", LANGUAGE_ZH));
}

int main(void) {
  const suite_test tests[] = {
      TEST(the_shipped_copy_keeps_every_rule),
      TEST(each_slot_stands_exactly_once),
      TEST(numbers_come_from_the_catalogue_only),
      TEST(no_tone_says_more_than_it_may),
      TEST(everyday_words_are_no_claims),
      TEST(each_language_keeps_to_its_letters),
      TEST(what_is_badly_shaped_does_not_pass),
      TEST(lengths_are_kept),
      TEST(filled_texts_are_checked_for_what_values_bring),
      TEST(pieces_that_can_never_be_right_are_forbidden),
  };
  const char *const words[] = {"Forbidden Fruit", "禁果"};
  const rules_options options = {.max_columns = 120, .max_utf16 = 120, .banned = words, .banned_count = 2};
  if (rules_create(&options, &memory, &house) != STATUS_OK) return 1;
  const int code = SUITE_RUN("rules", tests);
  rules_free(house);
  arena_free(&memory);
  return code;
}
