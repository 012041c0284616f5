#include "cli/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cli/synth_items.h"
#include "cli/synth_titles.h"
#include "cli/synth_users.h"
#include "io/file.h"
#include "support/suite.h"

static arena memory;

static const char *const files[] = {"items.csv", "users.csv", "events.csv", "suppression.txt"};
enum { FILES = 4 };

/* Makes a platform of 300 users and 120 items and returns the contents of its files. */
static void make(const char *name, const char *seed, char *contents[FILES]) {
  char *folder = NULL, *path = NULL;
  int64_t count = 0;
  arena_print(&memory, &folder, "%s/%s", suite_folder(), name);
  char *argv[] = {"synth", folder, "--users", "300", "--items", "120", "--seed", (char *)seed, NULL};
  CU_ASSERT_EQUAL(synth_command(8, argv), STATUS_OK);
  for (int i = 0; i < FILES; i++) {
    contents[i] = "";
    arena_print(&memory, &path, "%s/%s", folder, files[i]);
    CU_ASSERT_EQUAL(file_read(path, &memory, &contents[i], &count), STATUS_OK);
  }
}

static void the_same_seed_gives_the_same_bytes_and_another_does_not(void) {
  char *one[FILES], *again[FILES], *other[FILES];
  make("one", "7", one);
  make("again", "7", again);
  make("other", "8", other);
  for (int i = 0; i < FILES; i++) {
    CU_ASSERT_STRING_EQUAL(one[i], again[i]);
    CU_ASSERT_STRING_NOT_EQUAL(one[i], other[i]);
  }
}

static int64_t count_lines(const char *text) {
  int64_t lines = 0;
  for (; *text != '\0'; text++) lines += *text == '\n';
  return lines;
}

static void files_have_their_columns_and_rows(void) {
  char *f[FILES];
  make("columns", "1", f);
  CU_ASSERT_EQUAL(strncmp(f[0], "item,domain,title_zh,title_en,category_zh,category_en,price,old_price,", 70), 0);
  CU_ASSERT_EQUAL(count_lines(f[0]), 121);
  CU_ASSERT_EQUAL(count_lines(f[1]), 301);
  CU_ASSERT_EQUAL(strncmp(f[2], "user,item,time,kind,price\n", 26), 0);
  CU_ASSERT_TRUE(count_lines(f[2]) > 300 * 30 && count_lines(f[2]) < 300 * 50);
  /* What goes wrong in real logs is in there: a date, an empty user. */
  CU_ASSERT_PTR_NOT_NULL(strstr(f[2], "2024-13-45"));
  CU_ASSERT_PTR_NOT_NULL(strstr(f[2], "\n,i1,"));
}

static int compare_texts(const void *a, const void *b) { return strcmp(a, b); }

/* Four times as many items as a category has pairs of words, so that editions are used too. */
static void titles_are_distinct_in_both_languages(void) {
  enum { PLACES = 4 * SYNTH_TITLES_BASE, ALL = PLACES * SYNTH_TITLES_CATEGORIES };
  for (language l = 0; l < LANGUAGE_COUNT; l++) {
    char(*title)[SYNTH_TITLES_SIZE] = calloc(ALL, sizeof *title);
    for (int i = 0; i < ALL; i++) {
      const synth_titles_words w = synth_titles_pick(i / PLACES, i % PLACES, 3);
      synth_titles_write(&w, l, title[i]);
    }
    qsort(title, ALL, sizeof *title, compare_texts);
    int repeated = 0;
    for (int i = 1; i < ALL; i++) repeated += strcmp(title[i - 1], title[i]) == 0;
    CU_ASSERT_EQUAL(repeated, 0);
    free(title);
  }
}

static void titles_hold_no_digit_and_claim_nothing(void) {
  static const char *const claims[] = {"最",   "第一", "免费", "促销", "唯一",  "best", "Best",
                                       "free", "Free", "sale", "Sale", "cheap", "Cheap"};
  int faults = 0;
  for (int i = 0; i < SYNTH_TITLES_CATEGORIES * SYNTH_TITLES_BASE; i++) {
    const synth_titles_words w = synth_titles_pick(i / SYNTH_TITLES_BASE, i % SYNTH_TITLES_BASE, 1);
    for (language l = 0; l < LANGUAGE_COUNT; l++) {
      char title[SYNTH_TITLES_SIZE];
      synth_titles_write(&w, l, title);
      faults += strpbrk(title, "0123456789%") != NULL;
      for (size_t c = 0; c < sizeof claims / sizeof *claims; c++) faults += strstr(title, claims[c]) != NULL;
    }
  }
  CU_ASSERT_EQUAL(faults, 0);
}

static void every_item_has_two_to_four_keywords(void) {
  int faults = 0;
  for (int i = 0; i < SYNTH_TITLES_CATEGORIES * SYNTH_TITLES_BASE; i++) {
    const synth_titles_words w = synth_titles_pick(i / SYNTH_TITLES_BASE, i % SYNTH_TITLES_BASE, 1);
    for (language l = 0; l < LANGUAGE_COUNT; l++) {
      char keywords[SYNTH_TITLES_SIZE];
      int marks = 0;
      synth_titles_keywords(&w, l, keywords);
      for (const char *k = keywords; *k != '\0'; k++) marks += *k == ';';
      faults += marks < 1 || marks > 3 || strstr(keywords, ";;") != NULL;
    }
  }
  CU_ASSERT_EQUAL(faults, 0);
}

/* Where a user's events go: mostly to the three cells it likes, which are three of 84. */
static void users_do_what_they_are_made_to_like(void) {
  char *f[FILES], *rest = NULL;
  make("tastes", "1", f);
  synth_items items;
  CU_ASSERT_EQUAL(synth_items_create(120, 1714521600, 60, 1, &memory, &items), STATUS_OK);
  int64_t liked = 0, all = 0;
  strtok_r(f[2], "\n", &rest);
  for (char *line = strtok_r(NULL, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    long long user = 0, item = 0;
    if (sscanf(line, "u%lld,i%lld,", &user, &item) != 2 || item < 1 || item > 120) continue;
    const synth_user u = synth_users_draw(&items, user - 1, 40, 60);
    const synth_item *i = &items.item[item - 1];
    const int cell = i->category * SYNTH_GROUPS + synth_titles_pick(i->category, i->place, 1).group;
    liked += cell == u.cell[0] || cell == u.cell[1] || cell == u.cell[2];
    all++;
  }
  CU_ASSERT_TRUE(liked * 2 > all);
  CU_ASSERT_TRUE(liked < all);
}

static void wrong_arguments_are_named(void) {
  char *number[] = {"synth", "x", "--users", "many", NULL}, *none[] = {"synth", NULL};
  char *option[] = {"synth", "x", "--user", "3", NULL}, *value[] = {"synth", "x", "--items", NULL};
  CU_ASSERT_EQUAL(synth_command(4, number), STATUS_USAGE);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "--users"));
  CU_ASSERT_EQUAL(synth_command(1, none), STATUS_USAGE);
  CU_ASSERT_EQUAL(synth_command(4, option), STATUS_USAGE);
  CU_ASSERT_EQUAL(synth_command(3, value), STATUS_USAGE);
}

int main(void) {
  const suite_test tests[] = {
      TEST(the_same_seed_gives_the_same_bytes_and_another_does_not),
      TEST(files_have_their_columns_and_rows),
      TEST(titles_are_distinct_in_both_languages),
      TEST(titles_hold_no_digit_and_claim_nothing),
      TEST(every_item_has_two_to_four_keywords),
      TEST(users_do_what_they_are_made_to_like),
      TEST(wrong_arguments_are_named),
  };
  const int result = SUITE_RUN("synth", tests);
  suite_folder_remove();
  arena_free(&memory);
  return result;
}
