#include "cli/pipeline.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/process.h"
#include "base/progress.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "io/checkpoint_file.h"
#include "io/file.h"
#include "io/leftovers.h"
#include "io/manifest.h"
#include "io/progress_file.h"
#include "io/run_lock.h"
#include "stages/checkpoint.h"

const char *pipeline_stage_names(void) { return "ingest profile factorise train decide generate report"; }

int pipeline_find(const char *name) { return pipeline_rows_find(&pipeline_night, name); }

typedef struct plan {
  char fingerprint[PIPELINE_ROWS][DIGEST_TEXT];
  int32_t is_done[PIPELINE_ROWS]; /* committed with this fingerprint */
  int done;                       /* how many of them */
  const char *version;            /* of the program that did it; on rank 0 */
} plan;

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

static status find_all_done(const settings *s, const pipeline_options *options, const char *night, const char *version,
                            arena *a, plan *out) {
  const char *before = "";
  *out = (plan){.version = version};
  for (int i = 0; i < options->list->count; i++) {
    TRY(pipeline_rows_fingerprint(options->list, s, night, version, i, before, a, out->fingerprint[i]));
    before = out->fingerprint[i];
    if (!options->fresh)
      TRY(find_done(options->run, options->list->row[i].name, out->fingerprint[i], a, &out->is_done[i]));
    out->done += out->is_done[i];
  }
  return STATUS_OK;
}

/* Local, on rank 0: which stages are done with just these settings and inputs. A night that another version has
 * finished stays finished, since its messages may be sent; one that it has begun begins anew. */
static status make_plan(const settings *s, const pipeline_options *options, const char *night, arena *a, plan *out) {
  manifest *m = NULL;
  TRY(find_all_done(s, options, night, process_version(), a, out));
  TRY(ARENA(a, 1, &m));
  if (out->is_done[0] || options->from != NULL || manifest_read(options->run, a, m) != STATUS_OK) return STATUS_OK;
  plan *other = NULL;
  TRY(ARENA(a, 1, &other));
  TRY(find_all_done(s, options, night, m->version, a, other));
  if (other->done == options->list->count) *out = *other;
  return STATUS_OK;
}

/* The stages that must run: [*first, *last]. */
static status choose(const pipeline_options *options, const plan *p, int *first, int *last) {
  const pipeline_list *list = options->list;
  *last = options->to != NULL ? pipeline_rows_find(list, options->to) : list->count - 1;
  int undone = 0;
  while (undone < list->count && p->is_done[undone]) undone++;
  *first = options->from != NULL ? pipeline_rows_find(list, options->from) : undone;
  if (options->from != NULL && *first > *last)
    return status_fail(STATUS_USAGE, "--from %s is a later stage than --to %s", options->from, options->to);
  if (*first > undone)
    return status_fail(STATUS_USAGE,
                       "--from %s: the stage %s before it is not done with these settings and inputs; leave --from out",
                       list->row[*first].name, list->row[undone].name);
  return STATUS_OK;
}

/* Local, on rank 0. What is about to be made anew must not look finished meanwhile, and pieces that nobody will write
 * over, of another number of partitions, must not be taken for the night's. */
static status forget(const settings *s, const pipeline_options *options, int first, arena *a) {
  const pipeline_list *list = options->list;
  const int generate = pipeline_rows_find(list, "generate"), partitions = (int)settings_int(s, "partitions.users");
  char *path = NULL;
  if (first <= generate) {
    TRY(arena_print(a, &path, "%s/MANIFEST.json", options->run));
    TRY(file_remove(path));
    TRY(arena_print(a, &path, "%s/report.html", options->run));
    TRY(file_remove(path));
  }
  /* A stage that was asked for by name begins anew; one that was merely cut short goes on from its checkpoint. */
  const int anew = options->fresh || options->from != NULL;
  for (int i = 0; i < list->count; i++)
    if (i < first || anew) TRY(checkpoint_remove_all(options->run, list->row[i].name));
  for (int i = first; i < list->count; i++) {
    TRY(arena_print(a, &path, "%s/work/%s", options->run, list->row[i].name));
    TRY(file_make_folder(path));
    TRY(arena_print(a, &path, "%s/work/%s/DONE.json", options->run, list->row[i].name));
    TRY(file_remove(path));
    TRY(arena_print(a, &path, "%s/work/%s", options->run, list->row[i].name));
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
  watchdog_at(row->name, -1);
  progress_stage(row->name);
  log_event(s.log, row->name, "start", LOG_INT("ranks", s.comm->size));
  const status result = row->run(&s);
  arena_free(&memory);
  return result;
}

/* Local, on rank 0: the folder, the lock, the plan, and the settings as they are in effect. */
static status prepare(const comm *c, const settings *s, const pipeline_options *options, const char *night, arena *a,
                      plan *p, log_file **log, int *first, int *last) {
  TRY(file_make_folder(options->run));
  TRY(run_lock_take(options->run, &run_lock_usual));
  TRY(make_plan(s, options, night, a, p));
  TRY(choose(options, p, first, last));
  /* A run that was killed may have left something where no stage has anything to do any more. */
  TRY(leftovers_remove(options->run, (int)settings_int(s, "partitions.users")));
  if (*first > *last) return STATUS_OK;
  TRY(forget(s, options, *first, a));
  char *path = NULL, *text = NULL;
  TRY(arena_print(a, &path, "%s/log.jsonl", options->run));
  TRY(log_open(path, log));
  TRY(settings_print(s, NULL, a, &text));
  TRY(arena_print(a, &path, "%s/settings.txt", options->run));
  TRY(file_write(path, text, strlen(text)));
  TRY(arena_print(a, &path, "%s/" PROGRESS_FILE, options->run));
  progress_publish(path, c->size);
  return run_lock_share(options->run);
}

static void say_finished(const char *run, const char *version) {
  const int is_ours = strcmp(version, process_version()) == 0;
  printf("%s: already finished with these settings and inputs%s%s; nothing to do%s\n", run,
         is_ours ? "" : " by version ", is_ours ? "" : version, is_ours ? "" : " (--fresh makes it anew)");
}

static void log_start(const comm *c, log_file *log, const stage_row *first, const stage_row *last) {
  char host[PROCESS_TEXT], job[PROCESS_TEXT];
  process_host(host);
  process_job(job);
  log_event(log, "run", "start", LOG_TEXT("first", first->name), LOG_TEXT("last", last->name),
            LOG_INT("ranks", c->size), LOG_TEXT("host", host), LOG_TEXT("slurm_job_id", job),
            LOG_TEXT("cpu", comm_processor()), LOG_TEXT("version", process_version()));
}

/* Collective. The promise of equal bytes is for nodes of one kind; a mixed job may still be what somebody wants. */
static void note_mixed_cpus(const comm *c, log_file *log) {
  const char *mine = comm_processor();
  int64_t least = (int64_t)(hash_bytes(mine, strlen(mine), 0) >> 1), most = least;
  comm_min_i64(c, &least, 1);
  comm_max_i64(c, &most, 1);
  if (least == most || c->rank != 0) return;
  log_event(log, "machine", "mixed_cpus", LOG_TEXT("first", mine));
  fprintf(stderr,
          "nightmail: note: the nodes have CPUs of several kinds (%s is one): on other nodes, or another number of "
          "ranks, this night may have other bytes; sbatch --constraint chooses nodes of one kind\n",
          mine);
}

/* Local. What others see once the run has ended: how, and what it leaves. A progress that stopped half way is kept. */
static status end(const char *run, log_file *log, status result, arena *a) {
  char *path = NULL;
  progress_publish(NULL, 0);
  if (result == STATUS_OK)
    log_event(log, "run", "end", LOG_INT("code", 0), LOG_INT("unix", clock_unix()));
  else
    log_event(log, "run", result == STATUS_AGAIN ? "again" : "failed", LOG_INT("code", result),
              LOG_TEXT("sentence", status_text()), LOG_INT("unix", clock_unix()));
  log_close(log);
  status removed = STATUS_OK;
  if (log != NULL && result == STATUS_OK) {
    removed = arena_print(a, &path, "%s/" PROGRESS_FILE, run);
    if (removed == STATUS_OK) removed = file_remove(path);
  }
  run_lock_leave();
  return result != STATUS_OK ? result : removed;
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
  /* Whoever has the folder may have to be waited for, longer than a rank may be silent. */
  watchdog_pause();
  const status prepared =
      comm_agree(c, c->rank == 0 ? prepare(c, s, options, night, a, &p, log, &range[0], &range[1]) : STATUS_OK);
  watchdog_resume();
  TRY(prepared);
  comm_broadcast(c, &p, sizeof p, 0);
  comm_broadcast(c, range, sizeof range, 0);
  if (range[0] > range[1]) {
    if (c->rank == 0 && !options->quiet && options->list->purpose == STAGE_NIGHT) say_finished(options->run, p.version);
    return STATUS_OK;
  }
  const stage_row *rows = options->list->row;
  log_start(c, *log, &rows[range[0]], &rows[range[1]]);
  note_mixed_cpus(c, *log);
  /* A rank may outlive rank 0 by a moment; until the last is gone the folder is not free. */
  TRY_ALL(c, c->rank == 0 ? STATUS_OK : run_lock_share(options->run));
  stage common = {.comm = c,
                  .settings = s,
                  .run = options->run,
                  .job = settings_text(s, "job"),
                  .night = night,
                  .purpose = options->list->purpose,
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
  const status ran = run_all(c, s, options, night, &memory, &log);
  const status result = end(options->run, log, ran, &memory);
  arena_free(&memory);
  return result;
}
