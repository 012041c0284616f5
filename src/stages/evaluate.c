#include "stages/evaluate.h"

#include "io/file.h"
#include "stages/evaluate_line.h"
#include "stages/evaluate_ratings.h"
#include "stages/fold_ensemble.h"

typedef struct work {
  stage *stage;
  const char *data; /* name of the job */
  int k;
  ensemble models;
  blend_account learned;
  fold_view view;
  json_writer lines;
} work;

status evaluate_path(const char *run, arena *a, char **out) {
  return arena_print(a, out, "%s/work/evaluate/verdicts.jsonl", run);
}

static status add_verdict(work *w, const char *name, const ranking *lists, int is_blend) {
  verdict v;
  TRY(verdict_of(&w->view.history, lists, &w->view.targets, w->k, w->stage->arena, &v));
  evaluate_line_open(&w->lines, name, w->data);
  evaluate_line_verdict(&w->lines, w->k, &v);
  evaluate_line_integer(&w->lines, "newcomers", w->view.newcomers);
  if (is_blend) evaluate_line_weights(&w->lines, &w->models);
  evaluate_line_close(&w->lines);
  log_event(w->stage->log, w->stage->name, "verdict", LOG_TEXT("model", name), LOG_REAL("recall", v.recall.mean),
            LOG_REAL("ndcg", v.ndcg.mean), LOG_INT("users", v.judged));
  return STATUS_OK;
}

/* A line for each model, which a blend may do without, and for the blend; the models' scores are found once for all. */
static status judge_all(work *w, arena *a) {
  const int terms = w->models.terms;
  progress bar = stage_progress(w->stage, terms + 1);
  ranking *lists = NULL;
  TRY_ALL(w->stage->comm, ARENA(a, terms + 1, &lists));
  TRY(ranking_find_each(&w->view.history, w->models.term, terms, &w->view.filter, w->k, a, lists));
  for (int i = 0; i <= terms; i++) {
    const char *name = i == terms ? "blend" : w->models.term[i].kind->name;
    TRY(add_verdict(w, name, &lists[i], i == terms));
    progress_at(&bar, i + 1, name);
  }
  progress_end(&bar, NULL);
  return STATUS_OK;
}

static void add_ratings(work *w, const char *name, const evaluate_ratings *r, double rmse) {
  evaluate_line_open(&w->lines, name, w->data);
  evaluate_line_real(&w->lines, "rmse", rmse);
  evaluate_line_real(&w->lines, "mean_rmse", r->mean_rmse);
  evaluate_line_integer(&w->lines, "users", w->view.judged);
  evaluate_line_integer(&w->lines, "targets", w->view.targets_total);
  evaluate_line_integer(&w->lines, "newcomers", w->view.newcomers);
  evaluate_line_close(&w->lines);
}

static status judge_ratings(work *w, const factorise_input *in) {
  evaluate_ratings r;
  TRY(evaluate_ratings_judge(w->stage, in, &w->view, &r));
  add_ratings(w, "als_ratings", &r, r.rmse);
  if (r.has_posterior) add_ratings(w, "bayes_ratings", &r, r.posterior_rmse);
  return STATUS_OK;
}

static status write_lines(const work *w) {
  char *path = NULL;
  TRY(evaluate_path(w->stage->run, w->stage->arena, &path));
  TRY(w->lines.failed);
  return file_write(path, w->lines.bytes, (size_t)w->lines.used);
}

static status evaluate_models(work *w, const factorise_input *in) {
  stage *s = w->stage;
  TRY(fold_ensemble_learn(s, in, &w->models, &w->learned));
  TRY(fold_ensemble_fit(s, in, &w->models, s->arena, &w->view));
  if (w->view.judged == 0)
    return status_fail(STATUS_DATA,
                       "%s: no user with a past has a target to be judged by; look at evaluate.protocol and "
                       "evaluate.share, or at the ids of inputs.test",
                       settings_text(s->settings, "job"));
  arena memory = {0};
  const status judged = judge_all(w, &memory);
  arena_free(&memory);
  TRY(judged);
  ensemble_free(&w->models);
  return in->is_explicit ? judge_ratings(w, in) : STATUS_OK;
}

status evaluate_run(stage *s) {
  factorise_input in;
  work w = {.stage = s,
            .data = settings_text(s->settings, "job"),
            .k = (int)settings_int(s->settings, "evaluate.k"),
            .lines = json_writer_start(s->arena)};
  TRY(factorise_input_load(s, &in));
  TRY_ALL(s->comm, fold_ensemble_create(s, &in, &w.models));
  const status result = evaluate_models(&w, &in);
  ensemble_free(&w.models);
  TRY(result);
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_lines(&w) : STATUS_OK);
  accounts_add(&s->done.numbers, "users_judged", w.view.judged);
  accounts_add(&s->done.numbers, "targets", w.view.targets_total);
  accounts_add(&s->done.numbers, "newcomers", w.view.newcomers);
  return stage_commit(s);
}
