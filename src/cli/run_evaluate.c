#include "cli/run_evaluate.h"

#include <stdio.h>

#include "cli/arguments.h"
#include "cli/run.h"
#include "io/file.h"
#include "stages/evaluate.h"

static const char help[] =
    "usage: mpirun -n RANKS nightmail evaluate JOB [options]\n"
    "  --partition FILE   how the job is laid over ranks\n"
    "  --run-dir DIR      where its files are kept (default RUNS/JOB/evaluate); nights are never touched\n"
    "  --set KEY=VALUE    override a setting; may be repeated (see: nightmail help settings)\n"
    "  --fresh            begin anew\n"
    "  --quiet            no progress\n"
    "Holds a test back (evaluate.protocol: the last events by time, each user's last item, or inputs.test), fits "
    "every\n"
    "model of recommender.models to the rest, ranks all items that a user has not seen, and prints a line of JSON for\n"
    "each model and for their blend: recall, NDCG, hit rate, MAP (mean, and 95 % interval of a bootstrap over users),\n"
    "coverage, Gini, novelty; for explicit feedback RMSE. The lines are the same on any number of ranks; what was\n"
    "evaluated before with the same settings and inputs is printed again.\n"
    "A job with inputs.corpus is about texts: the writer's LSTM learns the train part by the settings text.*, and a "
    "line\n"
    "says how it does on the test part: perplexity and bits per character of running text, beside a 5-gram; of texts "
    "that\n"
    "say what they are given, BLEU, NIST, ROUGE-L, slot error, self-BLEU and distinct n-grams.\n";

void run_evaluate_help(void) { fputs(help, stdout); }

static status print_lines(const char *run, arena *a) {
  char *path = NULL, *text = NULL;
  int64_t count = 0;
  TRY(evaluate_path(run, a, &path));
  TRY(file_read(path, a, &text, &count));
  fputs(text, stdout);
  return arguments_flush();
}

status run_evaluate_command(const comm *c, int argc, char **argv) {
  run_arguments a = {.pipeline = {.list = &pipeline_evaluate}};
  const arguments_option own[] = {{.name = "--fresh", .given = &a.pipeline.fresh},
                                  {.name = "--quiet", .given = &a.pipeline.quiet}};
  TRY_ALL(c, job_read(argc, argv, own, (int)(sizeof own / sizeof *own), &a.job));
  if (a.job.help) {
    if (c->rank == 0) run_evaluate_help();
    return STATUS_OK;
  }
  arena memory = {0};
  status result = run_list(c, &a, "evaluate", &memory);
  if (result == STATUS_OK) result = comm_agree(c, c->rank == 0 ? print_lines(a.pipeline.run, &memory) : STATUS_OK);
  arena_free(&memory);
  return result;
}
