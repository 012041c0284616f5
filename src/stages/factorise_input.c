#include "stages/factorise_input.h"

#include <math.h>

#include "comm/tree_sum.h"
#include "io/work_file.h"
#include "stages/factorise_features.h"

static status load_files(const stage *s, factorise_input *in) {
  partition owned;
  TRY(stage_users(s, &owned));
  in->first = owned.first[s->comm->rank];
  in->count = owned.first[s->comm->rank + 1] - in->first;
  stage_done ingest;
  TRY(stage_before(s, "ingest", &ingest));
  in->now = accounts_get(&ingest.numbers, "now");
  in->cut = accounts_get(&ingest.numbers, "cut");
  char *path = NULL;
  TRY(stage_path(s, "ingest", "items", 0, 0, &path));
  TRY(work_file_load_catalogue(path, s->arena, &in->items));
  TRY(ARENA(s->arena, in->count, &in->users));
  for (int p = 0; p < in->count; p++) {
    TRY(stage_path(s, "ingest", "users", in->first + p, owned.count, &path));
    TRY(work_file_load_users(path, in->items.count, s->arena, &in->users[p]));
  }
  return STATUS_OK;
}

static status take_features(const stage *s, factorise_input *in) {
  TRY(factorise_features_items(&in->items, s->arena, &in->item_features));
  TRY(ARENA(s->arena, in->count, &in->user_features));
  for (int p = 0; p < in->count; p++) TRY(factorise_features_users(&in->users[p], s->arena, &in->user_features[p]));
  return STATUS_OK;
}

status factorise_input_load(const stage *s, factorise_input *out) {
  *out = (factorise_input){.half_life = settings_real(s->settings, "events.half_life"),
                           .is_explicit = settings_choice(s->settings, "als.feedback") == 1};
  TRY_ALL(s->comm, load_files(s, out));
  TRY(factorise_features_words(s, &out->items, s->arena, &out->item_words));
  TRY_ALL(s->comm, take_features(s, out));
  double range[2] = {-HUGE_VAL, -HUGE_VAL}; /* −lowest, highest: one maximum serves both */
  for (int p = 0; p < out->count; p++) {
    const users *u = &out->users[p];
    out->users_total += u->count;
    for (int64_t j = 0; j < u->offset[u->count]; j++) {
      if (u->fold[j] == FOLD_TEST) continue;
      range[0] = fmax(range[0], -(double)u->weight[j]);
      range[1] = fmax(range[1], (double)u->weight[j]);
    }
  }
  comm_max_f64(s->comm, range, 2);
  comm_sum_i64(s->comm, &out->users_total, 1);
  out->lowest = -range[0];
  out->highest = range[1];
  return STATUS_OK;
}

/* Is the pair among those before the cut, or among all that are not held back for a test? */
static int is_in(const users *u, int64_t j, int train) { return u->fold[j] <= (train ? FOLD_TRAIN : FOLD_VALIDATION); }

static float appetite(const factorise_input *in, const users *u, int64_t j, int train) {
  const double value = (double)(train ? u->train_weight[j] : u->weight[j]);
  /* Ingest aged all weights to the night; a model that stands at the cut knows them as they were then. */
  const double younger = train && in->half_life > 0 ? exp2((double)(in->now - in->cut) / 86400 / in->half_life) : 1;
  if (!in->is_explicit) return (float)log1p(value * younger);
  const double range = in->highest - in->lowest;
  const double rated = range > 0 ? 0.5 + (value - in->lowest) / range : 1;
  const double days = fmax(0, (double)((train ? in->cut : in->now) - u->last[j]) / 86400);
  return (float)(in->half_life > 0 ? rated * exp2(-days / in->half_life) : rated);
}

/* The interactions of partition `first + part`. */
static status view(const factorise_input *in, int part, als_model_goal goal, int train, arena *a,
                   als_interactions *out) {
  const users *u = &in->users[part];
  int64_t *offset = NULL, count = 0;
  item_row *item = NULL;
  float *value = NULL;
  TRY(ARENA(a, u->count + 1, &offset));
  for (int64_t j = 0; j < u->offset[u->count]; j++) count += is_in(u, j, train);
  TRY(ARENA(a, count, &item));
  TRY(ARENA(a, count, &value));
  int64_t at = 0;
  for (user_row i = 0; i < u->count; i++) {
    for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
      if (!is_in(u, j, train)) continue;
      item[at] = u->item[j];
      value[at++] = goal == ALS_MODEL_RANKING ? appetite(in, u, j, train) : train ? u->train_weight[j] : u->weight[j];
    }
    offset[i + 1] = at;
  }
  *out = (als_interactions){.count = u->count, .offset = offset, .item = item};
  if (goal == ALS_MODEL_RANKING)
    out->weight = value;
  else
    out->target = value;
  return STATUS_OK;
}

static status take_views(const factorise_input *in, als_model_goal goal, int train, arena *a, history *h,
                         int64_t **start) {
  als_interactions *all = NULL;
  const user_id **id = NULL;
  TRY(ARENA(a, h->user_parts + 1, start));
  TRY(ARENA(a, in->count, &all));
  TRY(ARENA(a, in->count, &id));
  for (int p = 0; p < in->count; p++) {
    TRY(view(in, p, goal, train, a, &all[p]));
    id[p] = in->users[p].id;
    (*start)[in->first + p + 1] = in->users[p].count;
  }
  h->user_id = id;
  *(goal == ALS_MODEL_RANKING ? &h->seen : &h->rated) = all;
  return STATUS_OK;
}

status factorise_input_history(const factorise_input *in, const stage *s, als_model_goal goal, int train, arena *a,
                               history *out) {
  int64_t *start = NULL;
  *out = (history){.comm = s->comm,
                   .seed = s->seed,
                   .items = in->items.count,
                   .item_id = in->items.id,
                   .user_parts = (int)settings_int(s->settings, "partitions.users"),
                   .item_parts = (int)settings_int(s->settings, "partitions.items"),
                   .first = in->first,
                   .count = in->count,
                   .lowest = in->lowest,
                   .highest = in->highest,
                   .item_words = in->item_words,
                   .item_features = in->item_features,
                   .user_features = in->user_features};
  TRY_ALL(s->comm, take_views(in, goal, train, a, out, &start));
  comm_sum_i64(s->comm, start, out->user_parts + 1);
  for (int p = 0; p < out->user_parts; p++) start[p + 1] += start[p];
  out->user_start = start;
  return STATUS_OK;
}

static status push_means(const factorise_input *in, int train, tree_sum *sum) {
  for (int p = 0; p < in->count; p++) {
    const users *u = &in->users[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(sum, in->first + p, (void **)&leaf));
    for (int64_t j = 0; j < u->offset[u->count]; j++) {
      if (!is_in(u, j, train)) continue;
      leaf[0] += (double)(train ? u->train_weight[j] : u->weight[j]);
      leaf[1] += 1;
    }
    tree_sum_push(sum);
  }
  return STATUS_OK;
}

status factorise_input_mean(const factorise_input *in, const stage *s, int train, double *mean) {
  tree_sum *sum = NULL;
  double whole[2] = {0, 0};
  const int leaves = (int)settings_int(s->settings, "partitions.users");
  TRY_ALL(s->comm, tree_sum_create(TREE_SUM_F64, 2, leaves, s->arena, &sum));
  TRY_ALL(s->comm, push_means(in, train, sum));
  TRY(tree_sum_finish(sum, s->comm, whole));
  *mean = whole[1] > 0 ? whole[0] / whole[1] : 0;
  return STATUS_OK;
}
