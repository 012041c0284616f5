#include "stages/tune_trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/watchdog.h"
#include "io/digest.h"
#include "io/file.h"
#include "io/json_reader.h"
#include "io/json_writer.h"
#include "recommend/verdict.h"
#include "stages/checkpoint.h"
#include "stages/tune_view.h"

enum { TOP = 20, SWEEPS_LEAST = 4 };

/* Share of the last rung's cost. */
static double share_of(const tune_trial *t, int rung) { return pow(3, rung + 1 - t->rungs); }

/* Fewer sweeps tell good settings from bad ones nearly as well. */
static status shorten(const tune_trial *t, int rung, settings *s) {
  const double sweeps = (double)settings_int(s, "als.sweeps") * sqrt(share_of(t, rung));
  char text[32];
  if (strcmp(t->kind->name, "als") != 0 || rung + 1 == t->rungs) return STATUS_OK;
  snprintf(text, sizeof text, "%.0f", fmax(sweeps, SWEEPS_LEAST));
  return settings_set(s, "als.sweeps", text, "tune", 1);
}

static int64_t users_of(const tune_trial *t, int rung) {
  return (int64_t)ceil((double)settings_int(t->stage->settings, "tune.users") * share_of(t, rung));
}

/* 0: all. */
static int64_t items_of(const tune_trial *t, int rung) {
  if (strcmp(t->kind->name, "ease") != 0) return 0;
  return (int64_t)ceil((double)settings_int(t->stage->settings, "tune.items") * cbrt(share_of(t, rung)));
}

/* A name that says on what the score depends. */
static status name_of(const tune_trial *t, const settings *s, int number, int rung, arena *a, char **out) {
  static const char *const prefixes[] = {"seed",  "partitions.", "recommender.", "als.",
                                         "ease.", "spectral.",   "neighbours.",  NULL};
  char *keys = NULL, *text = NULL, digest[DIGEST_TEXT];
  TRY(settings_print(s, prefixes, a, &keys));
  TRY(arena_print(a, &text, "%s\n%s\n%s\n%lld users, %lld items", t->about, t->kind->name, keys,
                  (long long)users_of(t, rung), (long long)items_of(t, rung)));
  digest_bytes(text, strlen(text), digest);
  return arena_print(a, out, "%s/%s-%d-%d-%.16s.json", t->folder, t->kind->name, number, rung, digest);
}

/* A file that cannot be read is a trial that has to be made again. */
static void find_score(const char *path, arena *a, double *score) {
  char *bytes = NULL;
  int64_t count = 0;
  json_t *root = NULL;
  *score = -1;
  if (file_read(path, a, &bytes, &count) != STATUS_OK) return;
  if (json_reader_load(path, bytes, (size_t)count, &root) != STATUS_OK) return;
  const json_t *value = json_object_get(root, "score");
  if (json_is_real(value)) *score = json_real_value(value);
  json_decref(root);
}

static status write_score(const tune_trial *t, const settings *s, const char *path, int number, int rung, double score,
                          arena *a) {
  json_writer w = json_writer_start(a);
  json_writer_open(&w, NULL, '{');
  json_writer_text(&w, "model", t->kind->name);
  json_writer_integer(&w, "trial", number);
  json_writer_integer(&w, "rung", rung);
  json_writer_real(&w, "score", score);
  json_writer_open(&w, "settings", '{');
  for (int i = 0; i < t->space->count; i++) {
    char *value = NULL;
    TRY(tune_space_value(&t->space->dimension[i], s, a, &value));
    json_writer_text(&w, t->space->dimension[i].key, value);
  }
  json_writer_close(&w, '}');
  json_writer_close(&w, '}');
  TRY(w.failed);
  return file_write(path, w.bytes, (size_t)w.used);
}

static status measure(const tune_trial *t, const settings *s, int rung, arena *a, double *score) {
  fold_view small;
  ranking_term term = {.kind = t->kind, .weight = 1};
  ranking lists;
  verdict v;
  TRY(tune_view_create(t->view, users_of(t, rung), items_of(t, rung), a, &small));
  arena fitted = {0};
  status result = t->kind->fit(&small.history, s, &fitted, &term.model);
  if (result == STATUS_OK) result = ranking_find(&small.history, &term, 1, &small.filter, TOP, a, &lists);
  if (result == STATUS_OK) result = verdict_of(&small.history, &lists, &small.targets, TOP, a, &v);
  t->kind->free(term.model);
  arena_free(&fitted);
  if (result == STATUS_OK) *score = v.ndcg.mean;
  return result;
}

static status prepare(const tune_trial *t, const settings *given, int number, int rung, arena *a, settings **s,
                      char **path, double *score) {
  TRY(settings_clone(given != NULL ? given : t->stage->settings, a, s));
  if (given == NULL) TRY(tune_space_draw(t->space, t->stage->seed, number, t->trials, *s));
  TRY(shorten(t, rung, *s));
  TRY(name_of(t, *s, number, rung, a, path));
  if (t->stage->comm->rank == 0) find_score(*path, a, score);
  return STATUS_OK;
}

static status score_once(tune_trial *t, const settings *given, int number, int rung, arena *a, double *score) {
  const comm *c = t->stage->comm;
  const double before = clock_now();
  settings *s = NULL;
  char *path = NULL;
  TRY_ALL(c, prepare(t, given, number, rung, a, &s, &path, score));
  comm_broadcast(c, score, sizeof *score, 0);
  if (*score >= 0) return STATUS_OK;
  if (comm_any(c, stop_asked())) return checkpoint_stopped("all trials so far have their files");
  TRY(measure(t, s, rung, a, score));
  TRY_ALL(c, c->rank == 0 ? write_score(t, s, path, number, rung, *score, a) : STATUS_OK);
  log_event(t->stage->log, t->stage->name, "trial", LOG_TEXT("model", t->kind->name), LOG_INT("trial", number),
            LOG_INT("rung", rung), LOG_REAL("ndcg@20", *score), LOG_REAL("seconds", clock_now() - before));
  t->tried++;
  watchdog_pulse();
  return STATUS_OK;
}

status tune_trial_score(tune_trial *t, const settings *given, int number, int rung, double *score) {
  arena memory = {0};
  const status result = score_once(t, given, number, rung, &memory, score);
  arena_free(&memory);
  return result;
}
