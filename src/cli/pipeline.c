#include "cli/pipeline.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "io/checkpoint_file.h"
#include "io/digest.h"
#include "io/file.h"
#include "io/leftovers.h"
#include "io/manifest.h"
#include "io/work_file.h"
#include "stages/checkpoint.h"
#include "stages/decide.h"
#include "stages/factorise.h"
#include "stages/generate.h"
#include "stages/ingest.h"
#include "stages/profile.h"
#include "stages/report.h"
#include "stages/train.h"

/* The only list of stages in order. Each names the settings that its result depends on; a stage also depends on
 * everything the stages before it depend on. */
static const char *const ingest_keys[] = {"seed",
                                          "partitions.",
                                          "privacy.key_file",
                                          "inputs.interactions",
                                          "inputs.catalogue",
                                          "inputs.users",
                                          "inputs.suppression",
                                          "inputs.rejects_share",
                                          "events.",
                                          "language",
                                          "als.feedback",
                                          NULL};
static const char *const profile_keys[] = {"profile.", NULL};
static const char *const factorise_keys[] = {"als.", NULL};
static const char *const train_keys[] = {"writer.", "gan.", "inputs.copy", "money", NULL};
static const char *const decide_keys[] = {"decide.", NULL};
static const char *const generate_keys[] = {"generate.", "output.", "money", "privacy.", "job", NULL};
static const char *const report_keys[] = {"job", NULL};

static const stage_row rows[] = {
    {"ingest", ingest_run, ingest_keys},          {"profile", profile_run, profile_keys},
    {"factorise", factorise_run, factorise_keys}, {"train", train_run, train_keys},
    {"decide", decide_run, decide_keys},          {"generate", generate_run, generate_keys},
    {"report", report_run, report_keys},
};
enum { ROWS = (int)(sizeof rows / sizeof *rows) };

/* Files outside of the run that a stage reads: their size and time are part of its fingerprint. */
static const char *const ingest_files[] = {"inputs.interactions.path", "inputs.catalogue.path", "inputs.users.path",
                                           "inputs.suppression.path",  "privacy.key_file",      NULL};
static const char *const generate_files[] = {"generate.banned_path", NULL};

const char *pipeline_stage_names(void) { return "ingest profile factorise train decide generate report"; }

int pipeline_find(const char *name) {
  for (int i = 0; i < ROWS; i++)
    if (strcmp(rows[i].name, name) == 0) return i;
  return -1;
}

typedef struct plan {
  char fingerprint[ROWS][DIGEST_TEXT];
  int32_t is_done[ROWS]; /* committed with this fingerprint */
} plan;

static status add_file(arena *a, const char *path, char **text) {
  if (path[0] == '\0') return STATUS_OK;
  int64_t bytes = 0, modified = 0;
  TRY(file_stat(path, &bytes, &modified));
  return arena_print(a, text, "%s\n%s %lld %lld", *text, path, (long long)bytes, (long long)modified);
}

static status describe(const settings *s, const char *night, int row, const char *before, arena *a, char **text) {
  char *keys = NULL;
  const int is_generate = strcmp(rows[row].name, "generate") == 0;
  TRY(settings_print(s, rows[row].settings, a, &keys));
  TRY(arena_print(a, text, "nightmail 1\n%s\n%s\n%s", before, rows[row].name, keys));
  /* Its name, set or of the day, is in every message's key. */
  if (is_generate) TRY(arena_print(a, text, "%s\nnight %s", *text, night));
  const char *const *files = row == 0 ? ingest_files : is_generate ? generate_files : NULL;
  for (; files != NULL && *files != NULL; files++) TRY(add_file(a, settings_text(s, *files), text));
  if (strcmp(rows[row].name, "train") == 0)
    for (int i = 0; i < settings_count(s, "inputs.copy.paths"); i++)
      TRY(add_file(a, settings_list_at(s, "inputs.copy.paths", i), text));
  return STATUS_OK;
}

/* Whether the shards that the manifest names are there in full length. */
static status find_night(const char *run, arena *a, int *found) {
  manifest *m = NULL;
  *found = 0;
  TRY(ARENA(a, 1, &m)); /* its accounts are large for a stack */
  if (manifest_read(run, a, m) != STATUS_OK) return STATUS_OK;
  for (int i = 0; i < m->shard_count; i++) {
    char *path = NULL;
    int64_t bytes = 0, modified = 0;
    TRY(arena_print(a, &path, "%s/%s", run, m->shards[i].name));
    if (file_stat(path, &bytes, &modified) != STATUS_OK || bytes != m->shards[i].bytes) return STATUS_OK;
  }
  *found = 1;
  return STATUS_OK;
}

/* Whether a stage was committed with this fingerprint. One whose commit cannot be read is simply done again. */
static status find_done(const char *run, const char *name, const char *fingerprint, arena *a, int32_t *is_done) {
  stage_done done;
  int found = 0;
  *is_done = 0;
  const status result = stage_done_read(run, name, a, &done, &found);
  if (result != STATUS_OK && result != STATUS_DATA) return result;
  if (result != STATUS_OK || !found || strcmp(done.fingerprint, fingerprint) != 0) return STATUS_OK;
  if (strcmp(name, "generate") == 0) TRY(find_night(run, a, &found));
  *is_done = found;
  return STATUS_OK;
}

/* Local, on rank 0: which stages are done with just these settings and inputs. */
static status make_plan(const settings *s, const pipeline_options *options, const char *night, arena *a, plan *out) {
  const char *before = "";
  for (int i = 0; i < ROWS; i++) {
    char *text = NULL;
    TRY(describe(s, night, i, before, a, &text));
    digest_bytes(text, strlen(text), out->fingerprint[i]);
    before = out->fingerprint[i];
    if (!options->fresh) TRY(find_done(options->run, rows[i].name, out->fingerprint[i], a, &out->is_done[i]));
  }
  return STATUS_OK;
}

/* The stages that must run: [*first, *last]. */
static status choose(const pipeline_options *options, const plan *p, int *first, int *last) {
  *last = options->to != NULL ? pipeline_find(options->to) : ROWS - 1;
  int undone = 0;
  while (undone < ROWS && p->is_done[undone]) undone++;
  *first = options->from != NULL ? pipeline_find(options->from) : undone;
  if (options->from != NULL && *first > *last)
    return status_fail(STATUS_USAGE, "--from %s is a later stage than --to %s", options->from, options->to);
  if (*first > undone)
    return status_fail(STATUS_USAGE,
                       "--from %s: the stage %s before it is not done with these settings and inputs; leave --from out",
                       rows[*first].name, rows[undone].name);
  return STATUS_OK;
}

/* Local, on rank 0. What is about to be made anew must not look finished meanwhile, and pieces that nobody will write
 * over, of another number of partitions, must not be taken for the night's. */
static status forget(const settings *s, const pipeline_options *options, int first, arena *a) {
  const int generate = pipeline_find("generate"), partitions = (int)settings_int(s, "partitions.users");
  char *path = NULL;
  if (first <= generate) {
    TRY(arena_print(a, &path, "%s/MANIFEST.json", options->run));
    TRY(file_remove(path));
    TRY(arena_print(a, &path, "%s/report.html", options->run));
    TRY(file_remove(path));
    TRY(leftovers_remove(options->run, partitions));
  }
  /* A stage that was asked for by name begins anew; one that was merely cut short goes on from its checkpoint. */
  const int anew = options->fresh || options->from != NULL;
  for (int i = 0; i < ROWS; i++)
    if (i < first || anew) TRY(checkpoint_remove_all(options->run, rows[i].name));
  for (int i = first; i < ROWS; i++) {
    TRY(arena_print(a, &path, "%s/work/%s", options->run, rows[i].name));
    TRY(file_make_folder(path));
    TRY(arena_print(a, &path, "%s/work/%s/DONE.json", options->run, rows[i].name));
    TRY(file_remove(path));
    TRY(arena_print(a, &path, "%s/work/%s", options->run, rows[i].name));
    TRY(leftovers_remove(path, anew ? 0 : partitions));
  }
  return STATUS_OK;
}

static status run_stage(const stage_row *row, const stage *common, const char *fingerprint) {
  arena memory = {0};
  stage s = *common;
  s.name = row->name;
  s.fingerprint = fingerprint;
  s.arena = &memory;
  stage_start(&s);
  log_event(s.log, row->name, "start", LOG_INT("ranks", s.comm->size));
  const status result = row->run(&s);
  arena_free(&memory);
  return result;
}

/* Local, on rank 0: the folder, the lock, the plan, and the settings as they are in effect. */
static status prepare(const settings *s, const pipeline_options *options, const char *night, arena *a, plan *p,
                      log_file **log, int *first, int *last) {
  TRY(file_make_folder(options->run));
  TRY(file_lock(options->run));
  TRY(make_plan(s, options, night, a, p));
  TRY(choose(options, p, first, last));
  if (*first > *last) return STATUS_OK;
  TRY(forget(s, options, *first, a));
  char *path = NULL, *text = NULL;
  TRY(arena_print(a, &path, "%s/log.jsonl", options->run));
  TRY(log_open(path, log));
  TRY(settings_print(s, NULL, a, &text));
  TRY(arena_print(a, &path, "%s/settings.txt", options->run));
  TRY(file_write(path, text, strlen(text)));
  return file_lock_share(options->run);
}

/* Between two stages everything is saved. */
static status stop_before(const stage_row *next) {
  char what[64];
  snprintf(what, sizeof what, "all stages before %s are done", next->name);
  return checkpoint_stopped(what);
}

static status run_all(const comm *c, const settings *s, const pipeline_options *options, const char *night, arena *a,
                      log_file **log) {
  plan p = {0};
  int range[2] = {0, 0};
  TRY_ALL(c, c->rank == 0 ? prepare(s, options, night, a, &p, log, &range[0], &range[1]) : STATUS_OK);
  comm_broadcast(c, &p, sizeof p, 0);
  comm_broadcast(c, range, sizeof range, 0);
  if (range[0] > range[1]) {
    if (c->rank == 0 && !options->quiet)
      printf("%s: already finished with these settings and inputs; nothing to do\n", options->run);
    return STATUS_OK;
  }
  /* A rank may outlive rank 0 by a moment; until the last is gone the folder is not free. */
  TRY_ALL(c, c->rank == 0 ? STATUS_OK : file_lock_share(options->run));
  stage common = {.comm = c,
                  .settings = s,
                  .run = options->run,
                  .job = settings_text(s, "job"),
                  .night = night,
                  .seed = (uint64_t)settings_int(s, "seed"),
                  .log = *log,
                  .quiet = options->quiet};
  TRY_ALL(c, digest_key_load(settings_text(s, "privacy.key_file"), common.seed, &common.key));
  for (int i = range[0]; i <= range[1]; i++) {
    if (comm_any(c, stop_asked())) return stop_before(&rows[i]);
    TRY(run_stage(&rows[i], &common, p.fingerprint[i]));
  }
  return STATUS_OK;
}

status pipeline_run(const comm *c, const settings *s, const pipeline_options *options, const char *night) {
  arena memory = {0};
  log_file *log = NULL;
  const status result = run_all(c, s, options, night, &memory, &log);
  if (result != STATUS_OK)
    log_event(log, "run", "failed", LOG_INT("code", result), LOG_TEXT("sentence", status_text()));
  log_close(log);
  arena_free(&memory);
  return result;
}
