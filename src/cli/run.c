#include "cli/run.h"

#include <stdio.h>

#include "base/settings.h"
#include "base/stop.h"
#include "base/watchdog.h"

static const char help[] =
    "usage: mpirun -n RANKS nightmail run JOB [options]\n"
    "  --partition FILE   how the job is laid over ranks (partitions/laptop.yaml)\n"
    "  --run-dir DIR      where the run is kept (default RUNS/JOB/NIGHT)\n"
    "  --from STAGE       run this stage and those after it again\n"
    "  --to STAGE         stop after this stage\n"
    "  --set KEY=VALUE    override a setting; may be repeated (see: nightmail help settings)\n"
    "  --fresh            run every stage again\n"
    "  --quiet            no progress\n"
    "stages: ingest profile factorise train decide generate report\n"
    "The same command continues a run that was stopped. SIGUSR1 or SIGTERM: saves, and ends with 75.\n"
    "Meanwhile, from any shell: nightmail status RUN\n";

void run_help(void) { fputs(help, stdout); }

status run_read(int argc, char **argv, run_arguments *out) {
  *out = (run_arguments){.pipeline = {.list = &pipeline_night}};
  pipeline_options *p = &out->pipeline;
  const arguments_option own[] = {{.name = "--from", .value = &p->from},
                                  {.name = "--to", .value = &p->to},
                                  {.name = "--fresh", .given = &p->fresh},
                                  {.name = "--quiet", .given = &p->quiet}};
  TRY(job_read(argc, argv, own, (int)(sizeof own / sizeof *own), &out->job));
  if (out->job.help) return STATUS_OK;
  const char *const stages[] = {p->from, p->to};
  for (int i = 0; i < 2; i++)
    if (stages[i] != NULL && pipeline_find(stages[i]) < 0)
      return status_fail(STATUS_USAGE, "there is no stage %s; stages are: %s", stages[i], pipeline_stage_names());
  if (p->fresh && p->from != NULL)
    return status_fail(STATUS_USAGE, "--fresh runs every stage, --from only the later ones; give one of the two");
  return STATUS_OK;
}

status run_list(const comm *c, run_arguments *a, const char *folder, arena *memory) {
  settings *s = NULL;
  TRY_ALL(c, job_load(&a->job, memory, &s));
  a->pipeline.list = pipeline_rows_of(a->pipeline.list, s);
  /* Rank 0 names the night, so that midnight cannot fall between two ranks. */
  char night[JOB_NIGHT] = "";
  if (c->rank == 0) job_night(s, night);
  comm_broadcast(c, night, sizeof night, 0);
  TRY_ALL(c, job_folder(&a->job, s, folder != NULL ? folder : night, memory, &a->pipeline.run));
  stop_listen();
  watchdog_start(c->rank, settings_real(s, "layout.watchdog_seconds"));
  const status result = pipeline_run(c, s, &a->pipeline, night);
  watchdog_stop();
  return result;
}

status run_command(const comm *c, int argc, char **argv) {
  run_arguments a;
  TRY_ALL(c, run_read(argc, argv, &a));
  if (a.job.help) {
    if (c->rank == 0) run_help();
    return STATUS_OK;
  }
  arena memory = {0};
  const status result = run_list(c, &a, NULL, &memory);
  arena_free(&memory);
  return result;
}
