#include "recommend/als_model.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "comm/window.h"
#include "recommend/als_fold.h"
#include "recommend/als_prior.h"
#include "support/als_twin.h"
#include "support/als_world.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"

enum { PARTS = 8, WIDTH = 12, SWEEPS = 3 };

/* A fitted model, as every rank sees it: all users, all items. */
typedef struct fitted {
  arena arena;
  history history;
  als_model model;
  float *user;
  int64_t users;
  double loss;
  int64_t exact;
} fitted;

static als_model_options options_of(als_model_goal goal, als_model_exchange exchange) {
  return (als_model_options){.goal = goal,
                             .width = WIDTH,
                             .steps = 3,
                             .unobserved = goal == ALS_MODEL_RATINGS ? 0 : 0.1,
                             .regularisation = 0.05,
                             .exponent = 1,
                             .exchange = exchange};
}

static status gather_users(fitted *f) {
  const history *h = &f->history;
  int64_t count = 0, *offset = NULL;
  for (int p = 0; p < h->count; p++) count += f->model.part[p].seen->count;
  float *mine = NULL;
  TRY_ALL(h->comm, ARENA(&f->arena, count * f->model.stride, &mine));
  count = 0;
  for (int p = 0; p < h->count; p++) {
    const int64_t floats = (int64_t)f->model.part[p].seen->count * f->model.stride;
    memcpy(mine + count, f->model.part[p].user, (size_t)floats * sizeof *mine);
    count += floats;
  }
  TRY(comm_gather_all(h->comm, mine, count * (int64_t)sizeof *mine, &f->arena, (void **)&f->user, &offset));
  f->users = offset[h->comm->size] / (int64_t)sizeof *mine / f->model.stride;
  return STATUS_OK;
}

static status fit(const comm *c, int parts, const als_model_options *o, fitted *out) {
  memset(out, 0, sizeof *out);
  TRY_ALL(c, als_world_make(c, parts, &out->arena, &out->history));
  TRY(als_model_create(&out->history, o, &out->arena, &out->model));
  TRY(als_model_users(&out->model));
  for (int s = 0; s < SWEEPS; s++) {
    TRY(als_model_items(&out->model));
    TRY(als_model_users(&out->model));
  }
  TRY(als_model_loss(&out->model, &out->loss));
  als_model_complete(&out->model);
  TRY_ALL(c, als_model_finish(&out->model, &out->exact));
  comm_sum_i64(c, &out->exact, 1);
  return gather_users(out);
}

static void drop(fitted *f) {
  als_model_free(&f->model);
  arena_free(&f->arena);
}

static int same(const fitted *a, const fitted *b) {
  const size_t row = (size_t)a->model.stride * sizeof(float);
  return a->users == b->users && a->loss == b->loss && a->exact == b->exact &&
         memcmp(a->user, b->user, (size_t)a->users * row) == 0 &&
         memcmp(a->model.item, b->model.item, ALS_WORLD_ITEMS * row) == 0;
}

/* Fits over the ranks, and on each rank alone. */
static void same_bits(int parts, als_model_options o) {
  fitted together, alone;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, parts, &o, &together), STATUS_OK);
  CU_ASSERT_EQUAL(fit(mpi_solo(), parts, &o, &alone), STATUS_OK);
  CU_ASSERT_TRUE(same(&together, &alone));
  CU_ASSERT_TRUE(isfinite(together.loss) && together.loss > 0);
  comm_barrier(mpi_suite_comm);
  drop(&alone);
  drop(&together);
}

static void same_bits_as_one_rank(int parts, als_model_goal goal, als_model_exchange exchange) {
  same_bits(parts, options_of(goal, exchange));
}

static void on_nodes(int ranks) {
  window_node_most = ranks;
  for (int goal = ALS_MODEL_RANKING; goal <= ALS_MODEL_RATINGS; goal++)
    for (int e = ALS_MODEL_AUTO; e <= ALS_MODEL_STATIONARY; e++)
      same_bits_as_one_rank(PARTS, (als_model_goal)goal, (als_model_exchange)e);
  window_node_most = INT_MAX;
}

static void bits_are_those_of_one_rank_on_one_node(void) { on_nodes(INT_MAX); }
static void bits_are_those_of_one_rank_on_nodes_of_one_rank(void) { on_nodes(1); }
static void bits_are_those_of_one_rank_on_nodes_of_two_ranks(void) { on_nodes(2); }

static void ranks_may_be_more_than_partitions(void) {
  for (int e = ALS_MODEL_AUTO; e <= ALS_MODEL_STATIONARY; e++) {
    same_bits_as_one_rank(1, ALS_MODEL_RANKING, (als_model_exchange)e);
    same_bits_as_one_rank(3, ALS_MODEL_RATINGS, (als_model_exchange)e);
  }
}

static void gather_and_rows_have_the_same_bits_and_rows_move_less(void) {
  const als_model_options all = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER),
                          few = options_of(ALS_MODEL_RANKING, ALS_MODEL_ROWS);
  fitted a, b;
  window_node_most = 1;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &all, &a), STATUS_OK);
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &few, &b), STATUS_OK);
  CU_ASSERT_TRUE(same(&a, &b));
  CU_ASSERT_EQUAL(a.model.traffic.items.chosen, a.model.traffic.items.all);
  CU_ASSERT_EQUAL(b.model.traffic.items.chosen, b.model.traffic.items.needed);
  if (mpi_suite_comm->size > 1) { /* nobody needs who did nothing */
    CU_ASSERT_TRUE(b.model.traffic.users.chosen < a.model.traffic.users.chosen);
    CU_ASSERT_TRUE(b.model.traffic.items.chosen < a.model.traffic.items.chosen);
  }
  window_node_most = INT_MAX;
  drop(&b);
  drop(&a);
}

/* Of the products of all pairs of items, which no basis changes. */
static void compare_items(const fitted *a, const fitted *b, double *gap, double *size) {
  const int stride = a->model.stride;
  *gap = *size = 0;
  for (int i = 0; i < ALS_WORLD_ITEMS; i++)
    for (int j = 0; j <= i; j++) {
      double one = 0, two = 0;
      for (int c = 0; c < stride; c++) {
        one += (double)a->model.item[i * stride + c] * (double)a->model.item[j * stride + c];
        two += (double)b->model.item[i * stride + c] * (double)b->model.item[j * stride + c];
      }
      *gap += pow(one - two, 2);
      *size += pow(one, 2);
    }
}

/* Of a ranking's users gathered as bfloat16 the other reads no rounded ones. */
static void stationary_goes_the_same_way_in_another_order(void) {
  for (int goal = ALS_MODEL_RANKING; goal <= ALS_MODEL_RATINGS; goal++) {
    const double near = goal == ALS_MODEL_RANKING ? 3e-4 : 1e-6;
    als_model_options gather = options_of((als_model_goal)goal, ALS_MODEL_GATHER), still = gather;
    fitted a, b;
    still.exchange = ALS_MODEL_STATIONARY;
    gather.prior = still.prior = 2;
    CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &gather, &a), STATUS_OK);
    CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &still, &b), STATUS_OK);
    CU_ASSERT_TRUE(fabs(a.loss - b.loss) < near * a.loss);
    double gap = 0, size = 0;
    compare_items(&a, &b, &gap, &size);
    CU_ASSERT_TRUE(gap < near * size);
    drop(&b);
    drop(&a);
  }
}

/* All partitions of a history that one rank holds, in one. */
static als_interactions join(const fitted *f) {
  const history *h = &f->history;
  int64_t *offset = NULL, users = 0, pairs = 0;
  item_row *item = NULL;
  float *value = NULL;
  arena *a = (arena *)&f->arena;
  CU_ASSERT_EQUAL_FATAL(ARENA(a, ALS_WORLD_USERS + 1, &offset), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, ALS_WORLD_USERS * ALS_WORLD_ITEMS, &item), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(a, ALS_WORLD_USERS * ALS_WORLD_ITEMS, &value), STATUS_OK);
  for (int p = 0; p < h->count; p++)
    for (int32_t u = 0; u < h->seen[p].count; u++) {
      for (int64_t j = h->seen[p].offset[u]; j < h->seen[p].offset[u + 1]; j++) {
        item[pairs] = h->seen[p].item[j];
        value[pairs++] = h->seen[p].weight[j];
      }
      offset[++users] = pairs;
    }
  return (als_interactions){.count = (int32_t)users, .offset = offset, .item = item, .weight = value};
}

static float *join_lambda(const fitted *f) {
  float *lambda = NULL;
  int64_t at = 0;
  CU_ASSERT_EQUAL_FATAL(ARENA((arena *)&f->arena, ALS_WORLD_USERS, &lambda), STATUS_OK);
  for (int p = 0; p < f->history.count; p++)
    for (int32_t u = 0; u < f->history.seen[p].count; u++) lambda[at++] = f->model.part[p].lambda[u];
  return lambda;
}

static void loss_is_that_of_the_twin_that_sees_every_pair(void) {
  als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_solo(), PARTS, &o, &f), STATUS_OK);
  CU_ASSERT_EQUAL(als_model_loss(&f.model, &f.loss), STATUS_OK); /* some users have been solved again */
  const als_interactions m = join(&f);
  const float *lambda = join_lambda(&f);
  const double twin = als_twin_loss(&m, f.user, f.model.item, ALS_WORLD_ITEMS, WIDTH, f.model.stride, o.unobserved,
                                    lambda, f.model.item_lambda);
  CU_ASSERT_TRUE(fabs(f.loss - twin) < 1e-4 * twin);
  drop(&f);
}

/* As als_pack rounds. */
static void round_table(float *table, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, table + i, sizeof bits);
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000;
    memcpy(table + i, &bits, sizeof bits);
  }
}

/* With steps enough, a half-sweep leaves the rows that Gaussian elimination finds for the events' rounded rows. */
static void half_sweeps_solve_what_the_twin_solves(void) {
  als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  o.steps = 60;
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_solo(), PARTS, &o, &f), STATUS_OK);
  const als_interactions m = join(&f);
  const float *lambda = join_lambda(&f);
  double gap = 0;
  round_table(f.model.item, (int64_t)ALS_WORLD_ITEMS * f.model.stride);
  for (int32_t u = 0; u < m.count; u++) {
    double row[WIDTH] = {0};
    if (m.offset[u + 1] > m.offset[u])
      als_twin_user(&m, u, f.model.item, ALS_WORLD_ITEMS, WIDTH, 0, f.model.stride, o.unobserved, (double)lambda[u],
                    row);
    for (int c = 0; c < WIDTH; c++) gap = fmax(gap, fabs(row[c] - (double)f.user[u * f.model.stride + c]));
  }
  CU_ASSERT_TRUE(gap < 1e-3);
  drop(&f);
}

static void ratings_are_predicted_with_biases_and_mean(void) {
  const als_model_options o = options_of(ALS_MODEL_RATINGS, ALS_MODEL_AUTO);
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  double squares = 0, spread = 0;
  int64_t pairs = 0;
  for (int p = 0; p < f.history.count; p++) {
    const als_interactions *m = &f.history.rated[p];
    for (int32_t u = 0; u < m->count; u++)
      for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
        double dot = 0;
        for (int c = 0; c < f.model.stride; c++)
          dot += (double)f.model.part[p].user[u * f.model.stride + c] *
                 (double)f.model.item[m->item[j] * f.model.stride + c];
        squares += pow((double)m->target[j] - dot, 2);
        spread += pow((double)m->target[j] - f.model.mean, 2);
        pairs++;
      }
  }
  CU_ASSERT_TRUE(pairs == 0 || squares < 0.5 * spread);
  CU_ASSERT_TRUE(f.model.mean > 2 && f.model.mean < 4);
  drop(&f);
}

static void who_did_nothing_has_a_row_of_nothing(void) {
  const als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_AUTO);
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  int wrong = 0;
  for (int64_t u = 0; u < f.users; u++) {
    double square = 0;
    for (int c = 0; c < f.model.stride; c++) square += pow((double)f.user[u * f.model.stride + c], 2);
    wrong += (square > 0) != (u % ALS_WORLD_SILENT != 3);
  }
  for (int64_t i = 0; i < ALS_WORLD_ITEMS; i++) {
    double square = 0;
    for (int c = 0; c < f.model.stride; c++) square += pow((double)f.model.item[i * f.model.stride + c], 2);
    wrong += (square > 0) != (i % ALS_WORLD_SILENT != 1);
  }
  CU_ASSERT_EQUAL(wrong, 0);
  drop(&f);
}

/* Another model goes on from the state that a checkpoint holds, with the bits of one that was not disturbed. */
static void a_model_goes_on_from_its_state(void) {
  for (int e = ALS_MODEL_GATHER; e <= ALS_MODEL_STATIONARY; e++) {
    const als_model_options o = options_of(ALS_MODEL_RANKING, (als_model_exchange)e);
    fitted whole, again;
    window_node_most = 2;
    CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &whole), STATUS_OK);
    CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &again), STATUS_OK);
    als_model *m = &again.model, *from = &whole.model;
    if (als_model_is_writer(m)) memset(m->item, 0x55, (size_t)ALS_WORLD_ITEMS * (size_t)m->stride * sizeof(float));
    als_model_restored(m);
    if (als_model_is_writer(m))
      memcpy(m->item, from->item, (size_t)ALS_WORLD_ITEMS * (size_t)m->stride * sizeof(float));
    als_model_restored(m);
    CU_ASSERT_EQUAL(als_model_items(from), STATUS_OK);
    CU_ASSERT_EQUAL(als_model_users(from), STATUS_OK);
    CU_ASSERT_EQUAL(als_model_items(m), STATUS_OK);
    CU_ASSERT_EQUAL(als_model_users(m), STATUS_OK);
    als_model_complete(from);
    als_model_complete(m);
    CU_ASSERT_EQUAL(memcmp(m->item, from->item, (size_t)ALS_WORLD_ITEMS * (size_t)m->stride * sizeof(float)), 0);
    window_node_most = INT_MAX;
    drop(&again);
    drop(&whole);
  }
}

/* Loss after one sweep of a model that starts from rows of `from`, but for every `without`-th. */
static double loss_after_one_sweep(const fitted *from, int without) {
  als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  static const float *start[ALS_WORLD_ITEMS];
  arena a = {0};
  als_model m;
  double loss = 0;
  for (int i = 0; i < ALS_WORLD_ITEMS; i++)
    start[i] = i % without == 0 ? NULL : from->model.item + (int64_t)i * from->model.stride;
  if (without > 1) o.start = start;
  CU_ASSERT_EQUAL(als_model_create(&from->history, &o, &a, &m), STATUS_OK);
  CU_ASSERT_EQUAL(als_model_users(&m), STATUS_OK);
  CU_ASSERT_EQUAL(als_model_items(&m), STATUS_OK);
  CU_ASSERT_EQUAL(als_model_users(&m), STATUS_OK);
  CU_ASSERT_EQUAL(als_model_loss(&m, &loss), STATUS_OK);
  als_model_free(&m);
  arena_free(&a);
  return loss;
}

static void a_warm_start_is_ahead_of_a_cold_one(void) {
  const als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  const double cold = loss_after_one_sweep(&f, 1), warm = loss_after_one_sweep(&f, INT_MAX),
               nearly = loss_after_one_sweep(&f, 10);
  CU_ASSERT_TRUE(warm < f.loss); /* it goes on where the other stopped */
  CU_ASSERT_TRUE(f.loss < cold);
  CU_ASSERT_TRUE(warm < nearly && nearly < cold);
  drop(&f);
}

static double dot(const float *x, const float *y, int stride) {
  double sum = 0;
  for (int c = 0; c < stride; c++) sum += (double)x[c] * (double)y[c];
  return sum;
}

/* What a half-sweep of the items finds, in another basis: compared by what users think of it. */
static void folded_items_are_those_that_a_half_sweep_finds(als_model_goal goal) {
  als_model_options o = options_of(goal, ALS_MODEL_STATIONARY);
  fitted f;
  o.steps = 60;
  float *folded = NULL, *before = NULL;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  const int stride = f.model.stride;
  CU_ASSERT_EQUAL(ARENA(&f.arena, (int64_t)ALS_WORLD_ITEMS * stride, &folded), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&f.arena, f.users * ALS_WORLD_ITEMS, &before), STATUS_OK);
  const als_interactions *by_user = goal == ALS_MODEL_RATINGS ? f.history.rated : f.history.seen;
  CU_ASSERT_EQUAL(als_fold_items(&f.model, by_user, ALS_WORLD_ITEMS, folded), STATUS_OK);
  for (int64_t u = 0; u < f.users; u++)
    for (int64_t i = 0; i < ALS_WORLD_ITEMS; i++)
      before[u * ALS_WORLD_ITEMS + i] = (float)dot(f.user + u * stride, folded + i * stride, stride);
  CU_ASSERT_EQUAL(als_model_items(&f.model), STATUS_OK);
  als_model_complete(&f.model);
  CU_ASSERT_EQUAL(gather_users(&f), STATUS_OK);
  double gap = 0;
  for (int64_t u = 0; u < f.users; u++)
    for (int64_t i = 0; i < ALS_WORLD_ITEMS; i++)
      gap = fmax(gap, fabs(dot(f.user + u * stride, f.model.item + i * stride, stride) -
                           (double)before[u * ALS_WORLD_ITEMS + i]));
  CU_ASSERT_TRUE(gap < 5e-3);
  drop(&f);
}

static void folded_items_are_those_of_the_model(void) {
  folded_items_are_those_that_a_half_sweep_finds(ALS_MODEL_RANKING);
  folded_items_are_those_that_a_half_sweep_finds(ALS_MODEL_RATINGS);
}

static void folded_items_have_the_same_bits_on_any_number_of_ranks(void) {
  const als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  fitted together, alone;
  float *a = NULL, *b = NULL;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &together), STATUS_OK);
  CU_ASSERT_EQUAL(fit(mpi_solo(), PARTS, &o, &alone), STATUS_OK);
  const int64_t floats = (int64_t)ALS_WORLD_ITEMS * together.model.stride;
  CU_ASSERT_EQUAL(ARENA(&together.arena, floats, &a), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&alone.arena, floats, &b), STATUS_OK);
  CU_ASSERT_EQUAL(als_fold_items(&together.model, together.history.seen, ALS_WORLD_ITEMS, a), STATUS_OK);
  CU_ASSERT_EQUAL(als_fold_items(&alone.model, alone.history.seen, ALS_WORLD_ITEMS, b), STATUS_OK);
  CU_ASSERT_EQUAL(memcmp(a, b, (size_t)floats * sizeof *a), 0);
  CU_ASSERT_TRUE(a[0] != 0);
  comm_barrier(mpi_suite_comm);
  drop(&alone);
  drop(&together);
}

/* A model that keeps the items of `from` but every `without`-th, which are folded in. */
static status keep_items(const fitted *from, const als_model_options *options, int without, arena *a, als_model *m,
                         double *loss) {
  als_model_options o = *options;
  const float *start[ALS_WORLD_ITEMS];
  float row[ALS_WORLD_ITEMS][WIDTH + 1];
  for (int i = 0; i < ALS_WORLD_ITEMS; i++) {
    const float *item = from->model.item + (int64_t)i * from->model.stride;
    memcpy(row[i], item, WIDTH * sizeof *item);
    row[i][WIDTH] = item[WIDTH + 1]; /* the bias, of ratings */
    start[i] = i % without == 0 ? NULL : row[i];
  }
  o.start = start;
  TRY(als_model_create(&from->history, &o, a, m));
  TRY(als_fold_in(m, start));
  TRY(als_model_users(m));
  als_model_complete(m);
  return als_model_loss(m, loss);
}

static void items_of_an_earlier_model_stay_and_others_are_folded_in(als_model_goal goal) {
  enum { WITHOUT = 10 };
  const als_model_options o = options_of(goal, ALS_MODEL_GATHER);
  fitted f;
  arena a = {0};
  als_model m;
  double loss = 0, gap = 0;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  CU_ASSERT_EQUAL(keep_items(&f, &o, WITHOUT, &a, &m, &loss), STATUS_OK);
  for (int i = 0; i < ALS_WORLD_ITEMS; i++)
    for (int j = 0; j < ALS_WORLD_ITEMS; j++)
      if (i % WITHOUT != 0 && j % WITHOUT != 0)
        gap = fmax(gap, fabs(dot(m.item + i * m.stride, m.item + j * m.stride, WIDTH) -
                             dot(f.model.item + i * m.stride, f.model.item + j * m.stride, WIDTH)));
  CU_ASSERT_TRUE(gap < 1e-4);
  CU_ASSERT_TRUE(loss < 1.1 * f.loss);
  als_model_free(&m);
  arena_free(&a);
  drop(&f);
}

static void a_night_may_keep_all_items_and_fold_in_new_ones(void) {
  items_of_an_earlier_model_stay_and_others_are_folded_in(ALS_MODEL_RANKING);
  items_of_an_earlier_model_stay_and_others_are_folded_in(ALS_MODEL_RATINGS);
}

static void what_is_folded_in_has_the_same_bits_on_any_number_of_ranks(void) {
  const als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  fitted together, alone;
  arena a = {0}, b = {0};
  als_model m, n;
  double loss[2] = {0, 1};
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &together), STATUS_OK);
  CU_ASSERT_EQUAL(fit(mpi_solo(), PARTS, &o, &alone), STATUS_OK);
  CU_ASSERT_EQUAL(keep_items(&together, &o, 5, &a, &m, &loss[0]), STATUS_OK);
  CU_ASSERT_EQUAL(keep_items(&alone, &o, 5, &b, &n, &loss[1]), STATUS_OK);
  CU_ASSERT_EQUAL(loss[0], loss[1]);
  CU_ASSERT_EQUAL(memcmp(m.item, n.item, (size_t)ALS_WORLD_ITEMS * (size_t)m.stride * sizeof *m.item), 0);
  comm_barrier(mpi_suite_comm);
  als_model_free(&n);
  als_model_free(&m);
  arena_free(&a);
  arena_free(&b);
  drop(&alone);
  drop(&together);
}

static void a_prior_has_the_same_bits_on_any_number_of_ranks(void) {
  for (int nodes = 1; nodes <= 2; nodes++)
    for (int e = ALS_MODEL_GATHER; e <= ALS_MODEL_STATIONARY; e++) {
      als_model_options o = options_of(nodes == 1 ? ALS_MODEL_RANKING : ALS_MODEL_RATINGS, (als_model_exchange)e);
      o.prior = 2;
      window_node_most = nodes;
      same_bits(PARTS, o);
    }
  window_node_most = INT_MAX;
}

/* Each feature is a taste of its own, so that A is a mean of the rows of that taste. */
static void a_prior_is_the_ridge_of_its_features(void) {
  als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_GATHER);
  o.prior = 2;
  fitted f;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, PARTS, &o, &f), STATUS_OK);
  CU_ASSERT_EQUAL(als_prior_fit(&f.model, ALS_PRIOR_ITEMS), STATUS_OK);
  double sum[ALS_WORLD_TASTES][WIDTH] = {{0}}, weight[ALS_WORLD_TASTES] = {0}, all = 0, gap = 0;
  int rows = 0;
  for (int i = 0; i < ALS_WORLD_ITEMS; i++) {
    const double lambda = (double)f.model.item_lambda[i];
    if (!(lambda > 0)) continue;
    for (int c = 0; c < WIDTH; c++) sum[als_world_taste(i)][c] += lambda * (double)f.model.item[i * f.model.stride + c];
    weight[als_world_taste(i)] += lambda;
    all += lambda;
    rows++;
  }
  for (int i = 0; i < ALS_WORLD_ITEMS; i++) {
    const float *prior = als_prior_rows(&f.model, ALS_PRIOR_ITEMS, 0, i, 1);
    const int t = als_world_taste(i);
    for (int c = 0; c < WIDTH; c++)
      gap = fmax(gap, fabs((double)prior[c] - sum[t][c] / (weight[t] + all / rows / o.prior)));
  }
  CU_ASSERT_TRUE(gap < 1e-5);
  drop(&f);
}

/* Mean score of pairs of one taste over that of pairs of two, among users and items of which one is cold. */
static double liking(const fitted *f, int cold_users) {
  double own = 0, other = 0;
  int owns = 0, others = 0;
  for (int64_t u = 0; u < f->users; u++)
    for (int64_t i = 0; i < ALS_WORLD_ITEMS; i++) {
      if ((u % ALS_WORLD_SILENT == 3) != cold_users || (i % ALS_WORLD_SILENT == 1) == cold_users) continue;
      double score = 0;
      for (int c = 0; c < WIDTH; c++)
        score += (double)f->user[u * f->model.stride + c] * (double)f->model.item[i * f->model.stride + c];
      if (als_world_taste(u) == als_world_taste(i)) {
        own += score;
        owns++;
      } else {
        other += score;
        others++;
      }
    }
  return own / owns - other / others;
}

static void who_and_what_is_new_is_placed_by_its_features(void) {
  als_model_options o = options_of(ALS_MODEL_RANKING, ALS_MODEL_ROWS);
  fitted f, g;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, 1, &o, &f), STATUS_OK); /* one partition: users in order */
  o.prior = 2;
  CU_ASSERT_EQUAL(fit(mpi_suite_comm, 1, &o, &g), STATUS_OK);
  CU_ASSERT_TRUE(liking(&g, 0) > 0.1);
  CU_ASSERT_TRUE(liking(&g, 1) > 0.1);
  CU_ASSERT_EQUAL(liking(&f, 0), 0);
  CU_ASSERT_EQUAL(liking(&f, 1), 0);
  drop(&g);
  drop(&f);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(bits_are_those_of_one_rank_on_one_node),
      TEST(bits_are_those_of_one_rank_on_nodes_of_one_rank),
      TEST(bits_are_those_of_one_rank_on_nodes_of_two_ranks),
      TEST(ranks_may_be_more_than_partitions),
      TEST(gather_and_rows_have_the_same_bits_and_rows_move_less),
      TEST(stationary_goes_the_same_way_in_another_order),
      TEST(loss_is_that_of_the_twin_that_sees_every_pair),
      TEST(half_sweeps_solve_what_the_twin_solves),
      TEST(ratings_are_predicted_with_biases_and_mean),
      TEST(who_did_nothing_has_a_row_of_nothing),
      TEST(a_model_goes_on_from_its_state),
      TEST(a_warm_start_is_ahead_of_a_cold_one),
      TEST(folded_items_are_those_of_the_model),
      TEST(folded_items_have_the_same_bits_on_any_number_of_ranks),
      TEST(a_night_may_keep_all_items_and_fold_in_new_ones),
      TEST(what_is_folded_in_has_the_same_bits_on_any_number_of_ranks),
      TEST(a_prior_has_the_same_bits_on_any_number_of_ranks),
      TEST(a_prior_is_the_ridge_of_its_features),
      TEST(who_and_what_is_new_is_placed_by_its_features),
  };
  return MPI_SUITE_RUN(argc, argv, "als_model", tests);
}
