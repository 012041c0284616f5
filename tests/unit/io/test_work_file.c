#include "io/work_file.h"

#include <stdio.h>
#include <string.h>

#include "support/suite.h"

/* Two items, two users; every column filled. */
static item_id item_ids[2] = {{1, 2}, {1, 3}};
static user_id user_ids[2] = {{5, 0}, {7, 1}};
static uint8_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
static uint8_t zeroes[8];
static int64_t times[4] = {10, 20, 30, 40};
static float reals[32] = {0.5f, -1, 2, 3};
static char path[512];

static const char *at(const char *name) {
  snprintf(path, sizeof path, "%s/%s.nmt", suite_folder(), name);
  return path;
}

static strings texts(arena *a, const char *first, const char *second) {
  strings s;
  const char *const both[] = {first, second};
  CU_ASSERT_EQUAL(strings_create(a, both, 2, &s), STATUS_OK);
  return s;
}

static catalogue sample_catalogue(arena *a) {
  static int32_t category[2] = {0, CATALOGUE_NO_CATEGORY};
  static int64_t price[2] = {1999, CATALOGUE_NO_PRICE};
  catalogue c = {.count = 2,
                 .id = item_ids,
                 .category = category,
                 .price = price,
                 .old_price = price,
                 .domain = ones,
                 .available = ones,
                 .added = times,
                 .users = times,
                 .categories = 2};
  c.name = texts(a, "A1", "B2");
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    c.title[l] = texts(a, "标题", "");
    c.keywords[l] = texts(a, "a;b", "");
    c.category_name[l] = texts(a, "书", "x");
  }
  return c;
}

static users sample_users(arena *a) {
  static int64_t event_offset[3] = {0, 1, 3}, offset[3] = {0, 0, 2};
  static item_row items[3] = {0, 1, 1};
  users u = {.count = 2,
             .id = user_ids,
             .language = ones,
             .flags = zeroes,
             .event_offset = event_offset,
             .event_item = items,
             .event_meaning = ones,
             .event_time = times,
             .event_value = reals,
             .offset = offset,
             .item = items,
             .weight = reals,
             .train_weight = reals,
             .fold = ones,
             .meanings = ones,
             .last = times};
  u.name = texts(a, "u-1", "u-2");
  return u;
}

static void catalogues_and_users_come_back(void) {
  arena a = {0};
  const catalogue c = sample_catalogue(&a);
  catalogue c2;
  CU_ASSERT_EQUAL(work_file_save_catalogue(at("items"), &c), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_catalogue(path, &a, &c2), STATUS_OK);
  CU_ASSERT_EQUAL(c2.count, 2);
  CU_ASSERT_EQUAL(c2.categories, 2);
  CU_ASSERT_EQUAL(catalogue_find(&c2, item_ids[1]), 1);
  CU_ASSERT_STRING_EQUAL(strings_at(&c2.title[LANGUAGE_ZH], 0), "标题");
  CU_ASSERT_EQUAL(c2.price[0], 1999);
  const users u = sample_users(&a);
  users u2;
  CU_ASSERT_EQUAL(work_file_save_users(at("users"), &u), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_users(path, 2, &a, &u2), STATUS_OK);
  CU_ASSERT_EQUAL(u2.count, 2);
  CU_ASSERT_EQUAL(u2.event_offset[2], 3);
  CU_ASSERT_EQUAL(u2.item[1], 1);
  CU_ASSERT_STRING_EQUAL(strings_at(&u2.name, 1), "u-2");
  CU_ASSERT_EQUAL(work_file_load_users(path, 1, &a, &u2), STATUS_DATA); /* row 1 of 1 item */
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "event_item"));
  arena_free(&a);
}

static void tables_that_cannot_be_are_not_saved(void) {
  arena a = {0};
  users u = sample_users(&a);
  user_id same[2] = {{5, 0}, {5, 0}};
  u.id = same;
  CU_ASSERT_EQUAL(work_file_save_users(at("bad"), &u), STATUS_BUG);
  u = sample_users(&a);
  int64_t falling[3] = {0, 2, 1};
  u.offset = falling;
  CU_ASSERT_EQUAL(work_file_save_users(at("bad"), &u), STATUS_BUG);
  u = sample_users(&a);
  uint8_t languages[2] = {0, LANGUAGE_COUNT};
  u.language = languages;
  CU_ASSERT_EQUAL(work_file_save_users(at("bad"), &u), STATUS_BUG);
  u = sample_users(&a);
  u.name.count = 1;
  CU_ASSERT_EQUAL(work_file_save_users(at("bad"), &u), STATUS_BUG);
  arena_free(&a);
}

static void profiles_words_and_decisions_come_back(void) {
  arena a = {0};
  static int32_t rows[2 * DECISION_CANDIDATES], few[2] = {0, 1};
  static double value[2] = {9.5, 0};
  static uint8_t hour[2] = {23, PROFILE_NO_HOUR};
  profiles p = {2, rows, reals, few, reals, few, value, hour}, p2;
  CU_ASSERT_EQUAL(work_file_save_profiles(at("profiles"), &p), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_profiles(path, &a, &p2), STATUS_OK);
  CU_ASSERT_EQUAL(p2.hour[0], 23);
  CU_ASSERT_EQUAL(p2.value[0], 9.5);
  hour[0] = 24;
  CU_ASSERT_EQUAL(work_file_save_profiles(at("bad"), &p), STATUS_BUG);
  static int64_t item_offset[3] = {0, 2, 2};
  words w = {2, texts(&a, "手表", "watch"), zeroes, reals, item_offset, few}, w2;
  CU_ASSERT_EQUAL(work_file_save_words(at("words"), &w, 2), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_words(path, 2, &a, &w2), STATUS_OK);
  CU_ASSERT_EQUAL(w2.item_word[1], 1);
  CU_ASSERT_EQUAL(work_file_load_words(path, 3, &a, &w2), STATUS_DATA);
  static uint32_t slots[2] = {1, 5};
  decisions d = {2, zeroes, few, reals, reals, ones, slots, few, ones, few, rows, reals}, d2;
  CU_ASSERT_EQUAL(work_file_save_decisions(at("decisions"), &d), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_decisions(path, &a, &d2), STATUS_OK);
  CU_ASSERT_EQUAL(d2.slots[1], 5);
  CU_ASSERT_EQUAL(d2.item[1], 1);
  CU_ASSERT_EQUAL(work_file_load_decisions(at("words"), &a, &d2), STATUS_DATA); /* of another kind */
  arena_free(&a);
}

static void candidates_come_back_and_are_items(void) {
  arena a = {0};
  item_row item[2 * DECISION_CANDIDATES];
  float score[2 * DECISION_CANDIDATES];
  for (int i = 0; i < 2 * DECISION_CANDIDATES; i++) {
    item[i] = i < DECISION_CANDIDATES ? i : -1;
    score[i] = (float)(i < DECISION_CANDIDATES) / (float)(i + 1);
  }
  candidate_lists c = {2, item, score}, c2;
  CU_ASSERT_EQUAL(work_file_save_candidates(at("candidates"), &c), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_candidates(path, DECISION_CANDIDATES, &a, &c2), STATUS_OK);
  CU_ASSERT_EQUAL(c2.count, 2);
  CU_ASSERT_EQUAL(memcmp(c2.item, item, sizeof item), 0);
  CU_ASSERT_EQUAL(memcmp(c2.score, score, sizeof score), 0);
  CU_ASSERT_EQUAL(work_file_load_candidates(path, DECISION_CANDIDATES - 1, &a, &c2), STATUS_DATA);
  arena_free(&a);
}

static void models_and_copy_come_back(void) {
  arena a = {0};
  factors f = {2, 3, reals, reals}, f2;
  CU_ASSERT_EQUAL(work_file_save_factors(at("factors"), &f), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_factors(path, &a, &f2), STATUS_OK);
  CU_ASSERT_EQUAL(f2.width, 3);
  CU_ASSERT_EQUAL(memcmp(f2.value, reals, 6 * sizeof *reals), 0);
  factors none = {0, 3, reals, reals};
  CU_ASSERT_EQUAL(work_file_save_factors(at("factors"), &none), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_factors(path, &a, &f2), STATUS_OK);
  CU_ASSERT_EQUAL(f2.count, 0);
  CU_ASSERT_EQUAL(f2.width, 3);
  item_model m = {f, 3.25, reals}, m2;
  CU_ASSERT_EQUAL(work_file_save_item_model(at("model"), &m), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_item_model(path, &a, &m2), STATUS_OK);
  CU_ASSERT_EQUAL(m2.mean, 3.25);
  copy_line lines[2] = {{LANGUAGE_ZH, DOMAIN_FILM, TONE_DROP, SLOT_BIT(SLOT_PRICE), -1, "看<title>"},
                        {LANGUAGE_EN, DOMAIN_SHOP, TONE_PICK, SLOT_BIT(SLOT_TITLE), 1, ""}};
  copy c = {2, lines}, c2;
  CU_ASSERT_EQUAL(work_file_save_copy(at("copy"), &c), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_copy(path, &a, &c2), STATUS_OK);
  CU_ASSERT_EQUAL(c2.count, 2);
  CU_ASSERT_STRING_EQUAL(c2.lines[0].text, "看<title>");
  CU_ASSERT_EQUAL(c2.lines[0].tone, TONE_DROP);
  CU_ASSERT_EQUAL(c2.lines[0].item, -1);
  CU_ASSERT_EQUAL(c2.lines[1].slots, SLOT_BIT(SLOT_TITLE));
  arena_free(&a);
}

static void running_out_of_memory_anywhere_is_a_status(void) {
  arena a = {0};
  copy_line lines[1] = {{LANGUAGE_ZH, DOMAIN_FILM, TONE_DROP, 0, -1, "x"}};
  const copy c = {1, lines};
  status result = STATUS_BUG;
  for (int64_t n = 0; n < 1000 && result != STATUS_OK; n++) {
    copy back;
    arena_fail_after(n);
    result = work_file_save_copy(at("copy"), &c);
    if (result == STATUS_OK) result = work_file_load_copy(path, &a, &back);
    arena_fail_after(-1);
    CU_ASSERT_TRUE(result == STATUS_OK || result == STATUS_BUG);
    CU_ASSERT_TRUE(n > 3 || result == STATUS_BUG);
  }
  CU_ASSERT_EQUAL(result, STATUS_OK);
  arena_free(&a);
}

static void paths_name_stage_and_partition(void) {
  arena a = {0};
  char *p;
  CU_ASSERT_EQUAL(work_file_path(&a, "R", "ingest", "items", 0, 0, &p), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(p, "R/work/ingest/items.nmt");
  CU_ASSERT_EQUAL(work_file_path(&a, "R", "ingest", "users", 17, 64, &p), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(p, "R/work/ingest/users-00017-of-00064.nmt");
  arena_free(&a);
}

int main(void) {
  const suite_test tests[] = {
      TEST(catalogues_and_users_come_back),
      TEST(tables_that_cannot_be_are_not_saved),
      TEST(profiles_words_and_decisions_come_back),
      TEST(candidates_come_back_and_are_items),
      TEST(models_and_copy_come_back),
      TEST(running_out_of_memory_anywhere_is_a_status),
      TEST(paths_name_stage_and_partition),
  };
  return SUITE_RUN("work_file", tests);
}
