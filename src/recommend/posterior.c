#include "recommend/posterior.h"

#include <math.h>
#include <string.h>

#include "base/watchdog.h"
#include "comm/tree_sum.h"
#include "math/gaussian.h"

/* What rows of one side are drawn to. */
typedef struct prior {
  double *mean;      /* [width] */
  double *precision; /* [width, width] */
  double *pull;      /* [width], precision × mean */
} prior;

enum { USERS, ITEMS, SIDES };

typedef struct posterior {
  const history *history;
  posterior_options options;
  arena *arena;
  int width, moments; /* moments: width × (width + 1) / 2 */
  double mean, noise; /* of ratings; precision of their noise */
  double **user;      /* [count] of [users, width] */
  double *item;       /* [items, width] */
  prior prior[SIDES];
  tree_sum *side_sum, *item_sum, *error_sum;
  double *side, *normal;           /* sums of a side: Σ x, Σ x xᵀ; normal equations of the items */
  double *matrix, *bartlett, *row; /* scratch */
} posterior;

posterior_options posterior_options_of(const settings *s) {
  return (posterior_options){.width = (int)settings_int(s, "ratings.width"),
                             .burn = (int)settings_int(s, "ratings.burn"),
                             .draws = (int)settings_int(s, "ratings.draws")};
}

static random_stream stream_of(const posterior *p, uint64_t high, uint64_t low, int step) {
  return random_open(p->history->seed, RANDOM_POSTERIOR, high ^ (low << 1), (uint32_t)step);
}

/* Adds x and the lower triangle of x xᵀ, weighted. */
static void add_moments(int width, const double *x, double value, double *first, double *second) {
  for (int i = 0; i < width; i++) {
    first[i] += value * x[i];
    for (int j = 0; j <= i; j++) *second++ += x[i] * x[j];
  }
}

static void unpack(int width, const double *second, double scale, const double *plus, double *out) {
  for (int i = 0; i < width; i++)
    for (int j = 0; j <= i; j++, second++)
      out[i * width + j] = out[j * width + i] = plus[i * width + j] + scale * *second;
}

/* Draws mean and precision of a side from its `rows` rows' sums: a Gauss-Wishart prior with mean 0, as strong as two
 * rows, scale 1 and `width` degrees of freedom, as in the paper. */
static status draw_prior(posterior *p, int side, double rows, int step) {
  const int width = p->width;
  const double strength = 2, freedom = width + rows;
  double *m = p->matrix, *first = p->side, *second = p->side + width;
  random_stream r = stream_of(p, (uint64_t)side, 0, step);
  for (int i = 0, at = 0; i < width; i++)
    for (int j = 0; j <= i; j++, at++)
      m[i * width + j] = (i == j) + second[at] - first[i] * first[j] / (strength + rows);
  if (!gaussian_factor(width, m)) return status_fail(STATUS_BUG, "a prior of ratings has no precision");
  prior *of = &p->prior[side];
  gaussian_wishart(width, m, freedom, &r, of->precision, p->bartlett);
  for (int i = 0; i < width * width; i++) m[i] = (strength + rows) * of->precision[i];
  for (int i = 0; i < width; i++) {
    of->mean[i] = 0;
    for (int j = 0; j < width; j++) of->mean[i] += of->precision[i * width + j] * first[j];
  }
  if (!gaussian_factor(width, m)) return status_fail(STATUS_BUG, "a prior of ratings has no precision");
  gaussian_draw(width, m, &r, of->mean);
  for (int i = 0; i < width; i++) {
    of->pull[i] = 0;
    for (int j = 0; j < width; j++) of->pull[i] += of->precision[i * width + j] * of->mean[j];
  }
  return STATUS_OK;
}

static status push_users(posterior *p) {
  const history *h = p->history;
  for (int part = 0; part < h->count; part++) {
    double *leaf = NULL;
    TRY(tree_sum_leaf(p->side_sum, h->first + part, (void **)&leaf));
    for (user_row u = 0; u < h->rated[part].count; u++)
      add_moments(p->width, p->user[part] + (int64_t)u * p->width, 1, leaf, leaf + p->width);
    tree_sum_push(p->side_sum);
  }
  return STATUS_OK;
}

/* Draws a row from its normal equations: noise × Σ z zᵀ, noise × Σ z t. */
static status draw_row(posterior *p, int side, const double *first, const double *second, random_stream r,
                       double *out) {
  unpack(p->width, second, p->noise, p->prior[side].precision, p->matrix);
  for (int i = 0; i < p->width; i++) out[i] = p->prior[side].pull[i] + p->noise * first[i];
  if (!gaussian_factor(p->width, p->matrix)) return status_fail(STATUS_BUG, "a row of ratings has no precision");
  gaussian_draw(p->width, p->matrix, &r, out);
  return STATUS_OK;
}

static status draw_users(posterior *p, int step) {
  const history *h = p->history;
  for (int part = 0; part < h->count; part++) {
    const als_interactions *rated = &h->rated[part];
    for (user_row u = 0; u < rated->count; u++) {
      const user_id id = h->user_id[part][u];
      memset(p->row, 0, (size_t)(p->width + p->moments) * sizeof *p->row);
      for (int64_t j = rated->offset[u]; j < rated->offset[u + 1]; j++)
        add_moments(p->width, p->item + (int64_t)rated->item[j] * p->width, (double)rated->target[j] - p->mean, p->row,
                    p->row + p->width);
      TRY(draw_row(p, USERS, p->row, p->row + p->width, stream_of(p, id.high, id.low, step),
                   p->user[part] + (int64_t)u * p->width));
    }
    watchdog_pulse();
  }
  return STATUS_OK;
}

static status push_items(posterior *p) {
  const history *h = p->history;
  const int64_t each = p->width + p->moments;
  for (int part = 0; part < h->count; part++) {
    const als_interactions *rated = &h->rated[part];
    double *leaf = NULL;
    TRY(tree_sum_leaf(p->item_sum, h->first + part, (void **)&leaf));
    for (user_row u = 0; u < rated->count; u++)
      for (int64_t j = rated->offset[u]; j < rated->offset[u + 1]; j++) {
        double *normal = leaf + each * rated->item[j];
        add_moments(p->width, p->user[part] + (int64_t)u * p->width, (double)rated->target[j] - p->mean, normal,
                    normal + p->width);
      }
    tree_sum_push(p->item_sum);
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* All ranks draw all items, from the same sums. */
static status draw_items(posterior *p, int step) {
  const int64_t each = p->width + p->moments;
  for (item_row i = 0; i < p->history->items; i++) {
    const item_id id = p->history->item_id[i];
    const double *normal = p->normal + each * i;
    TRY(draw_row(p, ITEMS, normal, normal + p->width, stream_of(p, id.high, id.low, step),
                 p->item + (int64_t)i * p->width));
  }
  return STATUS_OK;
}

static double predict(const posterior *p, int part, user_row u, item_row i) {
  const double *x = p->user[part] + (int64_t)u * p->width, *y = p->item + (int64_t)i * p->width;
  double sum = p->mean;
  for (int c = 0; c < p->width; c++) sum += x[c] * y[c];
  return sum;
}

/* Squares of errors, and how many; or, before there are factors, sums of ratings. */
static status push_errors(posterior *p, int of_ratings) {
  const history *h = p->history;
  for (int part = 0; part < h->count; part++) {
    const als_interactions *rated = &h->rated[part];
    double *leaf = NULL;
    TRY(tree_sum_leaf(p->error_sum, h->first + part, (void **)&leaf));
    for (user_row u = 0; u < rated->count; u++)
      for (int64_t j = rated->offset[u]; j < rated->offset[u + 1]; j++) {
        const double rating = (double)rated->target[j];
        const double error = of_ratings ? 0 : predict(p, part, u, rated->item[j]) - rating;
        leaf[0] += of_ratings ? rating : error * error;
        leaf[1] += 1;
      }
    tree_sum_push(p->error_sum);
  }
  return STATUS_OK;
}

static status sum_errors(posterior *p, int of_ratings, double *mean) {
  double sums[2] = {0, 0};
  TRY_ALL(p->history->comm, push_errors(p, of_ratings));
  TRY(tree_sum_finish(p->error_sum, p->history->comm, sums));
  *mean = sums[1] > 0 ? sums[0] / sums[1] : 0;
  return STATUS_OK;
}

static status sweep(posterior *p, int step) {
  const history *h = p->history;
  double error = 0;
  TRY_ALL(h->comm, push_users(p));
  TRY(tree_sum_finish(p->side_sum, h->comm, p->side));
  TRY_ALL(h->comm, draw_prior(p, USERS, (double)h->user_start[h->user_parts], SIDES * step));
  TRY_ALL(h->comm, draw_users(p, SIDES * step));
  memset(p->side, 0, (size_t)(p->width + p->moments) * sizeof *p->side);
  for (item_row i = 0; i < h->items; i++)
    add_moments(p->width, p->item + (int64_t)i * p->width, 1, p->side, p->side + p->width);
  TRY_ALL(h->comm, draw_prior(p, ITEMS, h->items, SIDES * step + 1));
  TRY_ALL(h->comm, push_items(p));
  TRY(tree_sum_finish(p->item_sum, h->comm, p->normal));
  TRY_ALL(h->comm, draw_items(p, SIDES * step + 1));
  TRY(sum_errors(p, 0, &error));
  p->noise = 1 / fmax(error, 1e-6);
  return STATUS_OK;
}

static status take(posterior *p) {
  const history *h = p->history;
  const int64_t square = (int64_t)p->width * p->width, each = p->width + p->moments;
  arena *a = p->arena;
  TRY(ARENA(a, h->count, &p->user));
  for (int part = 0; part < h->count; part++) TRY(ARENA(a, (int64_t)h->rated[part].count * p->width, &p->user[part]));
  TRY(ARENA(a, (int64_t)h->items * p->width, &p->item));
  for (int side = 0; side < SIDES; side++) {
    TRY(ARENA(a, p->width, &p->prior[side].mean));
    TRY(ARENA(a, p->width, &p->prior[side].pull));
    TRY(ARENA(a, square, &p->prior[side].precision));
  }
  TRY(ARENA(a, each, &p->side));
  TRY(ARENA(a, each * h->items, &p->normal));
  TRY(ARENA(a, square, &p->matrix));
  TRY(ARENA(a, square, &p->bartlett));
  TRY(ARENA(a, each, &p->row));
  TRY(tree_sum_create(TREE_SUM_F64, each, h->user_parts, a, &p->side_sum));
  TRY(tree_sum_create(TREE_SUM_F64, each * h->items, h->user_parts, a, &p->item_sum));
  return tree_sum_create(TREE_SUM_F64, 2, h->user_parts, a, &p->error_sum);
}

/* Small random items; users start at 0, and are drawn first. */
static void initialise(posterior *p) {
  for (item_row i = 0; i < p->history->items; i++) {
    const item_id id = p->history->item_id[i];
    random_stream r = random_open(p->history->seed, RANDOM_FACTORS, id.high, 0);
    for (int c = 0; c < p->width; c++) p->item[(int64_t)i * p->width + c] = 0.1 * (double)random_normal(&r);
  }
}

static void add_predictions(const posterior *p, const targets *of, float *const *value) {
  for (int part = 0; part < p->history->count; part++)
    for (user_row u = 0; u < p->history->rated[part].count; u++)
      for (int64_t j = of->offset[part][u]; j < of->offset[part][u + 1]; j++)
        value[part][j] += (float)(predict(p, part, u, of->item[part][j]) / p->options.draws);
}

static status predict_all(posterior *p, const targets *of, float *const *value) {
  const history *h = p->history;
  TRY_ALL(h->comm, take(p));
  initialise(p);
  TRY(sum_errors(p, 1, &p->mean));
  p->noise = 1;
  for (int part = 0; part < h->count; part++)
    memset(value[part], 0, (size_t)of->offset[part][h->rated[part].count] * sizeof *value[part]);
  for (int step = 1; step <= p->options.burn + p->options.draws; step++) {
    TRY(sweep(p, step));
    if (step > p->options.burn) add_predictions(p, of, value);
  }
  return STATUS_OK;
}

status posterior_predict(const history *h, const posterior_options *o, const targets *of, float *const *value) {
  arena memory = {0};
  posterior p = {.history = h, .options = *o, .arena = &memory, .width = o->width};
  p.moments = o->width * (o->width + 1) / 2;
  const status result = predict_all(&p, of, value);
  arena_free(&memory);
  return result;
}
