/* What is watched for while a text is written is what the rules find in it when it is whole. */
#include "text/watch.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"
#include "text/banned.h"
#include "text/normalise.h"
#include "text/rules.h"

static arena memory;
static rules *all;

static void open_rules(void) {
  static const char *const own[] = {"glue", "salesman club", "胶水"};
  const rules_options options = {.max_columns = 1000, .max_utf16 = 1000, .banned = own, .banned_count = 3};
  CU_ASSERT_EQUAL_FATAL(rules_create(&options, &memory, &all), STATUS_OK);
}

static void close_rules(void) {
  rules_free(all);
  arena_free(&memory);
}

/* 1 if the whole text says nothing that it may not: harmless phrases are blanked out first, as in text/rules.c. */
static int is_fine(const watch_words *w, const char *text) {
  char *match = NULL;
  int length = 0;
  CU_ASSERT_EQUAL_FATAL(normalise_match(text, &memory, &match), STATUS_OK);
  if (banned_find(w->banned, match) >= 0) return 0;
  for (int at = banned_match(w->harmless, match, &length); at >= 0; at = banned_match(w->harmless, match, &length))
    memset(match + at, '\1', (size_t)length);
  return banned_find(w->claims, match) < 0;
}

/* The same, watched piece by piece; *read gets the pieces that were let through. */
static int is_let_through(const watch_words *w, const char *const *piece, int count, int *read) {
  watch at = {0};
  for (*read = 0; *read < count; ++*read) {
    char *folded = NULL;
    CU_ASSERT_EQUAL_FATAL(normalise_fold(piece[*read], &memory, &folded), STATUS_OK);
    if (!watch_read(w, folded, &at)) return 0;
  }
  return watch_end(w, &at);
}

static int agrees(const char *const *piece, int count, tone t) {
  char text[1024] = "";
  int read;
  const watch_words w = rules_words(all, t);
  for (int i = 0; i < count; i++) strcat(text, piece[i]);
  const int fine = is_fine(&w, text), through = is_let_through(&w, piece, count, &read);
  if (fine != through) printf("%s: %d, watched %d\n", text, fine, through);
  return fine == through;
}

static void compare(const char *const *pieces, int kinds, uint64_t seed) {
  random_stream r = random_open(seed, RANDOM_TEST, 0, 0);
  int fine = 0;
  enum { TEXTS = 3000, LONGEST = 9 };
  for (int i = 0; i < TEXTS; i++) {
    const char *text[LONGEST];
    const int count = 1 + (int)random_below(&r, LONGEST);
    for (int k = 0; k < count; k++) text[k] = pieces[random_below(&r, (uint32_t)kinds)];
    fine += agrees(text, count, (tone)random_below(&r, TONE_COUNT));
  }
  CU_ASSERT_EQUAL(fine, TEXTS);
}

static void english_is_watched_as_it_is_ruled(void) {
  static const char *const pieces[] = {" feel",
                                       " free",
                                       " time",
                                       " Sale",
                                       "s",
                                       "man",
                                       " the",
                                       " best",
                                       "-seller",
                                       " new",
                                       " year",
                                       " york",
                                       " lamp",
                                       " half",
                                       "-price",
                                       " big",
                                       " deal",
                                       " just",
                                       " in",
                                       ",",
                                       ".",
                                       " club",
                                       " glue",
                                       "glue",
                                       "un",
                                       " limited",
                                       " not",
                                       " for",
                                       " everyone",
                                       " it",
                                       " hot",
                                       " right",
                                       " now",
                                       "'s",
                                       "\xE2\x80\x93",
                                       " caf\xC3\xA9",
                                       " f",
                                       "ree",
                                       "\xEF\xBC\xA6ree"};
  open_rules();
  compare(pieces, (int)(sizeof pieces / sizeof *pieces), 1);
  close_rules();
}

static void chinese_is_watched_as_it_is_ruled(void) {
  static const char *const pieces[] = {"第", "一",   "次",   "免",   "费",     "新", "年", "清",   "重新", "热", "门",
                                       "最", "低价", "好的", "一眼", "很多人", "情", "胶", "水",   "，",   "。", "·",
                                       " ",  "第一", "清新", "刚",   "到",     "！", "《", "free", "A"};
  open_rules();
  compare(pieces, (int)(sizeof pieces / sizeof *pieces), 2);
  close_rules();
}

/* A phrase is refused with the piece that completes it, or with the first that leaves it standing. */
static void words_are_refused_before_they_are_over(void) {
  int read;
  open_rules();
  const watch_words w = rules_words(all, TONE_PICK);
  const char *const sale[] = {"a", " sale", " now"}, *const salesman[] = {"a", " sale", "sman", " now"};
  CU_ASSERT_FALSE(is_let_through(&w, sale, 3, &read));
  CU_ASSERT_EQUAL(read, 2);
  CU_ASSERT_TRUE(is_let_through(&w, salesman, 4, &read));
  const char *const filled[] = {"half price", WATCH_SLOT}, *const zh[] = {"为你", "免", "·费"};
  CU_ASSERT_FALSE(is_let_through(&w, filled, 2, &read));
  CU_ASSERT_EQUAL(read, 1);
  CU_ASSERT_FALSE(is_let_through(&w, zh, 3, &read));
  const char *const end[] = {"it is a sale"}, *const spare[] = {"feel free"}, *const lost[] = {"a free", " gift"};
  CU_ASSERT_FALSE(is_let_through(&w, end, 1, &read));
  CU_ASSERT_TRUE(is_let_through(&w, spare, 1, &read));
  CU_ASSERT_FALSE(is_let_through(&w, lost, 2, &read));
  CU_ASSERT_EQUAL(read, 1);
  close_rules();
}

int main(void) {
  const suite_test tests[] = {
      TEST(english_is_watched_as_it_is_ruled),
      TEST(chinese_is_watched_as_it_is_ruled),
      TEST(words_are_refused_before_they_are_over),
  };
  return SUITE_RUN("watch", tests);
}
