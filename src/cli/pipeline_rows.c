#include "cli/pipeline_rows.h"

#include <string.h>

#include "io/file.h"
#include "io/stage_done.h"
#include "stages/decide.h"
#include "stages/evaluate.h"
#include "stages/evaluate_corpus.h"
#include "stages/evaluate_text.h"
#include "stages/factorise.h"
#include "stages/generate.h"
#include "stages/ingest.h"
#include "stages/profile.h"
#include "stages/report.h"
#include "stages/train.h"
#include "stages/tune.h"

/* The only lists of stages in order. Each names the settings that its result depends on; a stage also depends on
 * everything the stages before it depend on. */
static const char *const ingest_keys[] = {"seed",
                                          "partitions.",
                                          "privacy.key_file",
                                          "inputs.interactions",
                                          "inputs.catalogue",
                                          "inputs.users",
                                          "inputs.suppression",
                                          "inputs.rejects_share",
                                          "events.",
                                          "language",
                                          "als.feedback",
                                          NULL};
static const char *const profile_keys[] = {"profile.", NULL};
static const char *const factorise_keys[] = {"recommender.", "als.", "ease.", "spectral.", "neighbours.", NULL};
static const char *const train_keys[] = {"writer.", "gan.", "inputs.copy", "money", NULL};
static const char *const decide_keys[] = {"decide.", NULL};
static const char *const generate_keys[] = {"generate.", "output.", "money", "privacy.", "job", NULL};
static const char *const report_keys[] = {"job", NULL};

const stage_row pipeline_rows[PIPELINE_ROWS] = {
    {"ingest", ingest_run, ingest_keys},          {"profile", profile_run, profile_keys},
    {"factorise", factorise_run, factorise_keys}, {"train", train_run, train_keys},
    {"decide", decide_run, decide_keys},          {"generate", generate_run, generate_keys},
    {"report", report_run, report_keys},
};

static const char *const held_keys[] = {"seed",
                                        "partitions.",
                                        "privacy.key_file",
                                        "inputs.interactions",
                                        "inputs.test",
                                        "inputs.catalogue",
                                        "inputs.users",
                                        "inputs.suppression",
                                        "inputs.rejects_share",
                                        "events.",
                                        "language",
                                        "als.feedback",
                                        "evaluate.protocol",
                                        "evaluate.share",
                                        NULL};
static const char *const evaluate_keys[] = {"recommender.", "als.",      "ease.", "spectral.", "neighbours.",
                                            "ratings.",     "evaluate.", "job",   NULL};
static const char *const tune_keys[] = {"recommender.", "als.",  "ease.", "spectral.",
                                        "neighbours.",  "tune.", "job",   NULL};
static const stage_row tune_rows[] = {{"ingest", ingest_run, held_keys}, {"tune", tune_run, tune_keys}};
static const stage_row evaluate_rows[] = {{"ingest", ingest_run, held_keys}, {"evaluate", evaluate_run, evaluate_keys}};
static const char *const text_keys[] = {"seed", "inputs.corpus", "text.", "writer.products", "job", NULL};
static const stage_row text_rows[] = {{"text", evaluate_text_run, text_keys}};

/* Files outside of the run that a stage reads: their size and time are part of its fingerprint. */
static const char *const ingest_files[] = {"inputs.interactions.path", "inputs.catalogue.path", "inputs.users.path",
                                           "inputs.suppression.path",  "privacy.key_file",      NULL};
static const char *const evaluate_files[] = {"inputs.test.path",
                                             "inputs.interactions.path",
                                             "inputs.catalogue.path",
                                             "inputs.users.path",
                                             "inputs.suppression.path",
                                             "privacy.key_file",
                                             NULL};
static const char *const generate_files[] = {"generate.banned_path", NULL};

const pipeline_list pipeline_night = {pipeline_rows, PIPELINE_ROWS, STAGE_NIGHT, ingest_files};
const pipeline_list pipeline_evaluate = {evaluate_rows, 2, STAGE_EVALUATE, evaluate_files};
const pipeline_list pipeline_evaluate_text = {text_rows, 1, STAGE_EVALUATE, NULL};
const pipeline_list pipeline_tune = {tune_rows, 2, STAGE_TUNE, ingest_files};

const pipeline_list *pipeline_rows_of(const pipeline_list *list, const settings *s) {
  const int is_text = list == &pipeline_evaluate && settings_text(s, "inputs.corpus.path")[0] != '\0';
  return is_text ? &pipeline_evaluate_text : list;
}

static status add_file(arena *a, const char *path, char **text) {
  if (path[0] == '\0') return STATUS_OK;
  int64_t bytes = 0, modified = 0;
  TRY(file_stat(path, &bytes, &modified));
  return arena_print(a, text, "%s\n%s %lld %lld", *text, path, (long long)bytes, (long long)modified);
}

static status add_corpus(const settings *s, arena *a, char **text) {
  for (int i = 0; i < CORPUS_PARTS; i++) {
    char *path = NULL;
    TRY(evaluate_corpus_path(s, (corpus_part)i, a, &path));
    TRY(add_file(a, path, text));
  }
  return STATUS_OK;
}

/* An earlier run that this one begins with counts with all that it was made of. One that is not there is the stage's
 * to tell. */
static status add_earlier(const settings *s, arena *a, char **text) {
  const char *run = settings_text(s, "als.warm_start");
  stage_done done;
  int found = 0;
  if (run[0] == '\0') return STATUS_OK;
  TRY(stage_done_read(run, "factorise", a, &done, &found));
  return found ? arena_print(a, text, "%s\nafter %s", *text, done.fingerprint) : STATUS_OK;
}

static status describe(const pipeline_list *list, const settings *s, const char *night, const char *version, int row,
                       const char *before, arena *a, char **text) {
  char *keys = NULL;
  const int is_generate = strcmp(list->row[row].name, "generate") == 0;
  TRY(settings_print(s, list->row[row].settings, a, &keys));
  TRY(arena_print(a, text, "nightmail %s\n%s\n%s\n%s", version, before, list->row[row].name, keys));
  /* Its name, set or of the day, is in every message's key. */
  if (is_generate) TRY(arena_print(a, text, "%s\nnight %s", *text, night));
  const char *const *files = row == 0 ? list->files : is_generate ? generate_files : NULL;
  for (; files != NULL && *files != NULL; files++) TRY(add_file(a, settings_text(s, *files), text));
  if (strcmp(list->row[row].name, "text") == 0) TRY(add_corpus(s, a, text));
  if (strcmp(list->row[row].name, "factorise") == 0) TRY(add_earlier(s, a, text));
  if (strcmp(list->row[row].name, "train") == 0)
    for (int i = 0; i < settings_count(s, "inputs.copy.paths"); i++)
      TRY(add_file(a, settings_list_at(s, "inputs.copy.paths", i), text));
  return STATUS_OK;
}

status pipeline_rows_fingerprint(const pipeline_list *list, const settings *s, const char *night, const char *version,
                                 int row, const char *before, arena *a, char out[DIGEST_TEXT]) {
  char *text = NULL;
  TRY(describe(list, s, night, version, row, before, a, &text));
  digest_bytes(text, strlen(text), out);
  return STATUS_OK;
}

int pipeline_rows_find(const pipeline_list *list, const char *name) {
  for (int i = 0; i < list->count; i++)
    if (strcmp(list->row[i].name, name) == 0) return i;
  return -1;
}
