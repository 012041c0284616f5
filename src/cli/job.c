#include "cli/job.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/settings_file.h"

/* Options that take a value, and where it goes. Returns NULL for others. */
static const char **value_of(job *j, const arguments_option *own, int count, const char *name) {
  if (strcmp(name, "--partition") == 0) return &j->partition;
  if (strcmp(name, "--run-dir") == 0) return &j->run;
  if (strcmp(name, "--set") == 0 && j->set_count < JOB_SETS) return &j->set[j->set_count++];
  for (int i = 0; i < count; i++)
    if (own[i].value != NULL && strcmp(own[i].name, name) == 0) return own[i].value;
  return NULL;
}

static int *flag_of(job *j, const arguments_option *own, int count, const char *name) {
  if (strcmp(name, "--help") == 0) return &j->help;
  for (int i = 0; i < count; i++)
    if (own[i].given != NULL && strcmp(own[i].name, name) == 0) return own[i].given;
  return NULL;
}

status job_read_options(int argc, char **argv, const arguments_option *own, int count, job *out) {
  *out = (job){0};
  for (int i = 1; i < argc; i++) {
    const char **value = value_of(out, own, count, argv[i]);
    int *flag = flag_of(out, own, count, argv[i]);
    if (value != NULL) {
      if (i + 1 == argc)
        return status_fail(STATUS_USAGE, "%s needs a value; see: nightmail %s --help", argv[i], argv[0]);
      *value = argv[++i];
    } else if (flag != NULL) {
      *flag = 1;
    } else if (argv[i][0] == '-') {
      return status_fail(STATUS_USAGE, "unknown option %s; see: nightmail %s --help", argv[i], argv[0]);
    } else if (out->path != NULL) {
      return status_fail(STATUS_USAGE, "one job at a time: %s and %s were given", out->path, argv[i]);
    } else {
      out->path = argv[i];
    }
  }
  return STATUS_OK;
}

status job_read(int argc, char **argv, const arguments_option *own, int count, job *out) {
  TRY(job_read_options(argc, argv, own, count, out));
  if (out->help) return STATUS_OK;
  if (out->path == NULL) return status_fail(STATUS_USAGE, "which job? Give a job file, such as jobs/demo.yaml");
  if (out->run != NULL && out->run[0] == '\0')
    return status_fail(STATUS_USAGE, "--run-dir must name a folder, not nothing");
  return STATUS_OK;
}

status job_load(const job *j, arena *a, settings **out) {
  TRY(settings_create(a, out));
  if (j->path != NULL) TRY(settings_file_read(j->path, *out));
  if (j->partition != NULL) TRY(settings_file_read_partition(j->partition, *out));
  for (int i = 0; i < j->set_count; i++) TRY(settings_override(*out, j->set[i]));
  return j->path != NULL ? settings_check(*out) : STATUS_OK;
}

void job_night(const settings *s, char night[JOB_NIGHT]) {
  const char *set = settings_text(s, "night");
  char now[32];
  clock_text(clock_unix(), now);
  if (set[0] != '\0')
    snprintf(night, JOB_NIGHT, "%s", set);
  else
    snprintf(night, JOB_NIGHT, "%.10s", now);
}

status job_folder(const job *j, const settings *s, const char *night, arena *a, const char **out) {
  *out = j->run;
  if (j->run != NULL) return STATUS_OK;
  char *folder = NULL;
  TRY(arena_print(a, &folder, "%s/%s/%s", settings_text(s, "runs"), settings_text(s, "job"), night));
  *out = folder;
  return STATUS_OK;
}
