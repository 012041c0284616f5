#include "stages/factorise.h"

#include <string.h>

#include "recommend/als_recommender.h"
#include "stages/factorise_als.h"
#include "stages/factorise_candidates.h"
#include "stages/factorise_judge.h"
#include "stages/fold_ensemble.h"

typedef struct work {
  stage *stage;
  factorise_input in;
  ensemble models;
  int als; /* place of ALS among the models, or -1 */
  int64_t judged;
  verdict popular;
  factorise_course ranking, ratings;
  double mean_rmse;
  blend_account learned;
} work;

static int place_of_als(const ensemble *e) {
  for (int i = 0; i < e->terms; i++)
    if (e->term[i].kind == &als_recommender) return i;
  return -1;
}

static status judge_popularity(work *w, const fold_view *v) {
  TRY(factorise_judge_popularity(v, &w->popular));
  log_event(w->stage->log, w->stage->name, "popularity", LOG_REAL("recall@20", w->popular.recall.mean),
            LOG_REAL("ndcg@20", w->popular.ndcg.mean), LOG_INT("judged_users", v->judged),
            LOG_INT("new_users", v->newcomers), LOG_INT("targets", v->targets_total));
  return STATUS_OK;
}

/* Fits all models but ALS, which is there already, to what it was fitted to. */
static status fit_beside(work *w, als_model *als, const history *h, const char *upto, arena *a) {
  if (w->als >= 0) TRY_ALL(w->stage->comm, als_recommender_adopt(als, a, &w->models.given[w->als]));
  return fold_ensemble_fit_to(w->stage, &w->models, h, upto);
}

static void leave(work *w, als_model *als) {
  ensemble_free(&w->models);
  if (w->als >= 0) w->models.given[w->als] = NULL;
  als_model_free(als);
}

static status fit_and_weigh(work *w, const fold_view *v, arena *a, als_model *als) {
  if (w->als >= 0)
    TRY(factorise_als_fit(w->stage, &v->history, ALS_MODEL_RANKING, (int)w->ranking.sweeps, "ranking-before",
                          "before the cut", a, als));
  TRY(fit_beside(w, als, &v->history, "to what was before the cut", a));
  return fold_ensemble_weigh(w->stage, v, &w->models, &w->learned);
}

/* With the best number of sweeps, as later; where the course has ended, ALS has been through some more. */
static status learn_weights(work *w, const fold_view *v, arena *a) {
  als_model als = {0};
  if (w->models.terms == 1) return STATUS_OK;
  const status result = fit_and_weigh(w, v, a, &als);
  leave(w, &als);
  return result;
}

static status judge_ratings(work *w, const fold_view *v) {
  double mean = 0;
  TRY(factorise_input_mean(&w->in, w->stage, 1, &mean));
  TRY(factorise_judge_ratings(v, NULL, mean, &w->mean_rmse));
  return factorise_als_course(w->stage, v, ALS_MODEL_RATINGS, &w->ratings);
}

static status learn_before_cut(work *w, arena *a) {
  const stage *s = w->stage;
  fold_view v;
  TRY(fold_view_create(s, &w->in, FOLD_TRAIN, FOLD_VALIDATION, a, &v));
  w->judged = v.judged;
  if (v.judged == 0) {
    w->ranking.sweeps = w->ratings.sweeps = settings_int(s->settings, "als.sweeps");
    log_event(s->log, s->name, "nothing_to_judge_by", LOG_INT("sweeps", w->ranking.sweeps));
    return STATUS_OK;
  }
  TRY(judge_popularity(w, &v));
  TRY(factorise_als_course(s, &v, ALS_MODEL_RANKING, &w->ranking));
  if (w->in.is_explicit) TRY(judge_ratings(w, &v));
  return learn_weights(w, &v, a);
}

static status fit_ratings(const work *w, const history *h, const float *popularity) {
  arena a = {0};
  als_model m = {0};
  status result = factorise_als_fit_all(w->stage, h, ALS_MODEL_RATINGS, (int)w->ratings.sweeps, "ratings",
                                        "on all ratings", &a, &m);
  if (result == STATUS_OK) result = comm_agree(w->stage->comm, factorise_als_save(w->stage, &m, popularity));
  als_model_free(&m);
  arena_free(&a);
  return result;
}

static status rank_by_all(work *w, const fold_view *v, als_model *als, const float *popularity, arena *a) {
  const stage *s = w->stage;
  TRY(factorise_als_fit_all(s, &v->history, ALS_MODEL_RANKING, (int)w->ranking.sweeps, "ranking", "on all events", a,
                            als));
  TRY_ALL(s->comm, factorise_als_save(s, als, popularity));
  w->models.spares = 1;
  TRY(fit_beside(w, als, &v->history, "to all events", a));
  if (w->judged == 0) TRY(fold_ensemble_weigh(s, v, &w->models, &w->learned));
  return factorise_candidates_write(s, &w->in, &v->history, &w->models);
}

static status take_popularity(const factorise_input *in, arena *a, float **out) {
  TRY(ARENA(a, in->items.count, out));
  for (item_row i = 0; i < in->items.count; i++)
    (*out)[i] = in->users_total > 0 ? (float)((double)in->items.users[i] / (double)in->users_total) : 0;
  return STATUS_OK;
}

static status fit_all(work *w, arena *a) {
  fold_view v;
  als_model als = {0};
  float *popularity = NULL;
  TRY_ALL(w->stage->comm, take_popularity(&w->in, a, &popularity));
  TRY(fold_view_create(w->stage, &w->in, FOLD_VALIDATION, FOLD_TEST, a, &v));
  const status result = rank_by_all(w, &v, &als, popularity, a);
  leave(w, &als);
  TRY(result);
  return w->in.is_explicit ? fit_ratings(w, &v.history, popularity) : STATUS_OK;
}

static status summarise(work *w, arena *a, char **text) {
  const verdict *als = &w->ranking.best, *popular = &w->popular;
  TRY(arena_print(a, text, "\"sweeps\": %lld", (long long)w->ranking.sweeps));
  if (w->judged == 0) return STATUS_OK;
  TRY(arena_print(a, text,
                  "\"recall@20\": %.5f, \"ndcg@20\": %.5f, \"popularity_recall@20\": %.5f, "
                  "\"popularity_ndcg@20\": %.5f, %s",
                  als->recall.mean, als->ndcg.mean, popular->recall.mean, popular->ndcg.mean, *text));
  if (w->in.is_explicit)
    TRY(arena_print(a, text, "%s, \"rmse\": %.5f, \"mean_rmse\": %.5f, \"rating_sweeps\": %lld", *text, w->ratings.rmse,
                    w->mean_rmse, (long long)w->ratings.sweeps));
  if (w->models.terms == 1) return STATUS_OK;
  for (int i = 0; i < w->models.terms; i++) {
    const char *name = w->models.term[i].kind->name;
    TRY(arena_print(a, text, "%s, \"%s_alone_ndcg@20\": %.5f, \"%s_share\": %.4f", *text, name, w->learned.alone[i],
                    name, w->learned.share[i]));
  }
  return arena_print(a, text, "%s, \"blend_ndcg@20\": %.5f", *text, w->learned.ndcg);
}

static status in_own_memory(work *w, status (*run)(work *w, arena *a)) {
  arena a = {0};
  const status result = run(w, &a);
  arena_free(&a);
  return result;
}

status factorise_run(stage *s) {
  work w = {.stage = s};
  TRY(factorise_input_load(s, &w.in));
  TRY_ALL(s->comm, fold_ensemble_create(s, &w.in, &w.models));
  w.als = place_of_als(&w.models);
  TRY(in_own_memory(&w, learn_before_cut));
  TRY(in_own_memory(&w, fit_all));
  accounts_add(&s->done.numbers, "judged_users", w.judged);
  accounts_add(&s->done.numbers, "sweeps", w.ranking.sweeps);
  TRY_ALL(s->comm, summarise(&w, s->arena, (char **)&s->done.summary));
  return stage_commit(s);
}
