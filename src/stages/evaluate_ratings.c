#include "stages/evaluate_ratings.h"

#include <math.h>

#include "comm/tree_sum.h"
#include "math/metrics.h"
#include "recommend/posterior.h"
#include "stages/factorise_als.h"
#include "stages/factorise_judge.h"

/* Without anybody to judge by, as many sweeps as are allowed. */
static status find_sweeps(const stage *s, const factorise_input *in, int64_t *sweeps) {
  arena a = {0};
  fold_view v;
  factorise_course course = {.sweeps = settings_int(s->settings, "als.sweeps")};
  status result = fold_view_create(s, in, FOLD_TRAIN, FOLD_VALIDATION, &a, &v);
  if (result == STATUS_OK && v.judged > 0) result = factorise_als_course(s, &v, ALS_MODEL_RATINGS, &course);
  arena_free(&a);
  *sweeps = course.sweeps;
  return result;
}

static status push_errors(const fold_view *v, float *const *value, tree_sum *sum) {
  const history *h = &v->history;
  for (int p = 0; p < h->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, h->first + p, (void **)&leaf));
    for (int64_t j = 0; j < v->targets.offset[p][h->seen[p].count]; j++)
      leaf[0] += metrics_square_error((double)value[p][j], (double)v->targets.rating[p][j], h->lowest, h->highest);
    tree_sum_push(sum);
  }
  return STATUS_OK;
}

static status take_values(const fold_view *v, arena *a, float ***value, tree_sum **sum) {
  TRY(ARENA(a, v->history.count, value));
  for (int p = 0; p < v->history.count; p++)
    TRY(ARENA(a, v->targets.offset[p][v->history.seen[p].count], &(*value)[p]));
  return tree_sum_create(TREE_SUM_F64, 1, v->history.user_parts, a, sum);
}

static status judge_posterior(const stage *s, const fold_view *v, arena *a, double *rmse) {
  const posterior_options options = posterior_options_of(s->settings);
  float **value = NULL;
  tree_sum *sum = NULL;
  double error = 0;
  TRY_ALL(s->comm, take_values(v, a, &value, &sum));
  TRY(posterior_predict(&v->history, &options, &v->targets, value));
  TRY_ALL(s->comm, push_errors(v, value, sum));
  TRY(tree_sum_finish(sum, s->comm, &error));
  *rmse = v->targets_total > 0 ? sqrt(error / (double)v->targets_total) : 0;
  return STATUS_OK;
}

status evaluate_ratings_judge(const stage *s, const factorise_input *in, const fold_view *test, evaluate_ratings *out) {
  arena a = {0};
  als_model m = {0};
  double mean = 0;
  *out = (evaluate_ratings){.sweeps = 0};
  TRY(factorise_input_mean(in, s, 0, &mean));
  TRY(factorise_judge_ratings(test, NULL, mean, &out->mean_rmse));
  TRY(find_sweeps(s, in, &out->sweeps));
  status result =
      factorise_als_fit(s, &test->history, ALS_MODEL_RATINGS, (int)out->sweeps, "ratings", "on all ratings", &a, &m);
  if (result == STATUS_OK) result = factorise_judge_ratings(test, &m, 0, &out->rmse);
  als_model_free(&m);
  out->has_posterior = settings_int(s->settings, "ratings.draws") > 0;
  if (result == STATUS_OK && out->has_posterior) result = judge_posterior(s, test, &a, &out->posterior_rmse);
  arena_free(&a);
  return result;
}
