#include "cli/where.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/run.h"

static const char help[] =
    "usage: nightmail where JOB [options of nightmail run]\n"
    "Prints the folder in which run, with the same arguments, would keep the night. Nothing is made.\n"
    "A job that names no night means today in UTC.\n";

static status print_folder(const job *j, arena *memory) {
  settings *s = NULL;
  TRY(job_load(j, memory, &s));
  char night[JOB_NIGHT];
  const char *folder = NULL;
  job_night(s, night);
  TRY(job_folder(j, s, night, memory, &folder));
  printf("%s\n", folder);
  return arguments_flush();
}

status where_command(int argc, char **argv) {
  run_arguments arguments;
  TRY(run_read(argc, argv, &arguments));
  if (arguments.job.help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  arena memory = {0};
  const status result = print_folder(&arguments.job, &memory);
  arena_free(&memory);
  return result;
}
