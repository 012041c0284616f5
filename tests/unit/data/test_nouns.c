#include <math.h>
#include <string.h>

#include "data/catalogue.h"
#include "data/condition.h"
#include "data/decision.h"
#include "data/message.h"
#include "support/suite.h"

static void names_and_numbers_are_each_others_inverse(void) {
  for (int i = 0; i < TONE_COUNT; i++) CU_ASSERT_EQUAL(tone_find(tone_name((tone)i)), i);
  for (int i = 0; i < SLOT_COUNT; i++) CU_ASSERT_EQUAL(slot_find(slot_name((slot)i)), i);
  for (int i = 0; i < LANGUAGE_COUNT; i++) CU_ASSERT_EQUAL(language_find(language_name((language)i)), i);
  for (int i = 0; i < DOMAIN_COUNT; i++) CU_ASSERT_EQUAL(domain_find(domain_name((domain)i)), i);
  CU_ASSERT_EQUAL(tone_find("loud"), -1);
  CU_ASSERT_EQUAL(language_find(""), -1);
  CU_ASSERT_STRING_EQUAL(source_name(SOURCE_GENERIC), "generic");
  CU_ASSERT_STRING_EQUAL(outcome_name(OUTCOME_HELD_OUT), "held_out");
}

static void an_item_is_found_by_id_and_named_in_either_language(void) {
  arena a = {0};
  item_id ids[3] = {{1, 5}, {1, 9}, {7, 0}};
  const char *zh[3] = {"灯", "", "书"}, *en[3] = {"Lamp", "Cup", ""};
  catalogue c = {.count = 3, .id = ids};
  CU_ASSERT_EQUAL(strings_create(&a, zh, 3, &c.title[LANGUAGE_ZH]), STATUS_OK);
  CU_ASSERT_EQUAL(strings_create(&a, en, 3, &c.title[LANGUAGE_EN]), STATUS_OK);
  CU_ASSERT_EQUAL(catalogue_find(&c, (item_id){1, 9}), 1);
  CU_ASSERT_EQUAL(catalogue_find(&c, (item_id){7, 0}), 2);
  CU_ASSERT_EQUAL(catalogue_find(&c, (item_id){1, 6}), -1);
  CU_ASSERT_EQUAL(catalogue_find(&c, (item_id){8, 0}), -1);
  CU_ASSERT_STRING_EQUAL(catalogue_title(&c, 0, LANGUAGE_EN), "Lamp");
  CU_ASSERT_STRING_EQUAL(catalogue_title(&c, 1, LANGUAGE_ZH), "Cup");
  CU_ASSERT_STRING_EQUAL(catalogue_title(&c, 2, LANGUAGE_EN), "书");
  CU_ASSERT_EQUAL(strings_length(&c.title[LANGUAGE_EN], 1), 3);
  arena_free(&a);
}

static void a_condition_names_what_is_known_and_leaves_the_rest_0(void) {
  const condition_shape shape = {4, 3};
  float out[64];
  const float user[3] = {3, 0, 4};
  const condition c = {.language = LANGUAGE_EN,
                       .tone = TONE_HOT,
                       .domain = DOMAIN_NEWS,
                       .slots = SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_LIKED),
                       .segment = 2,
                       .user_factor = user};
  condition_fill(shape, &c, out);
  const int width = condition_width(shape);
  CU_ASSERT_EQUAL(width, LANGUAGE_COUNT + TONE_COUNT + DOMAIN_COUNT + SLOT_COUNT + 4 + 6);
  CU_ASSERT_EQUAL(out[LANGUAGE_EN], 1);
  CU_ASSERT_EQUAL(out[LANGUAGE_COUNT + TONE_HOT], 1);
  double sum = 0;
  for (int i = 0; i < width; i++) sum += fabs((double)out[i]);
  CU_ASSERT_TRUE(suite_close(sum, 6 + 0.6 + 0.8, 1e-6));
  CU_ASSERT_TRUE(suite_close((double)out[width - 6], 0.6, 1e-6));
  CU_ASSERT_EQUAL(out[width - 1], 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(names_and_numbers_are_each_others_inverse),
      TEST(an_item_is_found_by_id_and_named_in_either_language),
      TEST(a_condition_names_what_is_known_and_leaves_the_rest_0),
  };
  return SUITE_RUN("nouns", tests);
}
