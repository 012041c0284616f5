#include "stages/train.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/tensor_file.h"
#include "io/work_file.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"

enum { WIDTH = 3 };

static char folder[512];

static digest_key key(void) {
  digest_key k = {{0}};
  CU_ASSERT_EQUAL(digest_key_load("", 1, &k), STATUS_OK);
  return k;
}

/* One item, "Red Kettle" for £9.50, and its factor. */
static status write_items(const stage *s) {
  static item_id id;
  static int32_t category = CATALOGUE_NO_CATEGORY;
  static int64_t price = 950, none = CATALOGUE_NO_PRICE, zero;
  static uint8_t shop = DOMAIN_SHOP, yes = 1;
  static float factor[WIDTH] = {1, -1, 2}, nothing;
  const digest_key k = key();
  id = digest_item(&k, "kettle", strlen("kettle"));
  catalogue c = {.count = 1,
                 .id = &id,
                 .category = &category,
                 .price = &price,
                 .old_price = &none,
                 .domain = &shop,
                 .available = &yes,
                 .added = &zero,
                 .users = &zero};
  const char *name[] = {"kettle"}, *title[] = {"Red Kettle"}, *empty[] = {""};
  TRY(strings_create(s->arena, name, 1, &c.name));
  for (int l = 0; l < LANGUAGE_COUNT; l++) {
    TRY(strings_create(s->arena, l == LANGUAGE_EN ? title : empty, 1, &c.title[l]));
    TRY(strings_create(s->arena, empty, 1, &c.keywords[l]));
    TRY(strings_create(s->arena, empty, 0, &c.category_name[l]));
  }
  const item_model m = {{1, WIDTH, factor, &nothing}, 0, &nothing};
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_save_catalogue(path, &c));
  TRY(stage_path(s, "factorise", "items", 0, 0, &path));
  return work_file_save_item_model(path, &m);
}

/* A few hundred lines made of parts, so that there is something to learn, and lines that must be turned away. */
static status write_copy(const char *path) {
  static const char *const opening[] = {"Good morning", "For you", "A small idea",    "Look here",
                                        "Tonight",      "Quietly", "Worth a thought", "From our shelf"};
  static const char *const middle[] = {"we thought of <title>",
                                       "<title> is waiting",
                                       "<title> goes well with tea",
                                       "the evening belongs to <title>",
                                       "because of <liked>, take <title>",
                                       "<title> costs <price>, no more"};
  static const char *const ending[] = {".", ". See you soon.", ", if you like."};
  static char text[200000];
  size_t used = (size_t)snprintf(text, sizeof text, "text,tone,language,domain,item\n");
  for (size_t i = 0; i < 8; i++)
    for (size_t j = 0; j < 6; j++)
      for (size_t k = 0; k < 3; k++)
        used += (size_t)snprintf(text + used, sizeof text - used, "\"%s, %s%s\",%s,en,%s,\n", opening[i], middle[j],
                                 ending[k], tone_name(i % 2 ? TONE_PICK : TONE_STORY), domain_name((domain)(j % 3)));
  used += (size_t)snprintf(text + used, sizeof text - used,
                           "\"Tea time, and the Red Kettle sings for £9.50.\",story,en,,kettle\n"
                           "\"Tea time, and the Red Kettle sings for £9.50.\",story,en,,kettle\n"
                           "\"The Red Kettle again.\",story,en,,teapot\n"
                           "\"We like <title>.\",shouting,en,shop,\n"
                           "\"We like <title>.\",pick,fr,shop,\n"
                           "\"We like it.\",pick,en,shop,\n"
                           ",pick,en,shop,\n");
  return file_write(path, text, used);
}

static status prepare(const stage *s, const char *copy_path) {
  static const char *const names[] = {"ingest", "factorise", "train"};
  for (int i = 0; i < 3; i++) {
    char *path = NULL;
    TRY(arena_print(s->arena, &path, "%s/work/%s", s->run, names[i]));
    TRY(file_make_folder(path));
  }
  TRY(write_items(s));
  return write_copy(copy_path);
}

/* Runs the stage in a folder of its own. */
static status run(const comm *c, const char *name, const char *extra, arena *a, stage *s) {
  static const char *const sets[] = {
      "writer.vocabulary=520", "writer.embedding=8", "writer.hidden=12", "writer.epochs=3",           "writer.batch=20",
      "writer.lanes=5",        "gan.rounds=2",       "gan.batch=12",     "gan.discriminator_steps=3", "money=£%"};
  settings *set = NULL;
  char *path = NULL, *assignment = NULL, *where = NULL;
  TRY(settings_create(a, &set));
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) TRY(settings_override(set, sets[i]));
  snprintf(folder, sizeof folder, "%s/%s", mpi_suite_folder(), name);
  TRY(arena_print(a, &where, "%s", folder));
  TRY(arena_print(a, &path, "%s/copy.csv", folder));
  TRY(arena_print(a, &assignment, "inputs.copy.paths=%s", path));
  TRY(settings_override(set, assignment));
  if (extra != NULL) TRY(settings_override(set, extra));
  *s = (stage){.comm = c,
               .settings = set,
               .run = where,
               .job = "test",
               .night = "n",
               .name = "train",
               .fingerprint = "f",
               .seed = 5,
               .key = key(),
               .quiet = 1,
               .arena = a,
               .started = clock_now()};
  TRY_ALL(c, c->rank == 0 ? prepare(s, path) : STATUS_OK);
  return train_run(s);
}

static int same_file(const char *a, const char *b, const char *name) {
  arena memory = {0};
  char *path = NULL, *left = NULL, *right = NULL;
  int64_t left_count = 0, right_count = 1;
  CU_ASSERT_EQUAL(arena_print(&memory, &path, "%s/work/train/%s", a, name), STATUS_OK);
  CU_ASSERT_EQUAL(file_read(path, &memory, &left, &left_count), STATUS_OK);
  CU_ASSERT_EQUAL(arena_print(&memory, &path, "%s/work/train/%s", b, name), STATUS_OK);
  CU_ASSERT_EQUAL(file_read(path, &memory, &right, &right_count), STATUS_OK);
  const int same = left_count == right_count && left_count > 0 && memcmp(left, right, (size_t)left_count) == 0;
  arena_free(&memory);
  return same;
}

static void the_same_models_on_any_number_of_ranks(void) {
  arena a = {0};
  stage together = {0}, lonely = {0};
  char name[32];
  CU_ASSERT_EQUAL(run(mpi_suite_comm, "together", NULL, &a, &together), STATUS_OK);
  snprintf(name, sizeof name, "alone-%d", mpi_suite_comm->rank);
  CU_ASSERT_EQUAL(run(mpi_solo(), name, NULL, &a, &lonely), STATUS_OK);
  static const char *const files[] = {"tokeniser.nmt", "generator.nmt", "discriminator.nmt", "copy.nmt"};
  for (int i = 0; i < 4; i++) CU_ASSERT_TRUE(same_file(together.run, lonely.run, files[i]));
  CU_ASSERT_STRING_EQUAL(together.done.summary, lonely.done.summary);
  arena_free(&a);
}

static void bad_lines_are_counted_by_reason(void) {
  arena a = {0};
  stage s = {0};
  CU_ASSERT_EQUAL(run(mpi_suite_comm, "counts", "gan.rounds=0", &a, &s), STATUS_OK);
  const accounts *n = &s.done.numbers;
  CU_ASSERT_EQUAL(accounts_get(n, "copy_lines"), 8 * 6 * 3 + 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.repeated"), 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.unknown_item"), 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.unknown_tone"), 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.unknown_language"), 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.slots"), 1);
  CU_ASSERT_EQUAL(accounts_get(n, "copy_rejected.no_text"), 1);
  CU_ASSERT_TRUE(strstr(s.done.summary, "\"shipped\": \"mle\"") != NULL);

  char *path = NULL;
  copy learnt = {0};
  CU_ASSERT_EQUAL(stage_path(&s, "train", "copy", 0, 0, &path), STATUS_OK);
  CU_ASSERT_EQUAL(work_file_load_copy(path, &a, &learnt), STATUS_OK);
  CU_ASSERT_EQUAL(learnt.count, 8 * 6 * 3 + 1);
  const copy_line *last = &learnt.lines[learnt.count - 1];
  CU_ASSERT_EQUAL(last->item, 0);
  CU_ASSERT_EQUAL(last->domain, DOMAIN_SHOP);
  CU_ASSERT_TRUE(strstr(last->text, "<title>") != NULL && strstr(last->text, "Kettle") == NULL);
  arena_free(&a);
}

static void faults_end_on_all_ranks_with_a_sentence(void) {
  arena a = {0};
  stage s = {0};
  CU_ASSERT_EQUAL(run(mpi_suite_comm, "none", "inputs.copy.paths=/nonexistent/copy.csv", &a, &s), STATUS_MISSING);
  CU_ASSERT_TRUE(strstr(status_text(), "/nonexistent/copy.csv") != NULL);
  char assignment[600];
  snprintf(assignment, sizeof assignment, "inputs.copy.paths=%s/short.csv", mpi_suite_folder());
  if (mpi_suite_comm->rank == 0)
    CU_ASSERT_EQUAL(file_write(strchr(assignment, '/'), "words,tone,language\na,pick,en\n", 29), STATUS_OK);
  CU_ASSERT_EQUAL(run(mpi_suite_comm, "column", assignment, &a, &s), STATUS_DATA);
  CU_ASSERT_TRUE(strstr(status_text(), "column text") != NULL);
  if (mpi_suite_comm->rank == 0)
    CU_ASSERT_EQUAL(file_write(strchr(assignment, '/'), "text,tone,language,domain\nTake <title>.,pick,en,shop\n", 52),
                    STATUS_OK);
  CU_ASSERT_EQUAL(run(mpi_suite_comm, "few", assignment, &a, &s), STATUS_DATA);
  CU_ASSERT_TRUE(strstr(status_text(), "too few") != NULL);
  arena_free(&a);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_same_models_on_any_number_of_ranks),
      TEST(bad_lines_are_counted_by_reason),
      TEST(faults_end_on_all_ranks_with_a_sentence),
  };
  return MPI_SUITE_RUN(argc, argv, "train", tests);
}
