#include "cli/run_tune.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/run.h"
#include "io/file.h"
#include "stages/tune.h"

static const char help[] =
    "usage: mpirun -n RANKS nightmail tune JOB [options]\n"
    "  --partition FILE   how the job is laid over ranks\n"
    "  --run-dir DIR      where its files are kept (default RUNS/JOB/tune)\n"
    "  --set KEY=VALUE    override a setting; may be repeated (see tune.* in: nightmail help settings)\n"
    "  --task I --tasks N try only the I-th part of N, from 0: tasks of an array share what they find in DIR/trials;\n"
    "                     tune without --task then gathers it, and tries what is missing\n"
    "  --quiet            no progress\n"
    "Tries settings of each model of recommender.models: random search with successive halving, judged by what users\n"
    "did after the validation cut; what evaluate holds back for its test is never looked at. Prints a line of JSON "
    "for\n"
    "each model and writes DIR/tuned.yaml, the job with the best settings. Trials that have a file are not made "
    "again:\n"
    "the same command continues a search that was stopped.\n";

void run_tune_help(void) { fputs(help, stdout); }

static status print_lines(const char *run, arena *a) {
  char *tuned = NULL, *path = NULL, *text = NULL;
  int64_t count = 0;
  TRY(tune_paths(run, a, &tuned, &path));
  TRY(file_read(path, a, &text, &count));
  fputs(text, stdout);
  fprintf(stderr, "%s\n", tuned);
  return arguments_flush();
}

/* A task has a folder of its own beside the results, so that several may be at work. */
static status read_task(const char *task, const char *tasks, run_arguments *a, arena *memory, char **folder) {
  int64_t index = 0, count = 1;
  if ((task == NULL) != (tasks == NULL)) return status_fail(STATUS_USAGE, "--task and --tasks belong together");
  *folder = "tune";
  if (task == NULL) return STATUS_OK;
  TRY(arguments_number("tune", "--tasks", tasks, 1, 100000, &count));
  TRY(arguments_number("tune", "--task", task, 0, count - 1, &index));
  if (a->job.set_count + 2 > JOB_SETS) return status_fail(STATUS_USAGE, "too many --set");
  TRY(arena_print(memory, (char **)&a->job.set[a->job.set_count++], "tune.task=%lld", (long long)index));
  TRY(arena_print(memory, (char **)&a->job.set[a->job.set_count++], "tune.tasks=%lld", (long long)count));
  TRY(arena_print(memory, folder, "tune/task-%lld", (long long)index));
  if (a->job.run == NULL) return STATUS_OK;
  return arena_print(memory, (char **)&a->job.run, "%s/task-%lld", a->job.run, (long long)index);
}

static status tune(const comm *c, run_arguments *a, const char *task, const char *tasks, arena *memory) {
  char *folder = NULL;
  TRY_ALL(c, read_task(task, tasks, a, memory, &folder));
  TRY(run_list(c, a, folder, memory));
  if (tasks != NULL) return STATUS_OK;
  return comm_agree(c, c->rank == 0 ? print_lines(a->pipeline.run, memory) : STATUS_OK);
}

status run_tune_command(const comm *c, int argc, char **argv) {
  run_arguments a = {.pipeline = {.list = &pipeline_tune}};
  const char *task = NULL, *tasks = NULL;
  const arguments_option own[] = {{.name = "--task", .value = &task},
                                  {.name = "--tasks", .value = &tasks},
                                  {.name = "--quiet", .given = &a.pipeline.quiet}};
  TRY_ALL(c, job_read(argc, argv, own, (int)(sizeof own / sizeof *own), &a.job));
  if (a.job.help) {
    if (c->rank == 0) run_tune_help();
    return STATUS_OK;
  }
  arena memory = {0};
  const status result = tune(c, &a, task, tasks, &memory);
  arena_free(&memory);
  return result;
}
