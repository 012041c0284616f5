/* The stage generate on a small night with a poor writer: rules, cap, ladder, accounts and restarts must hold all the
 * same. The page of stages/report is made of the same night. */
#include "stages/generate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/shard.h"
#include "stages/generate_facts.h"
#include "stages/report.h"
#include "support/mpi_suite.h"
#include "support/small_night.h"
#include "text/rules.h"
#include "text/slots.h"

enum { USERS = 150 };

/* A night in a folder of its own, on disk and in the memory of each rank. */
typedef struct scene {
  arena memory, stage_memory;
  char run[512];
  small_night night;
  stage stage;
} scene;

static void open_scene(scene *c, const char *name, int is_mute, const char *const *override) {
  const small_night_options options = {.data = TEST_DATA, .users = USERS, .is_mute = is_mute, .override = override};
  memset(c, 0, sizeof *c);
  snprintf(c->run, sizeof c->run, "%s/%s", mpi_suite_folder(), name);
  status made = STATUS_OK;
  small_night ignored;
  if (mpi_suite_comm->rank == 0) made = small_night_make(&options, c->run, &c->memory, &ignored);
  made = comm_agree(mpi_suite_comm, made);
  CU_ASSERT_EQUAL(made, STATUS_OK);
  if (made != STATUS_OK && mpi_suite_comm->rank == 0) fprintf(stderr, "%s\n", status_text());
  CU_ASSERT_EQUAL(small_night_make(&options, NULL, &c->memory, &c->night), STATUS_OK);
  char *input = NULL;
  CU_ASSERT_EQUAL(arena_print(&c->memory, &input, "inputs.interactions.path=%s/events.csv", c->run), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(c->night.settings, input), STATUS_OK);
}

static status run_stage(scene *c, const char *name, status (*run)(stage *)) {
  arena_free(&c->stage_memory);
  c->stage = (stage){.comm = mpi_suite_comm,
                     .settings = c->night.settings,
                     .run = c->run,
                     .job = "small",
                     .night = "2024-05-01",
                     .name = name,
                     .fingerprint = "f",
                     .seed = 1,
                     .quiet = 1,
                     .arena = &c->stage_memory,
                     .started = clock_now()};
  const status result = run(&c->stage);
  if (result != STATUS_OK && mpi_suite_comm->rank == 0) fprintf(stderr, "%s: %s\n", name, status_text());
  return result;
}

static void close_scene(scene *c) {
  arena_free(&c->memory);
  arena_free(&c->stage_memory);
}

/* Row and partition of a message's user; 0 if there is no such user. */
static int find_user(const small_night *n, user_id id, int *part, user_row *row) {
  for (*part = 0; *part < SMALL_NIGHT_PARTITIONS; ++*part)
    for (*row = 0; *row < n->users[*part].count; ++*row)
      if (user_id_compare(n->users[*part].id[*row], id) == 0) return 1;
  return 0;
}

static void check_message(const small_night *n, const rules *r, const message *m, arena *a) {
  static const slot named[] = {[EVENT_VIEWED] = SLOT_VIEWED, [EVENT_LIKED] = SLOT_LIKED, [EVENT_BOUGHT] = SLOT_BOUGHT};
  int part = 0;
  user_row row = 0;
  rule broken = RULE_KEPT;
  const int known = find_user(n, m->user, &part, &row);
  CU_ASSERT(known);
  if (!known) return;
  const decisions *d = &n->decisions[part];
  const catalogue *c = &n->items;
  const item_row item = d->item[row], because = d->because[row];
  CU_ASSERT_EQUAL(d->outcome[row], OUTCOME_MESSAGE);
  CU_ASSERT_STRING_EQUAL(m->item_name, strings_at(&c->name, item));
  CU_ASSERT_EQUAL(m->tone, d->tone[row]);
  CU_ASSERT_EQUAL(m->language, n->users[part].language[row]);
  const slot_set used = slots_of(m->template_text, NULL);
  CU_ASSERT_EQUAL(used & ~d->slots[row], 0);
  CU_ASSERT_EQUAL(rules_check_template(r, m->template_text, m->language, m->tone, used, &broken), STATUS_OK);
  CU_ASSERT_EQUAL(broken, RULE_KEPT);
  CU_ASSERT_EQUAL(rules_check_text(r, m->text, &broken), STATUS_OK);
  CU_ASSERT_EQUAL(broken, RULE_KEPT);
  if (m->tone == TONE_DROP && m->source != SOURCE_GENERIC)
    CU_ASSERT((used & SLOT_BIT(SLOT_PRICE)) && (used & SLOT_BIT(SLOT_WAS)));
  /* Filled with what the fixture knows to be true, the template is the text. */
  char *price = NULL, *was = NULL, *text = NULL;
  CU_ASSERT_EQUAL(slots_price(c->price[item] > 0 ? c->price[item] : 0, "$%", a, &price), STATUS_OK);
  CU_ASSERT_EQUAL(slots_price(c->old_price[item] > 0 ? c->old_price[item] : 0, "$%", a, &was), STATUS_OK);
  const char *value[SLOT_COUNT] = {[SLOT_TITLE] = strings_at(&c->title[m->language], item),
                                   [SLOT_PRICE] = price,
                                   [SLOT_WAS] = was,
                                   [SLOT_CATEGORY] = strings_at(&c->category_name[m->language], c->category[item]),
                                   [SLOT_KEYWORD] = (const char *[]){"陶器", "茶", "pottery", "tea"}[d->keyword[row]]};
  value[named[d->because_why[row]]] = strings_at(&c->title[m->language], because);
  if (used != 0) {
    CU_ASSERT_EQUAL(slots_fill(m->template_text, value, a, &text), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(text, m->text);
  }
  CU_ASSERT(strstr(m->reason, strings_at(&c->title[m->language], because)) != NULL);
}

static int64_t number(const scene *c, const char *name) { return accounts_get(&c->stage.done.numbers, name); }

/* SMS that a message may fill; 0: no matter. */
static int max_sms;

/* Rank 0 proves the run with the reader's own means, then holds every message against the fixture. */
static void check_run(scene *c, int max_columns) {
  if (mpi_suite_comm->rank != 0) return;
  arena a = {0};
  manifest *m = NULL;
  rules *r = NULL;
  int64_t messages = 0;
  const rules_options options = {.max_columns = max_columns, .max_utf16 = 160, .max_sms = max_sms};
  CU_ASSERT_EQUAL(ARENA(&a, 1, &m), STATUS_OK);
  CU_ASSERT_EQUAL(rules_create(&options, &a, &r), STATUS_OK);
  const status verified = manifest_verify(c->run, m, &a);
  CU_ASSERT_EQUAL(verified, STATUS_OK);
  if (verified != STATUS_OK) fprintf(stderr, "%s\n", status_text());
  CU_ASSERT_EQUAL(m->shard_count, SMALL_NIGHT_PARTITIONS);
  CU_ASSERT_EQUAL(m->stage_count, 6);
  CU_ASSERT_EQUAL(m->input_count, 1);
  for (int i = 0; i < OUTCOME_COUNT; i++)
    CU_ASSERT_EQUAL(accounts_get(&m->users, outcome_name((outcome)i)), c->night.outcome[i]);
  for (int i = 0; i < SMALL_NIGHT_PARTITIONS; i++) {
    char name[64], path[600];
    shard_reader *s = NULL;
    message one;
    int more = 0;
    shard_name(i, SMALL_NIGHT_PARTITIONS, name);
    snprintf(path, sizeof path, "%s/%s", c->run, name);
    CU_ASSERT_EQUAL(shard_reader_open(path, &s), STATUS_OK);
    if (s == NULL) continue;
    for (status got = shard_reader_next(s, &one, &more); got == STATUS_OK && more;
         got = shard_reader_next(s, &one, &more)) {
      check_message(&c->night, r, &one, &a);
      messages++;
    }
    shard_reader_close(s);
  }
  CU_ASSERT_EQUAL(messages, c->night.outcome[OUTCOME_MESSAGE]);
  CU_ASSERT_EQUAL(number(c, "messages"), messages);
  rules_free(r);
  arena_free(&a);
}

/* The digests of all shards, as one text. */
static void read_digests(const scene *c, char out[SMALL_NIGHT_PARTITIONS * DIGEST_TEXT]) {
  out[0] = '\0';
  for (int i = 0; i < SMALL_NIGHT_PARTITIONS && mpi_suite_comm->rank == 0; i++) {
    char name[64], path[600], digest[DIGEST_TEXT] = "";
    shard_name(i, SMALL_NIGHT_PARTITIONS, name);
    snprintf(path, sizeof path, "%s/%s", c->run, name);
    CU_ASSERT_EQUAL(digest_file(path, digest), STATUS_OK);
    strcat(out, digest);
  }
}

static void every_message_keeps_the_rules(void) {
  scene c;
  open_scene(&c, "plain", 0, NULL);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  check_run(&c, 160);
  CU_ASSERT(number(&c, "source.generated") > 0);
  CU_ASSERT(number(&c, "rule.kept") >= number(&c, "source.generated"));
  CU_ASSERT(number(&c, "templates_largest") <= c.night.outcome[OUTCOME_MESSAGE] / 50);
  CU_ASSERT(10 * number(&c, "templates_distinct") >= 6 * number(&c, "messages"));
  close_scene(&c);
}

static void write_log(const scene *c) {
  static const char log[] =
      "{\"time\": \"t\", \"stage\": \"factorise\", \"event\": \"sweep\", \"sweep\": 1, \"recall@20\": 977.25}\n"
      "{\"time\": \"t\", \"stage\": \"factorise\", \"event\": \"start\", \"ranks\": 1}\n"
      "{\"time\": \"t\", \"stage\": \"factorise\", \"event\": \"popularity\", \"recall@20\": 0.125}\n"
      "{\"time\": \"t\", \"stage\": \"factorise\", \"event\": \"sweep\", \"sweep\": 1, \"recall@20\": 0.2}\n"
      "{\"time\": \"t\", \"stage\": \"factorise\", \"event\": \"sweep\", \"sweep\": 2, \"recall@20\": 0.3}\n"
      "{\"time\": \"t\", \"stage\": \"train\", \"event\": \"gate\", \"quality\": -4, \"distinct-2\": 0.5, "
      "\"shipped\": \"mle\"}\n";
  char path[600];
  snprintf(path, sizeof path, "%s/log.jsonl", c->run);
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(file_write(path, log, strlen(log)), STATUS_OK);
}

static int times(const char *text, const char *what) {
  int count = 0;
  for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) count++;
  return count;
}

static void the_page_shows_the_night_and_needs_nothing_else(void) {
  scene c;
  open_scene(&c, "page", 0, NULL);
  write_log(&c);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  CU_ASSERT_EQUAL(run_stage(&c, "report", report_run), STATUS_OK);
  if (mpi_suite_comm->rank == 0) {
    char path[600], *page = NULL;
    int64_t bytes = 0;
    snprintf(path, sizeof path, "%s/report.html", c.run);
    CU_ASSERT_EQUAL(file_read(path, &c.memory, &page, &bytes), STATUS_OK);
    if (page != NULL) {
      CU_ASSERT(bytes < 3 << 20);
      CU_ASSERT_EQUAL(times(page, "<blockquote"), 20);
      CU_ASSERT_EQUAL(times(page, "http"), 0);
      CU_ASSERT_EQUAL(times(page, "<script"), 0);
      CU_ASSERT_EQUAL(times(page, "user-"), 0);
      CU_ASSERT_EQUAL(times(page, "<section"), times(page, "</section>"));
      CU_ASSERT_EQUAL(times(page, "<div"), times(page, "</div>"));
      CU_ASSERT_PTR_NOT_NULL(strstr(page, "popularity, recall@20 0.125"));
      CU_ASSERT_PTR_NULL(strstr(page, ">1000<")); /* no axis reaches what an earlier start logged */
      CU_ASSERT_PTR_NOT_NULL(strstr(page, "the gate kept it back"));
      CU_ASSERT_PTR_NOT_NULL(strstr(page, "excluded.postage"));
      CU_ASSERT_PTR_NOT_NULL(strstr(page, "prefers-color-scheme:dark"));
    }
  }
  close_scene(&c);
}

static void a_page_without_a_night_is_refused(void) {
  scene c;
  open_scene(&c, "nothing_yet", 0, NULL);
  CU_ASSERT_EQUAL(run_stage(&c, "report", report_run), STATUS_MISSING);
  close_scene(&c);
}

static void a_mute_writer_leaves_the_copy(void) {
  scene c;
  open_scene(&c, "mute", 1, NULL);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  check_run(&c, 160);
  CU_ASSERT_EQUAL(number(&c, "source.generated"), 0);
  CU_ASSERT_EQUAL(number(&c, "candidates_unfinished"), number(&c, "candidates"));
  CU_ASSERT(number(&c, "source.template") > number(&c, "source.generic"));
  close_scene(&c);
}

static void every_message_fits_into_one_sms(void) {
  static const char *const one[] = {"generate.sms=1", NULL};
  scene c;
  open_scene(&c, "sms", 0, one);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  max_sms = 1;
  check_run(&c, 160);
  max_sms = 0;
  CU_ASSERT(number(&c, "messages") > 0);
  CU_ASSERT_EQUAL(number(&c, "rule.length"), 0);
  close_scene(&c);
}

static void where_nothing_fits_the_plainest_line_is_sent(void) {
  static const char *const narrow[] = {"generate.columns=40", "generate.duplicate_share=0", NULL};
  scene c;
  open_scene(&c, "narrow", 1, narrow);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  check_run(&c, 40);
  CU_ASSERT(number(&c, "source.generic") > 0);
  CU_ASSERT(number(&c, "templates_distinct") <= number(&c, "source.template") + LANGUAGE_COUNT);
  close_scene(&c);
}

static void limits_that_leave_nothing_are_named(void) {
  static const char *const banned[] = {"generate.banned=picked", NULL};
  scene c;
  open_scene(&c, "nothing", 1, banned);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_SETTINGS);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "generate.banned"));
  close_scene(&c);
}

static void a_stopped_night_ends_with_the_same_bytes(void) {
  char first[SMALL_NIGHT_PARTITIONS * DIGEST_TEXT], second[SMALL_NIGHT_PARTITIONS * DIGEST_TEXT];
  scene c;
  open_scene(&c, "whole", 0, NULL);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  read_digests(&c, first);
  close_scene(&c);
  /* A folder stands where the last shard should go: the stage fails after the writer has been asked. */
  open_scene(&c, "stopped", 0, NULL);
  char name[64], path[700];
  shard_name(SMALL_NIGHT_PARTITIONS - 1, SMALL_NIGHT_PARTITIONS, name);
  snprintf(path, sizeof path, "%s/%s/x", c.run, name);
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(file_make_folder(path), STATUS_OK);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_NOT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  snprintf(path, sizeof path, "%s/MANIFEST.json", c.run);
  CU_ASSERT_FALSE(file_exists(path));
  snprintf(path, sizeof path, "%s/work/generate/proposals-00000-of-00004.nmt", c.run);
  CU_ASSERT_TRUE(file_exists(path));
  /* One checkpoint is damaged, the others serve. */
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(file_write(path, "torn", 4), STATUS_OK);
  snprintf(path, sizeof path, "%s/%s", c.run, name);
  char aside[700];
  snprintf(aside, sizeof aside, "%s/aside", c.run);
  if (mpi_suite_comm->rank == 0) CU_ASSERT_EQUAL(rename(path, aside), 0);
  comm_barrier(mpi_suite_comm);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  read_digests(&c, second);
  CU_ASSERT_STRING_EQUAL(first, second);
  snprintf(path, sizeof path, "%s/work/generate/proposals-00003-of-00004.nmt", c.run);
  CU_ASSERT_FALSE(file_exists(path));
  close_scene(&c);
}

static void titles_with_a_banned_word_are_not_named(void) {
  static const char *const banned[] = {"generate.banned=cup,小杯", NULL};
  scene c;
  open_scene(&c, "banned", 0, banned);
  CU_ASSERT_EQUAL(run_stage(&c, "generate", generate_run), STATUS_OK);
  CU_ASSERT_EQUAL(number(&c, "source.generic"), c.night.outcome[OUTCOME_MESSAGE]);
  CU_ASSERT_EQUAL(number(&c, "reasons"), 0);
  CU_ASSERT_EQUAL(number(&c, "templates_distinct"), LANGUAGE_COUNT);
  close_scene(&c);
}

int main(int argc, char **argv) {
  static const suite_test tests[] = {
      TEST(every_message_keeps_the_rules),
      TEST(the_page_shows_the_night_and_needs_nothing_else),
      TEST(a_page_without_a_night_is_refused),
      TEST(a_mute_writer_leaves_the_copy),
      TEST(every_message_fits_into_one_sms),
      TEST(where_nothing_fits_the_plainest_line_is_sent),
      TEST(limits_that_leave_nothing_are_named),
      TEST(titles_with_a_banned_word_are_not_named),
      TEST(a_stopped_night_ends_with_the_same_bytes),
  };
  return MPI_SUITE_RUN(argc, argv, "generate", tests);
}
