#include "stages/factorise_als.h"

#include <stdio.h>
#include <string.h>

#include "io/work_file.h"
#include "recommend/als_fold.h"
#include "recommend/als_recommender.h"
#include "stages/checkpoint.h"
#include "stages/factorise_judge.h"
#include "stages/factorise_warm.h"

/* Tables are saved in the basis in which they stand. */
static status describe(const als_model *m, checkpoint_state *out) {
  const history *h = m->history;
  *out = (checkpoint_state){.parts = h->user_parts, .first = h->first, .count = h->count};
  tensor_file_add(&out->shared, "items", TENSOR_F32, h->items, m->stride, als_model_is_writer(m) ? m->item : NULL);
  tensor_file_add(&out->shared, "user_base", TENSOR_F32, m->stride, 1, m->user_base);
  tensor_file_add(&out->shared, "item_base", TENSOR_F32, m->stride, 1, m->item_base);
  TRY(ARENA(m->arena, h->count, &out->part));
  for (int p = 0; p < h->count; p++) {
    const als_model_part *part = &m->part[p];
    tensor_file_add(&out->part[p], "users", TENSOR_F32, part->seen->count, m->stride, part->user);
    tensor_file_add(&out->part[p], "left", TENSOR_F32, part->seen->count, 1, part->left);
  }
  return STATUS_OK;
}

static status sweep_once(als_model *m) {
  TRY(als_model_items(m));
  TRY(als_model_users(m));
  als_model_complete(m);
  return STATUS_OK;
}

/* Takes a model, and what goes with it, to where a killed job has left it, or to its beginning. */
static status resume(const stage *s, als_model *m, const char *phase, factorise_course *found, checkpoint_state *state,
                     checkpoint *out, int *sweep) {
  int64_t step = -1;
  TRY_ALL(s->comm, describe(m, state));
  if (found != NULL) tensor_file_add(&state->shared, "course", TENSOR_U8, sizeof *found, 1, found);
  TRY(checkpoint_open(s, phase, state, out, &step));
  als_model_restored(m);
  *sweep = (int)step;
  if (step >= 0) return STATUS_OK;
  *sweep = 0;
  TRY(als_model_users(m));
  als_model_complete(m);
  return STATUS_OK;
}

static void tell_sweep(const stage *s, const als_model *m, progress *bar, int sweep, double loss,
                       const factorise_course *now) {
  char note[128];
  if (m->is_ratings) {
    snprintf(note, sizeof note, "ratings: loss %.5g, RMSE %.4f", loss, now->rmse);
    log_event(s->log, s->name, "rating_sweep", LOG_INT("sweep", sweep), LOG_REAL("loss", loss),
              LOG_REAL("rmse", now->rmse));
  } else {
    const double recall = now->best.recall.mean, ndcg = now->best.ndcg.mean;
    snprintf(note, sizeof note, "ALS: loss %.5g, recall@20 %.4f, NDCG@20 %.4f", loss, recall, ndcg);
    log_event(s->log, s->name, "sweep", LOG_INT("sweep", sweep), LOG_REAL("loss", loss), LOG_REAL("recall@20", recall),
              LOG_REAL("ndcg@20", ndcg));
  }
  bar->shown = 0; /* each sweep is worth a line, in a batch log too */
  progress_at(bar, sweep, note);
}

/* What is judged: the model, and it once more as rankings take it; NULL for ratings. */
typedef struct trial {
  als_model *model;
  void *ranker;
} trial;

static status judge_sweep(const stage *s, const fold_view *v, const trial *t, int sweep, progress *bar,
                          factorise_course *out) {
  double loss = 0;
  factorise_course now = {.sweeps = sweep};
  TRY(sweep_once(t->model));
  TRY(als_model_loss(t->model, &loss));
  if (t->model->is_ratings)
    TRY(factorise_judge_ratings(v, t->model, 0, &now.rmse));
  else
    TRY(factorise_judge_ranking(v, &als_recommender, t->ranker, &now.best));
  tell_sweep(s, t->model, bar, sweep, loss, &now);
  const int better = t->model->is_ratings ? now.rmse < out->rmse : now.best.ndcg.mean > out->best.ndcg.mean;
  if (out->sweeps == 0 || better) *out = now;
  return STATUS_OK;
}

/* Sweeps until the judge has seen no better one for als.patience sweeps. */
static status sweep_and_judge(const stage *s, const fold_view *v, const trial *t, factorise_course *out) {
  const int most = (int)settings_int(s->settings, "als.sweeps"),
            patience = (int)settings_int(s->settings, "als.patience");
  checkpoint_state state;
  checkpoint saved;
  int sweep = 0;
  TRY(resume(s, t->model, t->model->is_ratings ? "ratings-course" : "ranking-course", out, &state, &saved, &sweep));
  progress bar = stage_progress(s, most);
  progress_from(&bar, sweep);
  while (sweep < most && sweep + 1 - out->sweeps <= patience) {
    TRY(judge_sweep(s, v, t, ++sweep, &bar, out));
    TRY(checkpoint_at(&saved, sweep));
  }
  TRY(checkpoint_end(&saved, sweep));
  progress_end(&bar, NULL);
  return STATUS_OK;
}

static status find_course(const stage *s, const fold_view *v, als_model_goal goal, arena *a, als_model *m,
                          factorise_course *out) {
  const als_model_options options = als_model_options_of(s->settings, goal);
  trial t = {.model = m};
  TRY(als_model_create(&v->history, &options, a, m));
  if (!m->is_ratings) TRY_ALL(s->comm, als_recommender_adopt(m, a, &t.ranker));
  return sweep_and_judge(s, v, &t, out);
}

status factorise_als_course(const stage *s, const fold_view *v, als_model_goal goal, factorise_course *out) {
  arena a = {0};
  als_model m = {0};
  *out = (factorise_course){.sweeps = 0};
  const status result = find_course(s, v, goal, &a, &m, out);
  als_model_free(&m);
  arena_free(&a);
  return result;
}

static status sweep_to_end(const stage *s, als_model *m, int sweeps, const char *phase, const char *what) {
  checkpoint_state state;
  checkpoint saved;
  int sweep = 0;
  TRY(resume(s, m, phase, NULL, &state, &saved, &sweep));
  progress bar = stage_progress(s, sweeps);
  progress_from(&bar, sweep);
  while (sweep < sweeps) {
    TRY(sweep_once(m));
    progress_at(&bar, ++sweep, what);
    TRY(checkpoint_at(&saved, sweep));
  }
  TRY(checkpoint_end(&saved, sweep));
  progress_end(&bar, NULL);
  return STATUS_OK;
}

/* What half-sweeps move between nodes, and what that chose from. */
static void tell_exchange(const stage *s, const als_model *m) {
  const als_model_traffic *t = &m->traffic;
  log_event(s->log, s->name, "exchange", LOG_TEXT("items", t->is_stationary ? "stationary" : "moved"),
            LOG_INT("users_half_bytes", t->is_stationary ? 0 : t->items.chosen),
            LOG_INT("items_half_bytes", t->is_stationary ? t->stationary : t->users.chosen),
            LOG_INT("all_items", t->items.all), LOG_INT("needed_items", t->items.needed),
            LOG_INT("all_users", t->users.all), LOG_INT("needed_users", t->users.needed),
            LOG_INT("sums", t->stationary), LOG_INT("sent_by_rank_0", t->sent_users + t->sent_items));
}

static status fit(const stage *s, int sweeps, const char *phase, const char *what, als_model *m) {
  double loss = 0;
  int64_t exact = 0;
  TRY(sweep_to_end(s, m, sweeps, phase, what));
  TRY(als_model_loss(m, &loss));
  TRY(als_model_finish(m, &exact));
  comm_sum_i64(s->comm, &exact, 1);
  log_event(s->log, s->name, m->is_ratings ? "rating_refit" : "refit", LOG_TEXT("of", what), LOG_INT("sweeps", sweeps),
            LOG_REAL("loss", loss), LOG_INT("users_solved_exactly", exact));
  tell_exchange(s, m);
  return STATUS_OK;
}

status factorise_als_fit(const stage *s, const history *h, als_model_goal goal, int sweeps, const char *phase,
                         const char *what, arena *a, als_model *out) {
  const als_model_options options = als_model_options_of(s->settings, goal);
  TRY(als_model_create(h, &options, a, out));
  return fit(s, sweeps, phase, what, out);
}

status factorise_als_fit_all(const stage *s, const history *h, als_model_goal goal, int sweeps, const char *phase,
                             const char *what, arena *a, als_model *out) {
  arena earlier = {0};
  als_model_options options = als_model_options_of(s->settings, goal);
  status result = factorise_warm_start(s, h, &earlier, &options, &sweeps);
  if (result == STATUS_OK) result = als_model_create(h, &options, a, out);
  if (result == STATUS_OK && options.start != NULL && sweeps == 0) result = als_fold_in(out, options.start);
  arena_free(&earlier);
  TRY(result);
  return fit(s, sweeps, phase, what, out);
}

/* Without padding, as data/factors.h has them. */
static status copy_factors(const float *table, int32_t count, int width, int stride, int bias_column, arena *a,
                           factors *out) {
  *out = (factors){.count = count, .width = width};
  TRY(ARENA(a, (int64_t)count * width, &out->value));
  TRY(ARENA(a, count, &out->bias));
  for (int64_t i = 0; i < count; i++) {
    memcpy(out->value + i * width, table + i * stride, (size_t)width * sizeof *table);
    if (bias_column >= 0) out->bias[i] = table[i * stride + bias_column];
  }
  return STATUS_OK;
}

static status save_items(const stage *s, const als_model *m, const float *popularity) {
  item_model model = {.mean = m->mean};
  char *path = NULL;
  TRY(copy_factors(m->item, m->history->items, m->width, m->stride, m->is_ratings ? m->width + 1 : -1, m->arena,
                   &model.items));
  TRY(ARENA(m->arena, m->history->items, &model.popularity));
  memcpy(model.popularity, popularity, (size_t)m->history->items * sizeof *popularity);
  TRY(stage_path(s, s->name, m->is_ratings ? "ratings-items" : "items", 0, 0, &path));
  return work_file_save_item_model(path, &model);
}

static status save_users(const stage *s, const als_model *m, int part) {
  factors own;
  char *path = NULL;
  const als_model_part *p = &m->part[part];
  TRY(copy_factors(p->user, p->seen->count, m->width, m->stride, m->is_ratings ? m->width : -1, m->arena, &own));
  TRY(stage_path(s, s->name, m->is_ratings ? "ratings" : "users", m->history->first + part, m->history->user_parts,
                 &path));
  return work_file_save_factors(path, &own);
}

status factorise_als_save(const stage *s, const als_model *m, const float *popularity) {
  if (s->comm->rank == 0) TRY(save_items(s, m, popularity));
  for (int p = 0; p < m->history->count; p++) {
    const arena_mark before = arena_here(m->arena);
    TRY(save_users(s, m, p));
    arena_release(m->arena, before);
  }
  return STATUS_OK;
}
