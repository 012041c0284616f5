#include "cli/scaling.h"

#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/job.h"
#include "io/file.h"
#include "stages/plan_job.h"
#include "stages/scaling_csv.h"
#include "stages/scaling_page.h"

static const char help[] =
    "usage: nightmail scaling FOLDER [--output DIR]\n"
    "Reads the runs of a series that slurm/scaling made in FOLDER and writes, into FOLDER or DIR,\n"
    "  scaling.csv    a row for every stage of every run: seconds, waiting, bytes, imbalance, memory\n"
    "  scaling.html   speed-up and efficiency, strong and weak, the model beside them, and where it stops and why\n"
    "Runs that are not finished are left out; make the page again when they are.\n";

/* Fits the plan's model to a series: of the same job, with what the base run says of it. */
static status fit_model(const scaling_series *s, scaling_kind kind, arena *a, scaling_model *out) {
  char *argv[SERIES_FILE_ARGUMENTS + 3] = {(char[]){"scaling"}};
  int argc = 1;
  job j;
  settings *set = NULL;
  plan_job *p = NULL;
  TRY(arena_print(a, &argv[argc++], "%s", s->file.job));
  for (int i = 0; i < s->file.argument_count; i++) TRY(arena_print(a, &argv[argc++], "%s", s->file.argument[i]));
  TRY(job_read(argc, argv, NULL, 0, &j));
  TRY(job_load(&j, a, &set));
  TRY(ARENA(a, 1, &p));
  TRY(plan_job_read(set, a, p));
  int used = 0;
  const scaling_run *base = &s->run[scaling_sums_base(s) * s->file.repeats];
  TRY(plan_job_learn(base->folder, set, a, &p->numbers, &used));
  *out = scaling_model_fit(s, kind, &p->numbers, &p->rates, &p->network);
  return STATUS_OK;
}

/* A page without a model is better than none: why there is none is said on it. */
static void fit_models(const scaling_series series[SCALING_KINDS], arena *a, scaling_model model[SCALING_KINDS],
                       char why[STATUS_TEXT_SIZE]) {
  why[0] = '\0';
  for (int k = 0; k < SCALING_KINDS; k++)
    if (series[k].whole_count > 0 && fit_model(&series[k], (scaling_kind)k, a, &model[k]) != STATUS_OK)
      snprintf(why, STATUS_TEXT_SIZE, "There is no model beside the measurement: %s.", status_text());
}

static status write_both(const char *folder, const char *output, arena *a) {
  static scaling_series series[SCALING_KINDS];
  static scaling_model model[SCALING_KINDS];
  static char why[STATUS_TEXT_SIZE];
  char *csv = NULL, *html = NULL;
  memset(model, 0, sizeof model);
  TRY(scaling_series_read(folder, a, series));
  TRY(file_make_folder(output));
  TRY(arena_print(a, &csv, "%s/scaling.csv", output));
  TRY(arena_print(a, &html, "%s/scaling.html", output));
  TRY(scaling_csv_write(csv, series, a));
  fit_models(series, a, model, why);
  TRY(scaling_page_write(html, &(scaling_page){series, model, why}, a));
  for (int k = 0; k < SCALING_KINDS; k++)
    if (series[k].found)
      printf("%s/%s: %d of %d runs finished%s\n", folder, scaling_kind_name[k], series[k].whole_count,
             series[k].run_count,
             k == SCALING_WEAK      ? ""
             : series[k].same_bytes ? ", the same shards on any number of ranks"
                                    : ", but THEIR SHARDS DIFFER");
  printf("%s\n%s\n", csv, html);
  return arguments_flush();
}

status scaling_command(int argc, char **argv) {
  const char *folder = NULL, *output = NULL;
  int wants_help = 0;
  const arguments_option options[] = {{.name = "--output", .value = &output}};
  TRY(arguments_read(argc, argv, options, 1, &folder, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  arena a = {0};
  const status result = write_both(folder, output != NULL ? output : folder, &a);
  arena_free(&a);
  return result;
}
