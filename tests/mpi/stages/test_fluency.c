/* What is usual in a copy of five lines. */
#include <string.h>

#include "stages/generate_fluency.h"
#include "stages/generate_ladder.h"
#include "support/mpi_suite.h"

static copy_line lines[] = {
    {.language = LANGUAGE_EN, .slots = SLOT_BIT(SLOT_TITLE), .text = "Tea's ready: <title>."},
    {.language = LANGUAGE_EN,
     .slots = SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_PRICE),
     .text = "Ready for <title>, <price>."},
    {.language = LANGUAGE_EN,
     .tone = TONE_DROP,
     .slots = SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_PRICE),
     .text = "<title>, <price>."},
    {.language = LANGUAGE_ZH, .slots = SLOT_BIT(SLOT_TITLE), .text = "给你<title>。"},
    {.language = LANGUAGE_EN, .domain = DOMAIN_NEWS, .slots = SLOT_BIT(SLOT_TITLE), .text = "Read <title>."},
};
static const copy all = {.count = 5, .lines = lines};

static generate_usage usage_in(const char *text, language l, domain d) {
  arena a = {0};
  generate_fluency f;
  CU_ASSERT_EQUAL(generate_fluency_create(&all, &a, &f), STATUS_OK);
  const generate_usage u = generate_fluency_of(&f, text, l, d);
  arena_free(&a);
  return u;
}

static generate_usage usage_of(const char *text, language l) { return usage_in(text, l, DOMAIN_SHOP); }

static void a_line_of_the_copy_is_usual(void) {
  for (int i = 0; i < 5; i++) {
    const generate_usage u = usage_in(lines[i].text, lines[i].language, lines[i].domain);
    CU_ASSERT_EQUAL(u.strange, 0);
    CU_ASSERT_EQUAL(u.pairs, 1);
    CU_ASSERT_EQUAL(u.triples, 1);
  }
  CU_ASSERT_EQUAL(usage_of("TEA'S  READY: <title>.", LANGUAGE_EN).triples, 1);
}

static void words_that_are_none_are_strange(void) {
  CU_ASSERT_EQUAL(usage_of("Teas readying: <title>.", LANGUAGE_EN).strange, 2);
  CU_ASSERT_EQUAL(usage_of("给你<title>。", LANGUAGE_EN).strange, 3);
  CU_ASSERT_EQUAL(usage_of("<keyword>", LANGUAGE_EN).strange, 1);
}

static void neighbours_that_never_met_are_counted(void) {
  /* ready for | <title> . are pairs of the copy; . ready, for . are not. Units: ready : <title> , <price> . end */
  const generate_usage u = usage_of("Ready: <title>, <price>.", LANGUAGE_EN);
  CU_ASSERT_EQUAL(u.strange, 0);
  CU_ASSERT_DOUBLE_EQUAL(u.pairs, 1, 1e-12);           /* border-ready is in the second line */
  CU_ASSERT_DOUBLE_EQUAL(u.triples, 5.0 / 7.0, 1e-12); /* not border-ready-colon, not colon-<title>-comma */
  CU_ASSERT(usage_of("Tea's <price> ready.", LANGUAGE_EN).pairs < 0.5);
}

static void each_domain_has_its_own_words(void) {
  CU_ASSERT_EQUAL(usage_in("Read <title>.", LANGUAGE_EN, DOMAIN_SHOP).strange, 1);
  CU_ASSERT_EQUAL(usage_in("Tea's ready: <title>.", LANGUAGE_EN, DOMAIN_NEWS).strange, 3);
  /* A domain that nobody has written about is held against the language as a whole. */
  CU_ASSERT_EQUAL(usage_in("Read <title>.", LANGUAGE_EN, DOMAIN_FILM).triples, 1);
  CU_ASSERT_EQUAL(usage_in("Tea's ready: <title>.", LANGUAGE_EN, DOMAIN_FILM).triples, 1);
}

/* Bytes of the piece at text: a slot, or one character. */
static int piece_bytes(const char *text) {
  int bytes = 1;
  if (*text == '<') return (int)(strchr(text, '>') - text) + 1;
  while (((unsigned char)text[bytes] & 0xC0) == 0x80) bytes++;
  return bytes;
}

/* Pieces read until one is refused; all of them and the end: -1. */
static int refused_at(const char *text, language l) {
  arena a = {0};
  generate_fluency f;
  generate_reading r;
  int read = 0, refused = 0;
  CU_ASSERT_EQUAL(generate_fluency_create(&all, &a, &f), STATUS_OK);
  generate_fluency_begin(&r);
  for (; *text != '\0' && !refused; read++) {
    char piece[32] = "";
    const int bytes = piece_bytes(text);
    memcpy(piece, text, (size_t)bytes);
    text += bytes;
    refused = !generate_fluency_read(&f, l, DOMAIN_SHOP, piece, &r);
  }
  if (!refused && generate_fluency_end(&f, l, DOMAIN_SHOP, &r)) read = -1;
  arena_free(&a);
  return read;
}

static void what_nobody_writes_is_refused_where_it_begins(void) {
  for (int i = 0; i < 4; i++) CU_ASSERT_EQUAL(refused_at(lines[i].text, lines[i].language), -1);
  CU_ASSERT_EQUAL(refused_at("TEA'S ready: <title>.", LANGUAGE_EN), -1);
  CU_ASSERT_EQUAL(refused_at("Tea's real: <title>.", LANGUAGE_EN), 10); /* no word behind tea's begins with real */
  CU_ASSERT_EQUAL(refused_at("Teas ready: <title>.", LANGUAGE_EN), 4);
  CU_ASSERT_EQUAL(refused_at("Ready: <title>.", LANGUAGE_EN), 6); /* ready and : meet, but not at the beginning */
  CU_ASSERT_EQUAL(refused_at("Tea's ready", LANGUAGE_EN), 11);    /* it may go on, but not end */
  CU_ASSERT_EQUAL(refused_at("给我<title>。", LANGUAGE_ZH), 2);
}

static generate_facts facts_of(language l, tone t, slot_set allowed) {
  return (generate_facts){.language = l, .tone = t, .allowed = allowed};
}

static void drawn_lines_can_be_filled(void) {
  arena a = {0};
  generate_ladder ladder;
  CU_ASSERT_EQUAL(generate_ladder_create(&all, &a, &ladder), STATUS_OK);
  random_stream r = random_open(1, RANDOM_TEST, 0, 0);
  int seen[4] = {0};
  const generate_facts title = facts_of(LANGUAGE_EN, TONE_PICK, SLOT_BIT(SLOT_TITLE));
  const generate_facts both = facts_of(LANGUAGE_EN, TONE_PICK, SLOT_BIT(SLOT_TITLE) | SLOT_BIT(SLOT_PRICE));
  for (int i = 0; i < 50; i++) {
    CU_ASSERT_PTR_EQUAL(generate_ladder_draw(&ladder, &title, &r), &lines[0]);
    const copy_line *line = generate_ladder_draw(&ladder, &both, &r);
    CU_ASSERT(line == &lines[0] || line == &lines[1]);
    seen[line - lines]++;
  }
  CU_ASSERT(seen[0] > 5 && seen[1] > 5);
  /* The drop line names one price only, so it says nothing of a fall. */
  const generate_facts drop = facts_of(LANGUAGE_EN, TONE_DROP, ~(slot_set)0);
  CU_ASSERT_PTR_NULL(generate_ladder_draw(&ladder, &drop, &r));
  const generate_facts other = facts_of(LANGUAGE_ZH, TONE_HOT, ~(slot_set)0);
  CU_ASSERT_PTR_NULL(generate_ladder_draw(&ladder, &other, &r));
  arena_free(&a);
}

int main(int argc, char **argv) {
  static const suite_test tests[] = {
      TEST(a_line_of_the_copy_is_usual),
      TEST(words_that_are_none_are_strange),
      TEST(neighbours_that_never_met_are_counted),
      TEST(each_domain_has_its_own_words),
      TEST(what_nobody_writes_is_refused_where_it_begins),
      TEST(drawn_lines_can_be_filled),
  };
  return MPI_SUITE_RUN(argc, argv, "generate_fluency", tests);
}
