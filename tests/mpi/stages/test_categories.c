/* Categories out of titles: names are true of what they name, and the same on any number of ranks. */
#include "stages/ingest_categories.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "support/stage_fixture.h"

enum { ITEMS = 120, GROUPS = 6, KINDS = 4 };

static const char *const kind[KINDS] = {"LANTERN", "TEAPOT", "CUSHION", "NOTEBOOK"};
static const char *const look[] = {"red", "blue", "green", "tall", "small"};

/* ITEMS titles such as "red tall LANTERN 7"; every sixth one shares no word with any other. */
static void fill(arena *a, catalogue *c) {
  static const char *titles[ITEMS], *none[ITEMS];
  *c = (catalogue){.count = ITEMS};
  CU_ASSERT_EQUAL(ARENA(a, ITEMS, &c->id), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(a, ITEMS, &c->category), STATUS_OK);
  for (int i = 0; i < ITEMS; i++) {
    char *title = NULL;
    const char *first = look[i % 5], *second = look[i / 5 % 5];
    if (i % 6 == 5)
      CU_ASSERT_EQUAL(arena_print(a, &title, "thing%cx%c", 'a' + i / 26, 'a' + i % 26), STATUS_OK)
    else
      CU_ASSERT_EQUAL(arena_print(a, &title, "%s %s %s", first, second, kind[i % KINDS]), STATUS_OK);
    titles[i] = title;
    none[i] = "";
    c->id[i] = (item_id){(uint64_t)i + 1, 9};
    c->category[i] = CATALOGUE_NO_CATEGORY;
  }
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    CU_ASSERT_EQUAL(strings_create(a, l == LANGUAGE_EN ? titles : none, ITEMS, &c->title[l]), STATUS_OK);
    CU_ASSERT_EQUAL(strings_create(a, none, ITEMS, &c->keywords[l]), STATUS_OK);
    CU_ASSERT_EQUAL(strings_create(a, none, 0, &c->category_name[l]), STATUS_OK);
  }
}

static void find(const comm *ranks, int groups, arena *a, catalogue *c) {
  arena memory = {0};
  settings *wanted = NULL;
  stage s = {.comm = ranks, .seed = 7, .quiet = 1, .name = "ingest", .arena = a};
  char set[80];
  snprintf(set, sizeof set, "inputs.catalogue.categories_by_words=%d", groups);
  CU_ASSERT_EQUAL(settings_create(&memory, &wanted), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(wanted, set), STATUS_OK);
  s.settings = wanted;
  CU_ASSERT_EQUAL(ingest_categories_find(&s, c), STATUS_OK);
  arena_free(&memory);
}

/* 1 if the word, in lower case, is one of the title's. */
static int has_word(const char *title, const char *word) {
  char lower[100];
  size_t n = 0;
  for (; title[n] != '\0' && n + 1 < sizeof lower; n++) lower[n] = (char)tolower((unsigned char)title[n]);
  lower[n] = '\0';
  char *rest = NULL;
  for (char *one = strtok_r(lower, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest))
    if (strcasecmp(one, word) == 0) return 1;
  return 0;
}

static void a_category_is_a_word_of_each_of_its_items(void) {
  arena a = {0};
  catalogue c;
  fill(&a, &c);
  find(mpi_suite_comm, GROUPS, &a, &c);
  CU_ASSERT(c.categories >= 2 && c.categories <= GROUPS);
  int named = 0;
  for (int i = 0; i < ITEMS; i++) {
    if (c.category[i] == CATALOGUE_NO_CATEGORY) continue;
    CU_ASSERT_FATAL(c.category[i] >= 0 && c.category[i] < c.categories);
    CU_ASSERT(has_word(strings_at(&c.title[LANGUAGE_EN], i), strings_at(&c.category_name[LANGUAGE_EN], c.category[i])));
    CU_ASSERT(i % 6 != 5); /* a word of one item names nothing */
    named++;
  }
  CU_ASSERT(2 * named >= ITEMS);
  arena_free(&a);
}

/* What a thing is like stands in front, what it is at the end: only the end names a category, once, with a capital. */
static void things_name_categories_and_their_looks_do_not(void) {
  arena a = {0};
  catalogue c;
  fill(&a, &c);
  find(mpi_suite_comm, GROUPS, &a, &c);
  for (int k = 0; k < c.categories; k++) {
    const char *name = strings_at(&c.category_name[LANGUAGE_EN], k);
    int is_kind = 0;
    for (int i = 0; i < KINDS; i++) is_kind += strcasecmp(name, kind[i]) == 0;
    CU_ASSERT_EQUAL(is_kind, 1);
    CU_ASSERT(isupper((unsigned char)name[0]));
    CU_ASSERT_STRING_EQUAL(strings_at(&c.category_name[LANGUAGE_ZH], k), "");
    for (int j = 0; j < k; j++) CU_ASSERT_STRING_NOT_EQUAL(name, strings_at(&c.category_name[LANGUAGE_EN], j));
  }
  arena_free(&a);
}

static void one_rank_alone_finds_the_same(void) {
  arena a = {0};
  catalogue together, alone;
  fill(&a, &together);
  find(mpi_suite_comm, GROUPS, &a, &together);
  fill(&a, &alone);
  find(mpi_solo(), GROUPS, &a, &alone);
  CU_ASSERT_EQUAL(together.categories, alone.categories);
  CU_ASSERT_EQUAL(memcmp(together.category, alone.category, ITEMS * sizeof *alone.category), 0);
  for (int k = 0; k < together.categories && k < alone.categories; k++)
    CU_ASSERT_STRING_EQUAL(strings_at(&together.category_name[LANGUAGE_EN], k),
                           strings_at(&alone.category_name[LANGUAGE_EN], k));
  arena_free(&a);
}

static void what_has_categories_or_wants_none_is_left_alone(void) {
  arena a = {0};
  catalogue c;
  fill(&a, &c);
  find(mpi_suite_comm, 0, &a, &c);
  CU_ASSERT_EQUAL(c.categories, 0);
  for (int i = 0; i < ITEMS; i++) CU_ASSERT_EQUAL(c.category[i], CATALOGUE_NO_CATEGORY);
  c.category[3] = 0;
  c.categories = 1;
  find(mpi_suite_comm, GROUPS, &a, &c);
  CU_ASSERT_EQUAL(c.categories, 1);
  CU_ASSERT_EQUAL(c.category[4], CATALOGUE_NO_CATEGORY);
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(a_category_is_a_word_of_each_of_its_items),
      TEST(things_name_categories_and_their_looks_do_not),
      TEST(one_rank_alone_finds_the_same),
      TEST(what_has_categories_or_wants_none_is_left_alone),
  };
  return MPI_SUITE_RUN(argc, argv, "categories", tests);
}
