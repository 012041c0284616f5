/* The other shapes of input: lists, ratings, a catalogue file, a users file, a suppression list. */
#include <stdlib.h>

#include "stages/ingest.h"
#include "support/stage_fixture.h"

enum { PARTITIONS = 4 };

static void run(fixture *f, const char *name, int alone, const char *const *assignments) {
  fixture_open(f, name, alone, assignments);
  const status result = fixture_run(f, "ingest", ingest_run);
  if (result != STATUS_OK) fprintf(stderr, "%s\n", status_text());
  CU_ASSERT_EQUAL(result, STATUS_OK);
}

/* A user found by name: the partition's users in *u, and the row; -1 if there is none. */
static user_row find_user(const fixture *f, const char *name, int32_t items, arena *a, users *u) {
  for (int p = 0; p < PARTITIONS; p++) {
    if (fixture_users(f, p, PARTITIONS, items, a, u) != STATUS_OK) return -1;
    for (user_row i = 0; i < u->count; i++)
      if (strcmp(strings_at(&u->name, i), name) == 0) return i;
  }
  return -1;
}

static item_row find_item(const catalogue *c, const char *name) {
  for (item_row i = 0; i < c->count; i++)
    if (strcmp(strings_at(&c->name, i), name) == 0) return i;
  return -1;
}

/* A line longer than a row of the reader; a user named twice; one without items. */
static const char *write_list(char path[600]) {
  static char text[8000];
  char *at = text + sprintf(text, "u1");
  for (int i = 0; i < 600; i++) at += sprintf(at, " %d", i);
  sprintf(at, "\nu2 5 6 7\nu3\nu1 3 700\nu4 8 8\n");
  return fixture_file(path, "list.txt", text);
}

static void lists_are_events_without_time(void) {
  char path[600], line[700];
  const char *const assignments[] = {fixture_path(line, "inputs.interactions.path", write_list(path)),
                                     "job=test",
                                     "partitions.users=4",
                                     "inputs.interactions.format=list",
                                     "events.validation_share=0.3",
                                     NULL};
  fixture f, alone;
  arena memory = {0};
  catalogue c;
  users u;
  run(&f, "list", 0, assignments);
  run(&alone, "list", 1, assignments);
  CU_ASSERT_TRUE(fixture_same(&f, &alone, "ingest/items.nmt"));
  CU_ASSERT_TRUE(fixture_same_all(&f, &alone, "ingest/users", PARTITIONS));
  CU_ASSERT_TRUE(fixture_same(&f, &alone, "ingest/rejects.csv"));
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_read"), 600 + 3 + 1 + 2 + 2);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.no_item"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.duplicate"), 2);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rows_accepted"), 605);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items"), 601);
  CU_ASSERT_EQUAL(fixture_catalogue(&f, &memory, &c), STATUS_OK);
  const item_row item = find_item(&c, "700");
  CU_ASSERT_STRING_EQUAL(strings_at(&c.title[LANGUAGE_EN], item), "700");
  const user_row place = find_user(&f, "u1", c.count, &memory, &u);
  CU_ASSERT_TRUE(place >= 0);
  if (place >= 0) {
    int64_t drawn = 0;
    CU_ASSERT_EQUAL(u.offset[place + 1] - u.offset[place], 601);
    for (int64_t i = u.offset[place]; i < u.offset[place + 1]; i++) drawn += u.fold[i] == FOLD_VALIDATION;
    CU_ASSERT_TRUE(drawn > 120 && drawn < 240);
  }
  arena_free(&memory);
  fixture_close(&f);
  fixture_close(&alone);
}

static const char ratings[] = "7\t1\t5\t1000\n7\t2\t2\t2000\n7\t1\t3\t3000\n8\t2\t4\t500\n8\t9\t4\t600\n9\t1\t1\t700\n";
static const char films[] =
    "1|Godfather, The (1972)|01-Jan-1972|0|1|1\n2|Am\xE9lie (2001)|25-Apr-2001|1|0|0\n"
    "3||01-Jan-1999|0|0|1\n2|Twice (2001)|01-Jan-2001|0|0|0\n4|Odd|1999|0|0|1\n";

static void ratings_are_means_and_catalogues_are_read_whole(void) {
  char path[600], line[700], other[600], other_line[700];
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "ratings.tsv", ratings)),
      fixture_path(other_line, "inputs.catalogue.path", fixture_file(other, "films.txt", films)),
      "job=test",
      "partitions.users=4",
      "als.feedback=explicit",
      "inputs.rejects_share=0.5",
      "inputs.interactions.format=tsv",
      "inputs.interactions.names=user,item,rating,time",
      "inputs.interactions.columns.time=time",
      "inputs.interactions.columns.rating=rating",
      "inputs.interactions.time_format=unix",
      "inputs.catalogue.format=pipe",
      "inputs.catalogue.encoding=latin-1",
      "inputs.catalogue.names=item,title,released,comedy,crime,drama",
      "inputs.catalogue.columns.title=title",
      "inputs.catalogue.columns.added=released",
      "inputs.catalogue.added_format=%d-%b-%Y",
      "inputs.catalogue.flags=crime,comedy,drama",
      "inputs.catalogue.article_first=true",
      "inputs.catalogue.domain=film",
      "events.validation_share=0.2",
      NULL};
  fixture f;
  arena memory = {0};
  catalogue c;
  users u;
  run(&f, "ratings", 0, assignments);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items"), 2);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "catalogue_rows"), 5);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items_rejected.no_title"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items_rejected.duplicate"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "items_rejected.bad_time"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "rejected.unknown_item"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "cut"), 3000);
  CU_ASSERT_EQUAL(fixture_catalogue(&f, &memory, &c), STATUS_OK);
  const item_row first = find_item(&c, "1"), second = find_item(&c, "2");
  CU_ASSERT_STRING_EQUAL(strings_at(&c.title[LANGUAGE_EN], first), "The Godfather (1972)");
  CU_ASSERT_STRING_EQUAL(strings_at(&c.title[LANGUAGE_EN], second), "Amélie (2001)");
  CU_ASSERT_STRING_EQUAL(strings_at(&c.category_name[LANGUAGE_EN], c.category[first]), "crime");
  CU_ASSERT_STRING_EQUAL(strings_at(&c.keywords[LANGUAGE_EN], first), "crime;drama");
  CU_ASSERT_EQUAL(c.added[second], 988156800);
  CU_ASSERT_EQUAL(c.domain[first], DOMAIN_FILM);
  CU_ASSERT_EQUAL(c.users[first], 2);
  const user_row place = find_user(&f, "7", c.count, &memory, &u);
  CU_ASSERT_TRUE(place >= 0);
  for (int64_t i = place < 0 ? 0 : u.offset[place]; place >= 0 && i < u.offset[place + 1]; i++) {
    const int is_first = u.item[i] == first;
    CU_ASSERT_TRUE(suite_close((double)u.weight[i], is_first ? 4 : 2, 1e-6));
    CU_ASSERT_TRUE(suite_close((double)u.train_weight[i], is_first ? 5 : 2, 1e-6));
    CU_ASSERT_EQUAL(u.meanings[i], is_first ? (1u << EVENT_LIKED) | (1u << EVENT_VIEWED) : 1u << EVENT_VIEWED);
  }
  arena_free(&memory);
  fixture_close(&f);
}

static const char events[] = "user,item\nann,1\nbob,1\nbob,2\ncyd,2\n";
static const char people[] = "user,language\nbob,zh\nbob,en\ndan,zh\nann,\neve,fr\n,en\n";
static const char suppressed[] = "bob\r\n\n  dan  \n\"ghost\",2020-01-01\nbob,again\n";

/* Ids that a CSV has to quote, in events and on the suppression list. */
static const char strange_events[] =
    "user,item\n\"a,b\",1\n\"c \"\"d\"\"\",1\n e|f ,2\n\" g h \",2\ni,1\n\"j\",2\nspared,1\n";
static const char strange_suppressed[] = "\"a,b\"\n\"c \"\"d\"\"\" , left\n e|f\n\" g h \"\ni \t2020-01-01\n  j  \n";

static void a_suppressed_id_is_read_as_the_events_have_it(void) {
  char path[2][600], line[2][700];
  const char *const assignments[] = {
      fixture_path(line[0], "inputs.interactions.path", fixture_file(path[0], "strange.csv", strange_events)),
      fixture_path(line[1], "inputs.suppression.path", fixture_file(path[1], "strange.txt", strange_suppressed)),
      "job=test", "partitions.users=4", NULL};
  fixture f;
  run(&f, "strange", 0, assignments);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "users"), 7);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "suppressed"), 6);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "suppression_unknown"), 0);
  fixture_close(&f);
}

static void users_have_a_language_and_a_say(void) {
  char path[3][600], line[3][700];
  const char *const assignments[] = {
      fixture_path(line[0], "inputs.interactions.path", fixture_file(path[0], "few.csv", events)),
      fixture_path(line[1], "inputs.users.path", fixture_file(path[1], "people.csv", people)),
      fixture_path(line[2], "inputs.suppression.path", fixture_file(path[2], "stop.txt", suppressed)),
      "job=test",
      "partitions.users=4",
      "language=en",
      "inputs.users.columns.language=language",
      "inputs.rejects_share=0.5",
      NULL};
  static const struct {
    const char *name;
    language language;
    int flags;
    int events;
  } expected[] = {{"ann", LANGUAGE_EN, 0, 1},
                  {"bob", LANGUAGE_ZH, USER_HAS_LANGUAGE | USER_SUPPRESSED, 2},
                  {"cyd", LANGUAGE_EN, 0, 1},
                  {"dan", LANGUAGE_ZH, USER_HAS_LANGUAGE | USER_SUPPRESSED, 0}};
  fixture f;
  arena memory = {0};
  run(&f, "people", 0, assignments);
  for (int i = 0; i < 4; i++) {
    users u;
    const user_row place = find_user(&f, expected[i].name, 2, &memory, &u);
    CU_ASSERT_TRUE(place >= 0);
    if (place < 0) continue;
    CU_ASSERT_EQUAL(u.language[place], expected[i].language);
    CU_ASSERT_EQUAL(u.flags[place], expected[i].flags);
    CU_ASSERT_EQUAL(u.event_offset[place + 1] - u.event_offset[place], expected[i].events);
  }
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "users"), 4);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "suppressed"), 2);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "suppression_unknown"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "user_rows"), 6);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "users_rejected.unknown_language"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "users_rejected.no_user"), 1);
  CU_ASSERT_EQUAL(fixture_number(&f, "ingest", "now"), 1);
  arena_free(&memory);
  fixture_close(&f);
}

/* File, line and reason of each, by line; nothing of what stood there. */
static void rejects_are_listed_by_line_without_contents(void) {
  static const char dirty[] =
      "user,item,time\nann,1,2024-01-01\nsecret,1,later\nann,1,2024-01-01\n,1,2024-01-01\n"
      "bob,\"1\"x,2024-01-01\nbob,2,2024-01-05\n";
  char path[600], line[700], expected[4000], list[700], *text = NULL;
  fixture f;
  arena memory = {0};
  int64_t count = 0;
  const char *const assignments[] = {
      fixture_path(line, "inputs.interactions.path", fixture_file(path, "dirty, and odd.csv", dirty)),
      "job=test",
      "partitions.users=4",
      "inputs.rejects_share=0.6",
      "inputs.interactions.columns.time=time",
      NULL};
  run(&f, "dirty", 0, assignments);
  snprintf(list, sizeof list, "%s/work/ingest/rejects.csv", f.run);
  CU_ASSERT_EQUAL(file_read(list, &memory, &text, &count), STATUS_OK);
  snprintf(expected, sizeof expected,
           "file,line,reason\n\"%s\",3,bad_time\n\"%s\",4,duplicate\n\"%s\",5,no_user\n\"%s\",6,bad_quote\n", path,
           path, path, path);
  if (text != NULL) CU_ASSERT_STRING_EQUAL(text, expected);
  arena_free(&memory);
  fixture_close(&f);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(lists_are_events_without_time),
      TEST(ratings_are_means_and_catalogues_are_read_whole),
      TEST(users_have_a_language_and_a_say),
      TEST(a_suppressed_id_is_read_as_the_events_have_it),
      TEST(rejects_are_listed_by_line_without_contents),
  };
  return MPI_SUITE_RUN(argc, argv, "ingest sources", tests);
}
