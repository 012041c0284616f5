#include "cli/run.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "cli/pipeline.h"
#include "io/settings_file.h"

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
    "The same command continues a run that was stopped.\n";

typedef struct arguments {
  const char *job, *partition;
  pipeline_options pipeline;
  int help;
  int set_count;
  const char *set[256];
} arguments;

/* Options that take a value, and where it goes. Returns NULL for others. */
static const char **value_of(arguments *a, const char *name) {
  if (strcmp(name, "--partition") == 0) return &a->partition;
  if (strcmp(name, "--run-dir") == 0) return &a->pipeline.run;
  if (strcmp(name, "--from") == 0) return &a->pipeline.from;
  if (strcmp(name, "--to") == 0) return &a->pipeline.to;
  if (strcmp(name, "--set") == 0 && a->set_count < (int)(sizeof a->set / sizeof *a->set))
    return &a->set[a->set_count++];
  return NULL;
}

static status parse(int argc, char **argv, arguments *out) {
  for (int i = 1; i < argc; i++) {
    const char **value = value_of(out, argv[i]);
    if (value != NULL) {
      if (i + 1 == argc) return status_fail(STATUS_USAGE, "%s needs a value; see: nightmail run --help", argv[i]);
      *value = argv[++i];
    } else if (strcmp(argv[i], "--fresh") == 0) {
      out->pipeline.fresh = 1;
    } else if (strcmp(argv[i], "--quiet") == 0) {
      out->pipeline.quiet = 1;
    } else if (strcmp(argv[i], "--help") == 0) {
      out->help = 1;
    } else if (argv[i][0] == '-') {
      return status_fail(STATUS_USAGE, "unknown option %s; see: nightmail run --help", argv[i]);
    } else if (out->job != NULL) {
      return status_fail(STATUS_USAGE, "one job at a time: %s and %s were given", out->job, argv[i]);
    } else {
      out->job = argv[i];
    }
  }
  if (out->help) return STATUS_OK;
  if (out->job == NULL) return status_fail(STATUS_USAGE, "which job? Give a job file, such as jobs/demo.yaml");
  if (out->pipeline.run != NULL && out->pipeline.run[0] == '\0')
    return status_fail(STATUS_USAGE, "--run-dir must name a folder, not nothing");
  const char *const stages[] = {out->pipeline.from, out->pipeline.to};
  for (int i = 0; i < 2; i++)
    if (stages[i] != NULL && pipeline_find(stages[i]) < 0)
      return status_fail(STATUS_USAGE, "there is no stage %s; stages are: %s", stages[i], pipeline_stage_names());
  if (out->pipeline.fresh && out->pipeline.from != NULL)
    return status_fail(STATUS_USAGE, "--fresh runs every stage, --from only the later ones; give one of the two");
  return STATUS_OK;
}

static status load(const arguments *a, arena *memory, settings **out) {
  TRY(settings_create(memory, out));
  TRY(settings_file_read(a->job, *out));
  if (a->partition != NULL) TRY(settings_file_read_partition(a->partition, *out));
  for (int i = 0; i < a->set_count; i++) TRY(settings_override(*out, a->set[i]));
  return settings_check(*out);
}

/* The name of the night: as set, or today. Rank 0 decides, so that midnight cannot fall between two ranks. */
static void name_night(const comm *c, const settings *s, char night[64]) {
  if (c->rank == 0) {
    char now[32];
    clock_text(clock_unix(), now);
    const char *set = settings_text(s, "night");
    if (set[0] != '\0')
      snprintf(night, 64, "%s", set);
    else
      snprintf(night, 64, "%.10s", now);
  }
  comm_broadcast(c, night, 64, 0);
}

static status run(const comm *c, arguments *a, arena *memory) {
  settings *s = NULL;
  TRY_ALL(c, load(a, memory, &s));
  char night[64] = "";
  name_night(c, s, night);
  char *folder = NULL;
  TRY_ALL(c, arena_print(memory, &folder, "%s/%s/%s", settings_text(s, "runs"), settings_text(s, "job"), night));
  if (a->pipeline.run == NULL) a->pipeline.run = folder;
  stop_listen();
  watchdog_start(c->rank, settings_real(s, "layout.watchdog_seconds"));
  const status result = pipeline_run(c, s, &a->pipeline, night);
  watchdog_stop();
  return result;
}

status run_command(const comm *c, int argc, char **argv) {
  arguments a = {0};
  TRY_ALL(c, parse(argc, argv, &a));
  if (a.help) {
    if (c->rank == 0) fputs(help, stdout);
    return STATUS_OK;
  }
  arena memory = {0};
  const status result = run(c, &a, &memory);
  arena_free(&memory);
  return result;
}
