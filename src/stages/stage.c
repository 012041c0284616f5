#include "stages/stage.h"

#include "base/clock.h"
#include "io/work_file.h"

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

status stage_measure(const stage *s, stage_done *out) {
  *out = s->done;
  out->stage = s->name;
  out->fingerprint = s->fingerprint;
  out->ranks = s->comm->size;
  out->seconds = clock_now() - s->started;
  if (out->summary == NULL) out->summary = "";
  comm_max_f64(s->comm, &out->seconds, 1);
  const int64_t peak = clock_peak_bytes();
  int64_t *offset = NULL;
  TRY(comm_gather_all(s->comm, &peak, sizeof peak, s->arena, (void **)&out->peaks, &offset));
  out->peak_bytes = out->peak_bytes_sum = 0;
  for (int r = 0; r < out->ranks; r++) {
    out->peak_bytes_sum += out->peaks[r];
    if (out->peaks[r] > out->peak_bytes) out->peak_bytes = out->peaks[r];
  }
  return STATUS_OK;
}

status stage_commit(stage *s) {
  TRY(stage_measure(s, &s->done));
  const stage_done *d = &s->done;
  for (int r = 0; s->log != NULL && r < d->ranks; r++)
    log_event(s->log, s->name, "memory", LOG_INT("rank", r), LOG_INT("peak_bytes", d->peaks[r]));
  log_event(s->log, s->name, "done", LOG_REAL("seconds", d->seconds), LOG_INT("ranks", d->ranks),
            LOG_INT("peak_bytes", d->peak_bytes), LOG_INT("peak_bytes_sum", d->peak_bytes_sum),
            LOG_INT("bytes_sent", comm_bytes_sent(s->comm)));
  TRY_ALL(s->comm, s->comm->rank == 0 ? stage_done_write(s->run, d) : STATUS_OK);
  return STATUS_OK;
}

progress stage_progress(const stage *s, int64_t total) {
  return progress_start(s->name, total, s->quiet || s->comm->rank != 0);
}
