/* The job that a command works on: what run, where and plan share of their command lines, and loading it. All local. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "base/arena.h"
#include "base/settings.h"
#include "base/status.h"
#include "cli/arguments.h"

enum { JOB_SETS = 256, JOB_NIGHT = 64 };

typedef struct job {
  const char *path;      /* of the job file */
  const char *partition; /* of the partition file, or NULL */
  const char *run;       /* --run-dir, or NULL */
  int set_count;
  const char *set[JOB_SETS]; /* KEY=VALUE */
  int help;                  /* --help is among the arguments */
} job;

/* JOB, --partition FILE, --run-dir DIR, --set KEY=VALUE, --help, and the command's own options in any order. argv[0] is
 * the command's word. With --help nothing else is asked for.
 * Fails: STATUS_USAGE for an unknown option, one without value, no job or two. */
status job_read(int argc, char **argv, const arguments_option *own, int count, job *out);

/* The same where a job may be left out: out->path is then NULL, and job_load takes every setting's default. */
status job_read_options(int argc, char **argv, const arguments_option *own, int count, job *out);

/* The settings of job file, partition file and --set, checked. Fails: STATUS_MISSING, STATUS_SETTINGS, … as
 * io/settings_file.h says. */
status job_load(const job *j, arena *a, settings **out);

/* The name of the night: as set, or today in UTC. */
void job_night(const settings *s, char night[JOB_NIGHT]);

/* The run folder: --run-dir, or RUNS/JOB/NIGHT. Fails: STATUS_BUG without memory. */
status job_folder(const job *j, const settings *s, const char *night, arena *a, const char **out);

#endif
