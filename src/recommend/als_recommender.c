#include "recommend/als_recommender.h"

#include <cblas.h>
#include <string.h>

/* An ALS model of the ranking, and the panel of items that comes next. */
typedef struct als_ranker {
  als_model *model, own; /* own: empty where the model is somebody else's */
  const float *panel;    /* [count, stride] */
  int count;
  float *block;  /* [RECOMMENDER_USERS, stride]: fewer users than a block, filled up with 0 */
  float *scores; /* [RECOMMENDER_USERS, RECOMMENDER_PANEL] of them */
} als_ranker;

static status sweep(als_model *m, int sweeps) {
  int64_t exact = 0;
  TRY(als_model_users(m));
  for (int s = 0; s < sweeps; s++) {
    TRY(als_model_items(m));
    TRY(als_model_users(m));
  }
  als_model_complete(m);
  return als_model_finish(m, &exact);
}

static status take_blocks(als_ranker *r, arena *a) {
  TRY(ARENA(a, (int64_t)RECOMMENDER_USERS * r->model->stride, &r->block));
  return ARENA(a, RECOMMENDER_USERS * RECOMMENDER_PANEL, &r->scores);
}

status als_recommender_adopt(als_model *m, arena *a, void **model) {
  als_ranker *r = NULL;
  TRY(ARENA(a, 1, &r));
  r->model = m;
  *model = r;
  return take_blocks(r, a);
}

static status fit(const history *h, const settings *s, arena *a, void **model) {
  const als_model_options options = als_model_options_of(s, ALS_MODEL_RANKING);
  *model = NULL;
  als_ranker *r = NULL;
  TRY_ALL(h->comm, ARENA(a, 1, &r));
  r->model = &r->own;
  *model = r;
  TRY(als_model_create(h, &options, a, r->model));
  TRY_ALL(h->comm, take_blocks(r, a));
  return sweep(r->model, (int)settings_int(s, "als.sweeps"));
}

static status panel(void *model, item_row first, int count) {
  als_ranker *r = model;
  r->panel = r->model->item + (int64_t)first * r->model->stride;
  r->count = count;
  return STATUS_OK;
}

/* One shape whatever the number of users, so that nobody's bits depend on who is scored beside it. */
static void multiply(const als_ranker *r, const float *user, float *score) {
  const als_model *m = r->model;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, RECOMMENDER_USERS, r->count, m->width, 1, user, m->stride,
              r->panel, m->stride, 0, score, RECOMMENDER_PANEL);
}

static void score(void *model, int part, user_row from, int users, float *out) {
  als_ranker *r = model;
  const als_model *m = r->model;
  const float *user = m->part[part].user + (int64_t)from * m->stride;
  if (users == RECOMMENDER_USERS) {
    multiply(r, user, out);
    return;
  }
  const size_t used = (size_t)users * (size_t)m->stride;
  memcpy(r->block, user, used * sizeof *user);
  memset(r->block + used, 0, ((size_t)RECOMMENDER_USERS * (size_t)m->stride - used) * sizeof *user);
  multiply(r, r->block, r->scores);
  memcpy(out, r->scores, (size_t)users * RECOMMENDER_PANEL * sizeof *out);
}

static void give_back(void *model) {
  als_ranker *r = model;
  if (r != NULL) als_model_free(&r->own);
}

const recommender_kind als_recommender = {"als", fit, panel, score, give_back};
