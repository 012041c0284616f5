#include "stages/factorise.h"

#include <stdio.h>
#include <string.h>

#include "io/work_file.h"
#include "stages/checkpoint.h"
#include "stages/factorise_judge.h"

/* The sweeps of one fit to what was before the cut. */
typedef struct course {
  int64_t sweeps; /* best number */
  factorise_verdict best;
} course;

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

/* Takes a model, and what goes with it, to where a killed job has left it; *sweep is -1 where there was none. */
static status resume(const stage *s, als_model *m, const char *const phase[2], course *found, checkpoint_state *state,
                     checkpoint *out, int *sweep) {
  int64_t step = -1;
  TRY_ALL(s->comm, describe(m, state));
  if (found != NULL) tensor_file_add(&state->shared, "course", TENSOR_U8, sizeof *found, 1, found);
  TRY(checkpoint_open(s, phase[m->is_ratings], state, out, &step));
  als_model_restored(m);
  *sweep = (int)step;
  return STATUS_OK;
}

static void tell_sweep(const stage *s, const als_model *m, progress *bar, int sweep, double loss,
                       const factorise_verdict *v) {
  char note[128];
  if (m->is_ratings) {
    snprintf(note, sizeof note, "ratings: loss %.5g, RMSE %.4f", loss, v->rmse);
    log_event(s->log, s->name, "rating_sweep", LOG_INT("sweep", sweep), LOG_REAL("loss", loss),
              LOG_REAL("rmse", v->rmse));
  } else {
    snprintf(note, sizeof note, "loss %.5g, recall@20 %.4f, NDCG@20 %.4f", loss, v->recall, v->ndcg);
    log_event(s->log, s->name, "sweep", LOG_INT("sweep", sweep), LOG_REAL("loss", loss),
              LOG_REAL("recall@20", v->recall), LOG_REAL("ndcg@20", v->ndcg));
  }
  bar->shown = 0; /* each sweep is worth a line, in a batch log too */
  progress_at(bar, sweep, note);
}

static status sweep_once(const stage *s, als_model *m, factorise_judge *judge, int sweep, progress *bar, course *out) {
  double loss = 0;
  factorise_verdict v;
  TRY(als_model_items(m));
  TRY(als_model_users(m));
  als_model_complete(m);
  TRY(als_model_loss(m, &loss));
  TRY(factorise_judge_model(judge, m, &v));
  tell_sweep(s, m, bar, sweep, loss, &v);
  const int better = m->is_ratings ? v.rmse < out->best.rmse : v.ndcg > out->best.ndcg;
  if (out->sweeps > 0 && !better) return STATUS_OK;
  out->best = v;
  out->sweeps = sweep;
  return STATUS_OK;
}

/* Sweeps until the judge has seen no better one for als.patience sweeps. */
static status sweep_and_judge(const stage *s, als_model *m, factorise_judge *judge, course *out) {
  const int most = (int)settings_int(s->settings, "als.sweeps"),
            patience = (int)settings_int(s->settings, "als.patience");
  static const char *const phase[] = {"ranking-course", "ratings-course"};
  checkpoint_state state;
  checkpoint saved;
  int sweep = 0;
  TRY(resume(s, m, phase, out, &state, &saved, &sweep));
  if (sweep < 0) {
    TRY(als_model_users(m));
    als_model_complete(m);
    sweep = 0;
  }
  progress bar = stage_progress(s, most);
  progress_from(&bar, sweep);
  while (sweep < most && sweep + 1 - out->sweeps <= patience) {
    TRY(sweep_once(s, m, judge, ++sweep, &bar, out));
    TRY(checkpoint_at(&saved, sweep));
  }
  TRY(checkpoint_end(&saved, sweep));
  progress_end(&bar, NULL);
  return STATUS_OK;
}

static status create(const stage *s, const factorise_input *in, als_model_goal goal, int train, arena *a, history *h,
                     als_model *m) {
  const als_model_options options = als_model_options_of(s->settings, goal);
  TRY(factorise_input_history(in, s, goal, train, a, h));
  return als_model_create(h, &options, a, m);
}

/* How many sweeps a model needs, learned before the cut and judged after it. */
static status find_course(const stage *s, const factorise_input *in, factorise_judge *judge, als_model_goal goal,
                          course *out) {
  arena a = {0};
  history h;
  als_model m = {0};
  status result = create(s, in, goal, 1, &a, &h, &m);
  if (result == STATUS_OK) result = sweep_and_judge(s, &m, judge, out);
  als_model_free(&m);
  arena_free(&a);
  return result;
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

static status save_items(const stage *s, const factorise_input *in, const als_model *m) {
  item_model model = {.mean = m->mean};
  char *path = NULL;
  TRY(copy_factors(m->item, m->history->items, m->width, m->stride, m->is_ratings ? m->width + 1 : -1, m->arena,
                   &model.items));
  TRY(ARENA(m->arena, m->history->items, &model.popularity));
  for (item_row i = 0; i < m->history->items; i++)
    model.popularity[i] = in->users_total > 0 ? (float)((double)in->items.users[i] / (double)in->users_total) : 0;
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

static status save_model(const stage *s, const factorise_input *in, als_model *m) {
  if (s->comm->rank == 0) TRY(save_items(s, in, m));
  for (int p = 0; p < m->history->count; p++) {
    const arena_mark before = arena_here(m->arena);
    TRY(save_users(s, m, p));
    arena_release(m->arena, before);
  }
  return STATUS_OK;
}

static status refit(const stage *s, als_model *m, int sweeps) {
  static const char *const phase[] = {"ranking", "ratings"};
  checkpoint_state state;
  checkpoint saved;
  int sweep = 0;
  TRY(resume(s, m, phase, NULL, &state, &saved, &sweep));
  if (sweep < 0) {
    TRY(als_model_users(m));
    als_model_complete(m);
    sweep = 0;
  }
  progress bar = stage_progress(s, sweeps);
  progress_from(&bar, sweep);
  while (sweep < sweeps) {
    TRY(als_model_items(m));
    TRY(als_model_users(m));
    als_model_complete(m);
    progress_at(&bar, ++sweep, "on all events");
    TRY(checkpoint_at(&saved, sweep));
  }
  TRY(checkpoint_end(&saved, sweep));
  progress_end(&bar, NULL);
  return STATUS_OK;
}

static status refit_and_save(const stage *s, const factorise_input *in, als_model *m, int sweeps) {
  double loss = 0;
  TRY(refit(s, m, sweeps));
  TRY(als_model_loss(m, &loss));
  int64_t exact = 0;
  TRY_ALL(s->comm, als_model_finish(m, &exact));
  comm_sum_i64(s->comm, &exact, 1);
  log_event(s->log, s->name, m->is_ratings ? "rating_refit" : "refit", LOG_INT("sweeps", sweeps),
            LOG_REAL("loss", loss), LOG_INT("users_solved_exactly", exact));
  TRY_ALL(s->comm, save_model(s, in, m));
  return STATUS_OK;
}

static status fit_all(const stage *s, const factorise_input *in, als_model_goal goal, int sweeps) {
  arena a = {0};
  history h;
  als_model m = {0};
  status result = create(s, in, goal, 0, &a, &h, &m);
  if (result == STATUS_OK) result = refit_and_save(s, in, &m, sweeps);
  als_model_free(&m);
  arena_free(&a);
  return result;
}

static status judge_popularity(const stage *s, factorise_judge *judge, factorise_verdict *out) {
  TRY(factorise_judge_popularity(judge, out));
  log_event(s->log, s->name, "popularity", LOG_REAL("recall@20", out->recall), LOG_REAL("ndcg@20", out->ndcg),
            LOG_INT("judged_users", out->judged), LOG_INT("new_users", out->newcomers),
            LOG_INT("targets", out->targets));
  return STATUS_OK;
}

static status fit_ranking(stage *s, const factorise_input *in, factorise_judge *judge) {
  course found = {.sweeps = 0};
  factorise_verdict popular = factorise_judge_size(judge);
  accounts_add(&s->done.numbers, "judged_users", popular.judged);
  if (popular.judged == 0) {
    const int sweeps = (int)settings_int(s->settings, "als.sweeps");
    log_event(s->log, s->name, "nothing_to_judge_by", LOG_INT("sweeps", sweeps));
    accounts_add(&s->done.numbers, "sweeps", sweeps);
    TRY_ALL(s->comm, arena_print(s->arena, (char **)&s->done.summary, "\"sweeps\": %d", sweeps));
    return fit_all(s, in, ALS_MODEL_RANKING, sweeps);
  }
  TRY(judge_popularity(s, judge, &popular));
  TRY(find_course(s, in, judge, ALS_MODEL_RANKING, &found));
  accounts_add(&s->done.numbers, "sweeps", found.sweeps);
  TRY_ALL(s->comm,
          arena_print(s->arena, (char **)&s->done.summary,
                      "\"recall@20\": %.5f, \"ndcg@20\": %.5f, \"popularity_recall@20\": %.5f, "
                      "\"popularity_ndcg@20\": %.5f, \"sweeps\": %lld",
                      found.best.recall, found.best.ndcg, popular.recall, popular.ndcg, (long long)found.sweeps));
  return fit_all(s, in, ALS_MODEL_RANKING, (int)found.sweeps);
}

static status fit_ratings(stage *s, const factorise_input *in, factorise_judge *judge) {
  if (factorise_judge_size(judge).judged == 0)
    return fit_all(s, in, ALS_MODEL_RATINGS, (int)settings_int(s->settings, "als.sweeps"));
  course found = {.sweeps = 0};
  factorise_verdict constant;
  double mean = 0;
  TRY(factorise_input_mean(in, s, 1, &mean));
  TRY(factorise_judge_mean(judge, mean, &constant));
  TRY(find_course(s, in, judge, ALS_MODEL_RATINGS, &found));
  TRY_ALL(s->comm, arena_print(s->arena, (char **)&s->done.summary,
                               "%s, \"rmse\": %.5f, \"mean_rmse\": %.5f, \"rating_sweeps\": %lld", s->done.summary,
                               found.best.rmse, constant.rmse, (long long)found.sweeps));
  return fit_all(s, in, ALS_MODEL_RATINGS, (int)found.sweeps);
}

status factorise_run(stage *s) {
  factorise_input in;
  factorise_judge *judge = NULL;
  TRY(factorise_input_load(s, &in));
  TRY(factorise_judge_create(s, &in, s->arena, &judge));
  TRY(fit_ranking(s, &in, judge));
  if (in.is_explicit) TRY(fit_ratings(s, &in, judge));
  return stage_commit(s);
}
