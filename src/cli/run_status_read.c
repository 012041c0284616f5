#include "cli/run_status_read.h"

#include <string.h>

#include "io/file.h"
#include "io/folder.h"
#include "io/log_reader.h"
#include "io/manifest.h"

const char *run_status_word(run_state state) {
  static const char *const words[RUN_STATES] = {"running", "silent", "waiting", "stopped", "finished"};
  return words[state];
}

static status read_stages(run_status *s, arena *a) {
  s->at = s->list->count;
  for (int i = s->list->count - 1; i >= 0; i--) {
    run_stage *row = &s->stage[i];
    row->name = s->list->row[i].name;
    /* A commit that is damaged does not count, for the pipeline neither. */
    if (stage_done_read(s->run, row->name, a, &row->done, &row->is_done) != STATUS_OK) row->is_done = 0;
    if (row->is_done) continue;
    s->at = i;
    TRY(checkpoint_list(s->run, row->name, a, &row->checkpoint, &row->checkpoints));
  }
  int found = 0;
  TRY(progress_file_read(s->run, a, &s->progress, &found));
  s->has_progress = found && s->at < s->list->count && strcmp(s->progress.stage, s->stage[s->at].name) == 0;
  return STATUS_OK;
}

/* The command whose last stage this is; a night where nothing tells. */
static const pipeline_list *list_of(const char *last_stage) {
  const pipeline_list *const others[] = {&pipeline_evaluate, &pipeline_tune, &pipeline_evaluate_text};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(others[i]->row[others[i]->count - 1].name, last_stage) == 0) return others[i];
  return &pipeline_night;
}

/* What the log says of starts and ends. *last is how the last start has ended so far: "start", "again", … or "". */
static status read_log(run_status *s, arena *a, const char **last) {
  char *path = NULL;
  log_entries log;
  *last = "";
  TRY(arena_print(a, &path, "%s/log.jsonl", s->run));
  TRY(log_reader_read(path, a, &log));
  for (int64_t i = 0; i < log.count; i++) {
    const log_entry *e = &log.entry[i];
    if (strcmp(e->stage, "run") != 0) continue;
    const int64_t when = (int64_t)log_reader_number(e, "unix", 0);
    *last = e->event;
    if (strcmp(e->event, "start") == 0) {
      s->starts++;
      s->list = list_of(log_reader_text(e, "last"));
      s->started = when;
      s->ended = 0;
      s->failure = ""; /* that was an earlier start's */
      s->failure_code = 0;
      s->host = log_reader_text(e, "host");
      s->job = log_reader_text(e, "slurm_job_id");
      s->ranks = (int)log_reader_number(e, "ranks", 0);
    } else {
      s->ended = when;
      s->failure = log_reader_text(e, "sentence");
      s->failure_code = (int)log_reader_number(e, "code", 0);
    }
  }
  return STATUS_OK;
}

static int is_alive(const run_lock_state *lock) {
  if (lock->is_held) return 1;
  if (!lock->has_owner || run_lock_owner_is_dead(&lock->owner)) return 0;
  if (lock->is_blind) return lock->silent < run_lock_usual.stale;
  /* A free lock tells the truth about this host; of another host it may not be seen, but its heart is. */
  return !run_lock_owner_is_here(&lock->owner) && lock->silent < 3 * run_lock_usual.beat;
}

/* The manifest of a night that is over. */
static status read_night(run_status *s, arena *a, int *is_whole) {
  manifest *m = NULL;
  TRY(ARENA(a, 1, &m)); /* its accounts are large for a stack */
  *is_whole = manifest_read(s->run, a, m) == STATUS_OK;
  for (int i = 0; *is_whole && i < m->shard_count; i++) s->messages += m->shards[i].records;
  return STATUS_OK;
}

static status decide_state(run_status *s, const run_lock_state *lock, const char *last, arena *a) {
  int is_whole = 0;
  if (is_alive(lock)) {
    s->state = lock->has_owner && lock->silent > run_lock_usual.stale ? RUN_SILENT : RUN_RUNNING;
    s->silent = lock->silent;
    s->failure = "";
    s->ended = 0;
    if (!lock->has_owner) return STATUS_OK;
    s->host = lock->owner.host;
    s->job = lock->owner.job;
    s->started = lock->owner.since;
    return STATUS_OK;
  }
  if (s->at == s->list->count && s->list == &pipeline_night)
    TRY(read_night(s, a, &is_whole));
  else
    is_whole = s->at == s->list->count;
  if (is_whole)
    s->state = RUN_FINISHED;
  else if (last[0] == '\0' || strcmp(last, "again") == 0 || strcmp(last, "end") == 0)
    s->state = RUN_WAITING;
  else
    s->state = RUN_STOPPED;
  return STATUS_OK;
}

status run_status_read(const char *run, arena *a, run_status *out) {
  *out = (run_status){.run = run, .list = &pipeline_night, .host = "", .job = "", .failure = ""};
  if (!file_exists(run))
    return status_fail(STATUS_MISSING, "%s: there is no such run folder; nightmail where JOB names the one of a job",
                       run);
  run_lock_state *lock = NULL; /* whose texts are kept */
  const char *last = "";
  TRY(ARENA(a, 1, &lock));
  TRY(run_lock_look(run, lock));
  TRY(read_log(out, a, &last));
  TRY(read_stages(out, a));
  return decide_state(out, lock, last, a);
}

const checkpoint_head *run_status_checkpoint(const run_status *s) {
  if (s->at == s->list->count) return NULL;
  const run_stage *row = &s->stage[s->at];
  for (int i = row->checkpoints - 1; i >= 0; i--)
    if (row->checkpoint[i].is_sound) return &row->checkpoint[i];
  return NULL;
}

/* The newest generation of each phase. */
static status add_checkpoints(const run_stage *row, arena *a, char **out) {
  for (int i = 0; i < row->checkpoints; i++) {
    const checkpoint_head *h = &row->checkpoint[i];
    int is_newest = h->is_sound;
    for (int k = 0; k < row->checkpoints; k++) {
      const checkpoint_head *other = &row->checkpoint[k];
      if (other->is_sound && strcmp(other->phase, h->phase) == 0 && other->generation > h->generation) is_newest = 0;
    }
    if (is_newest)
      TRY(arena_print(a, out, "%s %s/%s:%lld:%lld", *out, row->name, h->phase, (long long)h->generation,
                      (long long)h->step));
  }
  return STATUS_OK;
}

static status add_pieces(const char *folder, const char *prefix, arena *a, char **out) {
  int64_t count = 0;
  uint64_t hash = 0;
  TRY(folder_count(folder, prefix, &count, &hash));
  if (count == 0) return STATUS_OK;
  return arena_print(a, out, "%s %s%lld:%08llx", *out, prefix, (long long)count, (unsigned long long)(hash >> 32));
}

status run_status_mark(const run_status *s, arena *a, char **out) {
  char *folder = NULL;
  TRY(arena_print(a, out, "done:%d", s->at));
  if (s->at < s->list->count) TRY(add_checkpoints(&s->stage[s->at], a, out));
  if (s->at == s->list->count || strcmp(s->stage[s->at].name, "generate") != 0) return STATUS_OK;
  TRY(arena_print(a, &folder, "%s/work/generate", s->run));
  TRY(add_pieces(folder, "proposals-", a, out));
  return add_pieces(s->run, "messages-", a, out);
}
