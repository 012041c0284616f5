#include "stages/stage.h"

#include <math.h>

#include "base/clock.h"
#include "io/work_file.h"
#include "stages/checkpoint.h"

status stage_path(const stage *s, const char *of_stage, const char *name, int index, int count, char **out) {
  return work_file_path(s->arena, s->run, of_stage, name, index, count, out);
}

status stage_before(const stage *s, const char *of_stage, stage_done *out) {
  int found = 0;
  TRY(stage_done_read(s->run, of_stage, s->arena, out, &found));
  if (!found)
    return status_fail(STATUS_MISSING, "%s: the stage %s is not done; start the run without --from, or from it", s->run,
                       of_stage);
  return STATUS_OK;
}

status stage_users(const stage *s, partition *out) {
  const int count = (int)settings_int(s->settings, "partitions.users");
  stage_done ingest;
  TRY(stage_before(s, "ingest", &ingest));
  if (ingest.work_count != count)
    return status_fail(STATUS_DATA, "%s: ingest left %d user partitions, the job asks for %d; run with --from ingest",
                       s->run, ingest.work_count, count);
  double *work = NULL;
  TRY(ARENA(s->arena, count, &work));
  for (int i = 0; i < count; i++) work[i] = (double)ingest.work[i];
  return partition_cut(s->arena, count, s->comm->size, work, out);
}

/* What this rank has used since the program began; seconds by the clock. */
static stage_use use_now(const comm *c) {
  return (stage_use){
      .seconds = clock_now(),
      .waited = comm_seconds_waited(c),
      .moved = comm_seconds_moved(c),
      .cpu = clock_cpu() - comm_seconds_cpu(c),
      .sent = comm_bytes_sent(c),
      .calls = comm_calls(c),
  };
}

void stage_start(stage *s) {
  clock_peak_reset();
  s->before = use_now(s->comm);
  s->started = s->before.seconds;
}

static stage_use use_since(const stage *s) {
  const stage_use now = use_now(s->comm), *before = &s->before;
  return (stage_use){
      .seconds = now.seconds - s->started,
      .waited = now.waited - before->waited,
      .moved = now.moved - before->moved,
      .cpu = now.cpu - before->cpu,
      .sent = now.sent - before->sent,
      .calls = now.calls - before->calls,
  };
}

status stage_measure(const stage *s, stage_done *out) {
  *out = s->done;
  out->stage = s->name;
  out->fingerprint = s->fingerprint;
  out->ranks = s->comm->size;
  if (out->summary == NULL) out->summary = "";
  const stage_use mine = use_since(s);
  const int64_t peak = clock_peak_bytes();
  int64_t *offset = NULL;
  TRY(comm_gather_all(s->comm, &mine, sizeof mine, s->arena, (void **)&out->use, &offset));
  TRY(comm_gather_all(s->comm, &peak, sizeof peak, s->arena, (void **)&out->peaks, &offset));
  out->seconds = 0;
  out->peak_bytes = out->peak_bytes_sum = 0;
  for (int r = 0; r < out->ranks; r++) {
    out->peak_bytes_sum += out->peaks[r];
    if (out->peaks[r] > out->peak_bytes) out->peak_bytes = out->peaks[r];
    if (out->use[r].seconds > out->seconds) out->seconds = out->use[r].seconds;
  }
  return STATUS_OK;
}

/* Local, on rank 0: a line for each rank, and one for the stage. */
static void log_use(const stage *s) {
  const stage_done *d = &s->done;
  stage_use sum = {0};
  double busy = 0, least = INFINITY, most = 0;
  for (int r = 0; r < d->ranks; r++) {
    const stage_use *u = &d->use[r];
    const double mine = stage_done_busy(u);
    log_event(s->log, s->name, "rank", LOG_INT("rank", r), LOG_REAL("seconds", u->seconds), LOG_REAL("busy", mine),
              LOG_REAL("waited", u->waited), LOG_REAL("moved", u->moved), LOG_REAL("cpu", u->cpu),
              LOG_INT("bytes_sent", u->sent), LOG_INT("calls", u->calls), LOG_INT("peak_bytes", d->peaks[r]));
    busy += mine;
    least = fmin(least, mine);
    most = fmax(most, mine);
    sum = (stage_use){0, sum.waited + u->waited, sum.moved + u->moved, sum.cpu + u->cpu, sum.sent + u->sent, 0};
  }
  log_event(s->log, s->name, "done", LOG_REAL("seconds", d->seconds), LOG_INT("ranks", d->ranks),
            LOG_REAL("busy_most", most), LOG_REAL("busy_mean", busy / d->ranks), LOG_REAL("busy_least", least),
            LOG_REAL("imbalance", stage_done_imbalance(d)), LOG_REAL("waited_mean", sum.waited / d->ranks),
            LOG_REAL("moved_mean", sum.moved / d->ranks), LOG_REAL("cpu", sum.cpu), LOG_INT("bytes_sent", sum.sent),
            LOG_INT("peak_bytes", d->peak_bytes), LOG_INT("peak_bytes_sum", d->peak_bytes_sum));
}

status stage_commit(stage *s) {
  TRY(stage_measure(s, &s->done));
  if (s->log != NULL) log_use(s);
  TRY_ALL(s->comm, s->comm->rank == 0 ? stage_done_write(s->run, &s->done) : STATUS_OK);
  return checkpoint_clear(s);
}

progress stage_progress(const stage *s, int64_t total) {
  return progress_start(s->name, total, s->quiet || s->comm->rank != 0);
}
