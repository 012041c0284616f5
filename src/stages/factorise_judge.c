#include "stages/factorise_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/watchdog.h"
#include "math/metrics.h"
#include "math/topk.h"

/* The judged users of one logical partition. */
typedef struct judged {
  int32_t count;
  user_row *row;          /* [count] */
  int64_t *seen_offset;   /* [count + 1] */
  item_row *seen;         /* before the cut */
  int64_t *target_offset; /* [count + 1] */
  item_row *target;       /* first touched after it */
  float *rating;          /* [target_offset[count]] */
} judged;

struct factorise_judge {
  const stage *stage;
  const factorise_input *in;
  arena *arena;
  judged *panel; /* [in->count] */
  factorise_verdict size;
  tree_sum *sum;
  item_row *popular; /* [items], most popular first */
};

enum { RECALL, NDCG, ERROR, SUMS };

static int64_t count_targets(const users *u, user_row i, int64_t *seen) {
  int64_t targets = 0;
  *seen = 0;
  for (int64_t j = u->offset[i]; j < u->offset[i + 1]; j++) {
    *seen += u->fold[j] == FOLD_TRAIN;
    targets += u->fold[j] == FOLD_VALIDATION;
  }
  return targets;
}

static void fill_panel(const users *u, judged *p) {
  int64_t seen_at = 0, target_at = 0;
  for (int32_t k = 0; k < p->count; k++) {
    for (int64_t j = u->offset[p->row[k]]; j < u->offset[p->row[k] + 1]; j++) {
      if (u->fold[j] == FOLD_TRAIN) {
        p->seen[seen_at++] = u->item[j];
      } else if (u->fold[j] == FOLD_VALIDATION) {
        p->rating[target_at] = u->weight[j];
        p->target[target_at++] = u->item[j];
      }
    }
    p->seen_offset[k + 1] = seen_at;
    p->target_offset[k + 1] = target_at;
  }
}

static status take_panel(const users *u, arena *a, judged *p, factorise_verdict *size) {
  int64_t seen_total = 0, target_total = 0, seen = 0;
  TRY(ARENA(a, u->count, &p->row));
  for (user_row i = 0; i < u->count; i++) {
    const int64_t targets = count_targets(u, i, &seen);
    if (targets == 0) continue;
    if (seen == 0) {
      size->newcomers++;
      continue;
    }
    p->row[p->count++] = i;
    seen_total += seen;
    target_total += targets;
  }
  size->judged += p->count;
  size->targets += target_total;
  TRY(ARENA(a, p->count + 1, &p->seen_offset));
  TRY(ARENA(a, p->count + 1, &p->target_offset));
  TRY(ARENA(a, seen_total, &p->seen));
  TRY(ARENA(a, target_total, &p->target));
  TRY(ARENA(a, target_total, &p->rating));
  fill_panel(u, p);
  return STATUS_OK;
}

static status take_panels(factorise_judge *j) {
  TRY(ARENA(j->arena, j->in->count, &j->panel));
  for (int p = 0; p < j->in->count; p++) TRY(take_panel(&j->in->users[p], j->arena, &j->panel[p], &j->size));
  return tree_sum_create(TREE_SUM_F64, SUMS, (int)settings_int(j->stage->settings, "partitions.users"), j->arena,
                         &j->sum);
}

status factorise_judge_create(const stage *s, const factorise_input *in, arena *a, factorise_judge **out) {
  TRY_ALL(s->comm, ARENA(a, 1, out));
  factorise_judge *j = *out;
  j->stage = s;
  j->in = in;
  j->arena = a;
  TRY_ALL(s->comm, take_panels(j));
  int64_t sizes[3] = {j->size.judged, j->size.newcomers, j->size.targets};
  comm_sum_i64(s->comm, sizes, 3);
  j->size = (factorise_verdict){.judged = sizes[0], .newcomers = sizes[1], .targets = sizes[2]};
  return STATUS_OK;
}

factorise_verdict factorise_judge_size(const factorise_judge *j) { return j->size; }

/* Sums of all partitions into means. */
static status conclude(factorise_judge *j, factorise_verdict *out) {
  double sums[SUMS] = {0};
  TRY(tree_sum_finish(j->sum, j->stage->comm, sums));
  *out = j->size;
  if (out->judged == 0) return STATUS_OK;
  out->recall = sums[RECALL] / (double)out->judged;
  out->ndcg = sums[NDCG] / (double)out->judged;
  out->rmse = sqrt(sums[ERROR] / (double)out->targets);
  return STATUS_OK;
}

static void add_ranking(const judged *p, int32_t k, const item_row *ranked, int found, double *leaf) {
  metrics_user found_good;
  metrics_ranking(ranked, found, p->target + p->target_offset[k], p->target_offset[k + 1] - p->target_offset[k],
                  FACTORISE_TOP, &found_good);
  leaf[RECALL] += found_good.recall;
  leaf[NDCG] += found_good.ndcg;
}

typedef struct crowd {
  item_row item;
  int64_t users;
} crowd;

static int larger_first(const void *a, const void *b) {
  const crowd *x = a, *y = b;
  if (x->users != y->users) return x->users > y->users ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

static void count_crowds(const factorise_input *in, int64_t *count) {
  for (int p = 0; p < in->count; p++) {
    const users *u = &in->users[p];
    for (int64_t k = 0; k < u->offset[u->count]; k++) count[u->item[k]] += u->fold[k] == FOLD_TRAIN;
  }
}

static status sort_popular(factorise_judge *j, const int64_t *count) {
  crowd *order = NULL;
  TRY(ARENA(j->arena, j->in->items.count, &order));
  TRY(ARENA(j->arena, j->in->items.count, &j->popular));
  for (item_row i = 0; i < j->in->items.count; i++) order[i] = (crowd){i, count[i]};
  qsort(order, (size_t)j->in->items.count, sizeof *order, larger_first);
  for (item_row i = 0; i < j->in->items.count; i++) j->popular[i] = order[i].item;
  return STATUS_OK;
}

static int by_row(const void *a, const void *b) {
  const item_row x = *(const item_row *)a, y = *(const item_row *)b;
  return (x > y) - (x < y);
}

static status push_popularity(factorise_judge *j) {
  for (int p = 0; p < j->in->count; p++) {
    const judged *panel = &j->panel[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(j->sum, j->in->first + p, (void **)&leaf));
    for (int32_t k = 0; k < panel->count; k++) {
      item_row ranked[FACTORISE_TOP];
      int found = 0;
      const item_row *seen = panel->seen + panel->seen_offset[k];
      const size_t seen_count = (size_t)(panel->seen_offset[k + 1] - panel->seen_offset[k]);
      for (item_row i = 0; i < j->in->items.count && found < FACTORISE_TOP; i++) {
        const item_row item = j->popular[i];
        if (!j->in->items.available[item]) continue;
        if (bsearch(&item, seen, seen_count, sizeof *seen, by_row) == NULL) ranked[found++] = item;
      }
      add_ranking(panel, k, ranked, found, leaf);
    }
    tree_sum_push(j->sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status factorise_judge_popularity(factorise_judge *j, factorise_verdict *out) {
  const comm *c = j->stage->comm;
  int64_t *count = NULL;
  TRY_ALL(c, ARENA(j->arena, j->in->items.count, &count));
  count_crowds(j->in, count);
  comm_sum_i64(c, count, j->in->items.count);
  TRY_ALL(c, sort_popular(j, count));
  TRY_ALL(c, push_popularity(j));
  return conclude(j, out);
}

/* Ranks for the judged users of one partition. */
static status rank_panel(const factorise_judge *j, const als_model *m, int part, double *leaf) {
  const judged *p = &j->panel[part];
  float *user = NULL, *score = NULL, *scratch = NULL;
  item_row *best = NULL;
  TRY(ARENA(j->arena, (int64_t)p->count * m->stride, &user));
  TRY(ARENA(j->arena, (int64_t)p->count * FACTORISE_TOP, &best));
  TRY(ARENA(j->arena, (int64_t)p->count * FACTORISE_TOP, &score));
  for (int32_t k = 0; k < p->count; k++)
    memcpy(user + (int64_t)k * m->stride, m->part[part].user + (int64_t)p->row[k] * m->stride,
           (size_t)m->stride * sizeof *user);
  const topk_query q = {.users = p->count,
                        .items = j->in->items.count,
                        .width = m->stride,
                        .stride = m->stride,
                        .user = user,
                        .item = m->item,
                        .allowed = j->in->items.available,
                        .seen_offset = p->seen_offset,
                        .seen = p->seen,
                        .keep = FACTORISE_TOP};
  TRY(ARENA(j->arena, topk_scratch(&q), &scratch));
  topk_find(&q, best, score, scratch);
  for (int32_t k = 0; k < p->count; k++) {
    const item_row *ranked = best + (int64_t)k * FACTORISE_TOP;
    int found = 0;
    while (found < FACTORISE_TOP && ranked[found] >= 0) found++;
    add_ranking(p, k, ranked, found, leaf);
  }
  return STATUS_OK;
}

static double square_error(const factorise_input *in, double predicted, double rating) {
  const double gap = fmin(fmax(predicted, in->lowest), in->highest) - rating;
  return gap * gap;
}

static void rate_panel(const factorise_judge *j, const als_model *m, int part, double *leaf) {
  const judged *p = &j->panel[part];
  for (int32_t k = 0; k < p->count; k++)
    for (int64_t t = p->target_offset[k]; t < p->target_offset[k + 1]; t++) {
      const float *x = m->part[part].user + (int64_t)p->row[k] * m->stride;
      const float *y = m->item + (int64_t)p->target[t] * m->stride;
      double dot = 0;
      for (int c = 0; c < m->stride; c++) dot += (double)x[c] * (double)y[c];
      leaf[ERROR] += square_error(j->in, dot, (double)p->rating[t]);
    }
}

static status push_model(factorise_judge *j, const als_model *m) {
  for (int p = 0; p < j->in->count; p++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(j->sum, j->in->first + p, (void **)&leaf));
    const arena_mark before = arena_here(j->arena);
    if (m->is_ratings)
      rate_panel(j, m, p, leaf);
    else
      TRY(rank_panel(j, m, p, leaf));
    arena_release(j->arena, before);
    tree_sum_push(j->sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status factorise_judge_model(factorise_judge *j, const als_model *m, factorise_verdict *out) {
  TRY_ALL(j->stage->comm, push_model(j, m));
  return conclude(j, out);
}

static status push_mean(factorise_judge *j, double mean) {
  for (int p = 0; p < j->in->count; p++) {
    const judged *panel = &j->panel[p];
    double *leaf = NULL;
    TRY(tree_sum_leaf(j->sum, j->in->first + p, (void **)&leaf));
    for (int64_t t = 0; t < panel->target_offset[panel->count]; t++)
      leaf[ERROR] += square_error(j->in, mean, (double)panel->rating[t]);
    tree_sum_push(j->sum);
  }
  return STATUS_OK;
}

status factorise_judge_mean(factorise_judge *j, double mean, factorise_verdict *out) {
  TRY_ALL(j->stage->comm, push_mean(j, mean));
  return conclude(j, out);
}
