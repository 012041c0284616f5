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

status stage_commit(stage *s) {
  int64_t peak = clock_peak_bytes(), sum = peak;
  double seconds = clock_now() - s->started;
  comm_max_f64(s->comm, &seconds, 1);
  comm_sum_i64(s->comm, &sum, 1);
  comm_max_i64(s->comm, &peak, 1);
  s->done.stage = s->name;
  s->done.fingerprint = s->fingerprint;
  s->done.seconds = seconds;
  s->done.ranks = s->comm->size;
  s->done.peak_bytes = peak;
  s->done.peak_bytes_sum = sum;
  if (s->done.summary == NULL) s->done.summary = "";
  log_event(s->log, s->name, "done", LOG_REAL("seconds", seconds), LOG_INT("ranks", s->comm->size),
            LOG_INT("peak_bytes", peak), LOG_INT("peak_bytes_sum", sum),
            LOG_INT("bytes_sent", comm_bytes_sent(s->comm)));
  TRY_ALL(s->comm, s->comm->rank == 0 ? stage_done_write(s->run, &s->done) : STATUS_OK);
  return STATUS_OK;
}

progress stage_progress(const stage *s, int64_t total) {
  return progress_start(s->name, total, s->quiet || s->comm->rank != 0);
}
