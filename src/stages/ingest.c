#include "stages/ingest.h"

#include <string.h>

#include "base/clock.h"
#include "io/file.h"
#include "io/work_file.h"
#include "stages/ingest_catalogue.h"
#include "stages/ingest_categories.h"
#include "stages/ingest_cut.h"
#include "stages/ingest_exchange.h"
#include "stages/ingest_fold.h"
#include "stages/ingest_people.h"
#include "stages/ingest_plan.h"
#include "stages/ingest_rows.h"
#include "stages/ingest_users.h"

enum { STEPS = 6 };

typedef struct work {
  stage *stage;
  ingest_plan plan;
  ingest_protocol protocol;
  partition owners;
  ingest_rejects items; /* of inputs.catalogue; or, for a derived one, its items without title */
  ingest_rows rows;
  ingest_people people;
  catalogue catalogue;
  ingest_owned owned;
  ingest_cut cut;
  ingest_totals totals;
  char *rejects_path;
  progress progress;
  double cpu; /* seconds when the phase at work began */
} work;

/* How the stage divides, on rank 0. */
static void end_phase(work *w, const char *phase) {
  const double now = clock_cpu();
  log_event(w->stage->log, w->stage->name, "phase", LOG_TEXT("phase", phase), LOG_REAL("cpu_seconds", now - w->cpu));
  w->cpu = now;
}

/* Files that are not there are found before anything long begins. */
static status find_files(const stage *s, ingest_protocol protocol) {
  static const char *const keys[] = {"inputs.test.path", "inputs.interactions.path", "inputs.catalogue.path",
                                     "inputs.users.path", "inputs.suppression.path"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *path = settings_text(s->settings, keys[i]);
    int64_t bytes = 0, modified = 0;
    if (i == 0 && protocol != INGEST_HOLDS_FILE) continue;
    if (path[0] != '\0') TRY(file_stat(path, &bytes, &modified));
  }
  return STATUS_OK;
}

static status prepare(work *w) {
  const stage *s = w->stage;
  const int partitions = (int)settings_int(s->settings, "partitions.users");
  w->items.path = w->people.rejects.path = w->rows.test.path = ""; /* until they are opened */
  TRY(ingest_plan_read(s, &w->plan));
  TRY(ingest_fold_protocol(s, &w->protocol));
  TRY(find_files(s, w->protocol));
  TRY(arena_print(s->arena, &w->rejects_path, "%s/work/ingest/rejects.csv", s->run));
  TRY(ARENA(s->arena, partitions, &w->totals.work));
  return partition_cut(s->arena, partitions, s->comm->size, NULL, &w->owners);
}

/* Catalogue file, events, users, suppression list, and where there is no catalogue file, the catalogue. */
static status read_all(work *w) {
  const stage *s = w->stage;
  const int is_given = settings_text(s->settings, "inputs.catalogue.path")[0] != '\0';
  if (is_given) TRY_ALL(s->comm, ingest_catalogue_read(s, &w->items, &w->catalogue));
  progress_at(&w->progress, 1, "items");
  TRY_ALL(s->comm, ingest_rows_read(s, &w->plan, is_given ? &w->catalogue : NULL, &w->rows));
  if (w->protocol == INGEST_HOLDS_FILE)
    TRY_ALL(s->comm, ingest_rows_read_test(s, &w->plan, is_given ? &w->catalogue : NULL, &w->rows));
  progress_at(&w->progress, 2, "events");
  TRY_ALL(s->comm, ingest_people_read(s, &w->people));
  if (is_given) return STATUS_OK;
  TRY(ingest_catalogue_derive(s, &w->rows, &w->items.count[INGEST_NO_TITLE], &w->catalogue));
  w->items.read = w->catalogue.count + w->items.count[INGEST_NO_TITLE];
  if (s->comm->rank != 0) w->items.read = w->items.count[INGEST_NO_TITLE] = 0;
  TRY_ALL(s->comm, ingest_rows_resolve(&w->rows, &w->catalogue));
  return STATUS_OK;
}

/* Is enough of each file usable? A file that is refused leaves the list of its rejects behind. */
static status judge(work *w) {
  const stage *s = w->stage;
  ingest_rejects *files[] = {&w->items, &w->rows.rejects, &w->rows.test, &w->people.rejects};
  ingest_rejects sums[4];
  status result = STATUS_OK;
  int64_t accepted = ingest_rows_count(&w->rows);
  comm_sum_i64(s->comm, &accepted, 1);
  for (int i = 0; i < 4; i++) {
    sums[i] = *files[i];
    ingest_rejects_sum(s->comm, &sums[i]);
    if (result == STATUS_OK && sums[i].path[0] != '\0') result = ingest_rejects_judge(s, w->rejects_path, &sums[i]);
  }
  if (result == STATUS_OK && accepted == 0)
    result = status_fail(
        STATUS_DATA, "%s: none of its %lld rows is left to work with; look at inputs.interactions.exclude, and at %s",
        sums[1].path, (long long)sums[1].read, w->rejects_path);
  if (result == STATUS_OK) return STATUS_OK;
  char *sentence = NULL;
  TRY_ALL(s->comm, arena_print(s->arena, &sentence, "%s", status_text()));
  TRY(ingest_rejects_write(s, w->rejects_path, files, 4));
  status_set_text(sentence);
  return result;
}

static status write_all(work *w) {
  const stage *s = w->stage;
  catalogue *c = &w->catalogue;
  ingest_rejects *files[] = {&w->items, &w->rows.rejects, &w->rows.test, &w->people.rejects};
  TRY(ingest_rejects_write(s, w->rejects_path, files, 4));
  TRY_ALL(s->comm, ARENA(s->arena, c->count, &w->totals.item_users));
  TRY_ALL(s->comm, ingest_users_write(s, &w->plan, &w->owners, &w->cut, c, &w->owned, &w->totals));
  comm_sum_i64(s->comm, w->totals.item_users, c->count);
  memcpy(c->users, w->totals.item_users, (size_t)c->count * sizeof *c->users);
  char *path = NULL;
  TRY_ALL(s->comm, stage_path(s, "ingest", "items", 0, 0, &path));
  TRY_ALL(s->comm, s->comm->rank == 0 ? work_file_save_catalogue(path, c) : STATUS_OK);
  return STATUS_OK;
}

static status add_rejects(stage *s, const char *prefix, const ingest_rejects *r) {
  for (int i = 0; i < INGEST_REASONS; i++) {
    char *name = NULL;
    if (r->count[i] == 0) continue;
    TRY(arena_print(s->arena, &name, "%s.%s", prefix, ingest_reason_name(i)));
    accounts_add(&s->done.numbers, name, r->count[i]);
  }
  return STATUS_OK;
}

static status add_test(work *w) {
  accounts *n = &w->stage->done.numbers;
  accounts_add(n, "test_rows", w->rows.test.read);
  accounts_add(n, "test_events", w->totals.held + w->totals.tested);
  accounts_add(n, "test_targets", w->totals.test_pairs);
  accounts_add(n, "test_newcomers", w->totals.test_newcomers);
  int64_t unknown = 0;
  for (item_row i = 0; i < w->catalogue.count; i++) unknown += w->catalogue.users[i] == 0;
  accounts_add(n, "items_without_users", unknown);
  return add_rejects(w->stage, "test_rejected", &w->rows.test);
}

/* What must balance comes first. */
static status add_numbers(work *w) {
  stage *s = w->stage;
  accounts *n = &s->done.numbers;
  const ingest_rejects *rows = &w->rows.rejects;
  accounts_add(n, "rows_read", rows->read);
  accounts_add(n, "rows_accepted", w->totals.events + w->totals.held);
  TRY(add_rejects(s, "rejected", rows));
  for (int i = 0; i < w->plan.exclusion_count; i++) accounts_add(n, w->plan.exclusion[i].reason, w->rows.excluded[i]);
  accounts_add(n, "duplicates_merged", rows->count[INGEST_DUPLICATE]);
  accounts_add(n, "users", w->totals.users);
  accounts_add(n, "items", w->catalogue.count);
  accounts_add(n, "events", w->totals.events);
  accounts_add(n, "interactions", w->totals.pairs);
  accounts_add(n, "now", w->cut.now);
  accounts_add(n, "cut", w->cut.time);
  accounts_add(n, "suppressed", w->totals.suppressed);
  accounts_add(n, "suppression_unknown", w->owned.suppressed_count - w->totals.suppressed);
  accounts_add(n, "categories", w->catalogue.categories);
  accounts_add(n, "catalogue_rows", w->items.read);
  TRY(add_rejects(s, "items_rejected", &w->items));
  if (w->protocol != INGEST_HOLDS_NONE) TRY(add_test(w));
  if (w->people.rejects.path[0] == '\0') return STATUS_OK;
  accounts_add(n, "user_rows", w->people.rejects.read);
  return add_rejects(s, "users_rejected", &w->people.rejects);
}

static status report(work *w) {
  stage *s = w->stage;
  ingest_totals *t = &w->totals;
  int64_t *const counts[] = {&t->users, &t->events, &t->pairs,      &t->suppressed,    &w->owned.suppressed_count,
                             &t->held,  &t->tested, &t->test_pairs, &t->test_newcomers};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) comm_sum_i64(s->comm, counts[i], 1);
  comm_sum_i64(s->comm, t->work, w->owners.count);
  comm_sum_i64(s->comm, w->rows.excluded, INGEST_EXCLUSIONS_MOST);
  ingest_rejects_sum(s->comm, &w->items);
  ingest_rejects_sum(s->comm, &w->rows.rejects);
  ingest_rejects_sum(s->comm, &w->rows.test);
  ingest_rejects_sum(s->comm, &w->people.rejects);
  TRY_ALL(s->comm, add_numbers(w));
  s->done.work = t->work;
  s->done.work_count = w->owners.count;
  char *summary = NULL;
  TRY_ALL(s->comm,
          arena_print(s->arena, &summary, "\"rows\": %lld, \"users\": %lld, \"items\": %d, \"events\": %lld",
                      (long long)w->rows.rejects.read, (long long)t->users, w->catalogue.count, (long long)t->events));
  s->done.summary = summary;
  for (int i = 0; i < s->done.numbers.count; i++)
    log_event(s->log, s->name, "count", LOG_TEXT("of", s->done.numbers.entry[i].name),
              LOG_INT("count", s->done.numbers.entry[i].count));
  return stage_commit(s);
}

static status run(work *w) {
  stage *s = w->stage;
  w->progress = stage_progress(s, STEPS);
  w->cpu = clock_cpu();
  TRY_ALL(s->comm, prepare(w));
  TRY(read_all(w));
  end_phase(w, "reading");
  TRY(judge(w));
  progress_at(&w->progress, 3, "categories");
  TRY(ingest_categories_find(s, &w->catalogue));
  progress_at(&w->progress, 4, "users");
  end_phase(w, "categories");
  TRY(ingest_exchange(s, &w->owners, &w->rows, &w->people, s->arena, &w->owned));
  end_phase(w, "exchange");
  TRY(ingest_fold_hold(s, w->protocol, &w->plan, &w->catalogue, &w->owned));
  ingest_cut_find(s, w->plan.has_time, settings_real(s->settings, "events.validation_share"), &w->owned.events,
                  &w->cut);
  end_phase(w, "folds");
  progress_at(&w->progress, 5, "files");
  TRY(write_all(w));
  end_phase(w, "files");
  progress_end(&w->progress, "");
  return report(w);
}

status ingest_run(stage *s) {
  work *w = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &w));
  w->stage = s;
  const status result = run(w);
  ingest_rejects_free(&w->items);
  ingest_rows_free(&w->rows);
  ingest_people_free(&w->people);
  ingest_exchange_free(&w->owned);
  arena_trim();
  return result;
}
