#include "stages/tune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "stages/evaluate_line.h"
#include "stages/fold_ensemble.h"
#include "stages/tune_trial.h"

typedef struct contender {
  int trial;
  double score;
} contender;

typedef struct work {
  stage *stage;
  const factorise_input *in;
  fold_view view;
  ensemble models; /* for their names and kinds, and for the blend */
  settings *best;
  tune_space space; /* of the model at hand */
  tune_trial trial; /* likewise */
  int brackets, task, tasks;
  int unit; /* brackets of all models so far */
  contender *room;
  progress bar;
  json_writer lines;
} work;

status tune_paths(const char *run, arena *a, char **job, char **lines) {
  TRY(arena_print(a, job, "%s/tuned.yaml", run));
  return arena_print(a, lines, "%s/work/tune/best.jsonl", run);
}

static int compare_contenders(const void *a, const void *b) {
  const contender *x = a, *y = b;
  if (x->score > y->score || x->score < y->score) return x->score > y->score ? -1 : 1;
  return (x->trial > y->trial) - (x->trial < y->trial);
}

/* Trials b, b + brackets, … by halving; the winner, judged at the last rung. */
static status run_bracket(work *w, int bracket, contender *winner) {
  int count = 0;
  for (int t = bracket; t < w->trial.trials; t += w->brackets) w->room[count++].trial = t;
  for (int rung = 0; rung < w->trial.rungs; rung++) {
    for (int i = 0; i < count; i++) TRY(tune_trial_score(&w->trial, NULL, w->room[i].trial, rung, &w->room[i].score));
    qsort(w->room, (size_t)count, sizeof *w->room, compare_contenders);
    if (rung + 1 < w->trial.rungs) count = (count + 2) / 3;
  }
  if (count > 0) *winner = w->room[0];
  return STATUS_OK;
}

static status add_line(work *w, const char *model, const contender *own, const contender *best) {
  evaluate_line_open(&w->lines, model, settings_text(w->stage->settings, "job"));
  evaluate_line_integer(&w->lines, "trials", w->trial.trials);
  evaluate_line_real(&w->lines, "validation_ndcg@20_before", own->score);
  evaluate_line_real(&w->lines, "validation_ndcg@20", best->score);
  evaluate_line_close(&w->lines);
  log_event(w->stage->log, w->stage->name, "best", LOG_TEXT("model", model), LOG_INT("trial", best->trial),
            LOG_REAL("ndcg@20", best->score), LOG_REAL("ndcg@20_before", own->score));
  return settings_clone(w->best, w->stage->arena, &w->best);
}

/* The trials after those of the brackets: from *s, which was judged best, one setting is moved at a time, as long as
 * that is better; where nothing is any more, by half as much. */
static status refine(work *w, contender *best, settings **s) {
  const int most = (int)settings_int(w->stage->settings, "tune.refinements");
  int tried = 0;
  double step = 1.0 / 8;
  for (int still = 0, at = 0; tried < most && still < 4 * w->space.count; at++, still++) {
    settings *moved = NULL;
    int can = 0;
    contender next = {.trial = w->trial.trials + tried};
    const double by = at % 2 == 0 ? step : -step;
    TRY_ALL(w->stage->comm, settings_clone(*s, w->stage->arena, &moved));
    TRY_ALL(w->stage->comm,
            tune_space_step(&w->space, &w->space.dimension[at / 2 % w->space.count], by, w->stage->arena, moved, &can));
    if (still + 1 == 2 * w->space.count) step /= 2;
    if (!can) continue;
    TRY(tune_trial_score(&w->trial, moved, next.trial, w->trial.rungs - 1, &next.score));
    tried++;
    if (next.score <= best->score) continue;
    *best = next;
    *s = moved;
    still = -1;
    at--; /* further along the same way */
  }
  return STATUS_OK;
}

/* All brackets that are this task's; one that is alone goes on to choose. */
static status tune_model(work *w, int index) {
  const stage *s = w->stage;
  contender best = {.trial = 0, .score = -1}, own = {.trial = 0};
  w->trial.kind = w->models.term[index].kind;
  TRY_ALL(s->comm, tune_space_find(s->settings, w->trial.kind->name, w->view.history.items, &w->space));
  w->trial.trials = w->space.count > 0 ? (int)settings_int(s->settings, "tune.trials") : 0;
  for (int b = 0; b < w->brackets; b++) {
    contender winner = {.trial = 0, .score = -1};
    if (w->unit++ % w->tasks == w->task) TRY(run_bracket(w, b, &winner));
    if (winner.score > best.score) best = winner;
    progress_at(&w->bar, w->unit, w->trial.kind->name);
  }
  if (w->tasks > 1 || w->trial.trials == 0) return STATUS_OK;
  TRY(tune_trial_score(&w->trial, NULL, 0, w->trial.rungs - 1, &own.score));
  if (own.score >= best.score) best = own;
  TRY_ALL(s->comm, tune_space_draw(&w->space, s->seed, best.trial, w->trial.trials, w->best));
  TRY(refine(w, &best, &w->best));
  return comm_agree(s->comm, add_line(w, w->trial.kind->name, &own, &best));
}

/* Leaves out of the job what the blend does without. */
static status keep_models(work *w, const blend_account *learned) {
  char *names = "";
  const ranking_term *term = w->models.term;
  for (int i = 0; i < w->models.terms; i++)
    if (learned->users == 0 || term[i].weight > 0)
      TRY(arena_print(w->stage->arena, &names, "%s%s%s", names, names[0] != '\0' ? "," : "", term[i].kind->name));
  TRY(settings_set(w->best, "recommender.models", names, "tune", 1));
  if (learned->users == 0) return STATUS_OK;
  evaluate_line_open(&w->lines, "blend", settings_text(w->stage->settings, "job"));
  evaluate_line_real(&w->lines, "validation_ndcg@20", learned->ndcg);
  evaluate_line_weights(&w->lines, &w->models);
  evaluate_line_close(&w->lines);
  return STATUS_OK;
}

static status write_best(work *w) {
  char *text = NULL, *job = NULL, *lines = NULL;
  TRY(settings_yaml(w->best, w->stage->arena, &text));
  TRY(arena_print(w->stage->arena, &text, "# The best settings that `nightmail tune` found on the validation cut.\n%s",
                  text));
  TRY(tune_paths(w->stage->run, w->stage->arena, &job, &lines));
  TRY(w->lines.failed);
  TRY(file_write(lines, w->lines.bytes, (size_t)w->lines.used));
  return file_write(job, text, strlen(text));
}

static status conclude(work *w) {
  stage *s = w->stage;
  blend_account learned = {.users = 0};
  stage tuned = *s;
  tuned.settings = w->best;
  if (settings_bool(s->settings, "tune.blend")) TRY(fold_ensemble_learn(&tuned, w->in, &w->models, &learned));
  TRY_ALL(s->comm, keep_models(w, &learned));
  return comm_agree(s->comm, s->comm->rank == 0 ? write_best(w) : STATUS_OK);
}

static status prepare(work *w) {
  stage *s = w->stage;
  stage_done ingest;
  char *folder = NULL;
  w->brackets = (int)settings_int(s->settings, "tune.brackets");
  w->tasks = (int)settings_int(s->settings, "tune.tasks");
  w->task = (int)settings_int(s->settings, "tune.task");
  w->lines = json_writer_start(s->arena);
  TRY(stage_before(s, "ingest", &ingest));
  TRY(arena_print(s->arena, &folder, "%s%s/trials", s->run, w->tasks > 1 ? "/.." : ""));
  TRY(file_make_folder(folder));
  TRY(ARENA(s->arena, settings_int(s->settings, "tune.trials"), &w->room));
  TRY(settings_clone(s->settings, s->arena, &w->best));
  w->trial = (tune_trial){.stage = s,
                          .folder = folder,
                          .about = ingest.fingerprint,
                          .view = &w->view,
                          .space = &w->space,
                          .rungs = (int)settings_int(s->settings, "tune.rungs")};
  w->bar = stage_progress(s, (int64_t)w->models.terms * w->brackets);
  return STATUS_OK;
}

status tune_run(stage *s) {
  factorise_input in;
  work *w = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &w));
  w->stage = s;
  w->in = &in;
  TRY(factorise_input_load(s, &in));
  TRY_ALL(s->comm, fold_ensemble_create(s, &in, &w->models));
  TRY_ALL(s->comm, prepare(w));
  TRY(fold_view_create(s, &in, FOLD_TRAIN, FOLD_VALIDATION, s->arena, &w->view));
  if (w->view.judged == 0)
    return status_fail(STATUS_DATA, "%s: no user has a target after the validation cut; see events.validation_share",
                       settings_text(s->settings, "job"));
  for (int i = 0; i < w->models.terms; i++) TRY(tune_model(w, i));
  if (w->tasks == 1) TRY(conclude(w));
  progress_end(&w->bar, NULL);
  accounts_add(&s->done.numbers, "trials", w->trial.tried);
  return stage_commit(s);
}
