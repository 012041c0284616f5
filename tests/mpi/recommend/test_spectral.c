#include <math.h>
#include <string.h>

#include "math/spectral.h"
#include "recommend/spectral_vectors.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"
#include "support/score_all.h"
#include "support/spectral_twin.h"

enum { USERS = 130, ITEMS = 290, EVENTS = 14 };

/* What all users did, densely; on every rank. */
static double weights[USERS * ITEMS], w[ITEMS * ITEMS], root[ITEMS], values[ITEMS], vectors[ITEMS * ITEMS],
    model[ITEMS * ITEMS], linear[ITEMS * ITEMS], scratch[2 * ITEMS * ITEMS];

static void fill_twin(int binary) {
  arena memory = {0};
  planted_history all;
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  memset(weights, 0, sizeof weights);
  for (int p = 0; p < all.history.count; p++)
    for (user_row u = 0; u < all.history.seen[p].count; u++)
      for (int64_t j = all.history.seen[p].offset[u]; j < all.history.seen[p].offset[u + 1]; j++)
        weights[planted_history_user(&all.history, p, u) * ITEMS + all.history.seen[p].item[j]] =
            binary ? 1 : (double)all.history.seen[p].weight[j];
  arena_free(&memory);
  spectral_twin_matrix(weights, USERS, ITEMS, w, root);
  memcpy(scratch, w, sizeof w);
  spectral_twin_eigen(scratch, ITEMS, values, vectors);
}

/* With the linear filter that stands in `linear`. */
static void check_scores(int count, double ideal, double length, const char *const *assignments) {
  arena memory = {0};
  planted_history mine;
  float *scores = NULL;
  spectral_twin_model(linear, w, root, ITEMS, vectors, count, ideal, length, model, scratch);
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(&spectral_recommender, &mine.history, assignments, &memory, &scores), STATUS_OK);
  const history *h = &mine.history;
  double worst = 0, largest = 0;
  for (int p = 0, at = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++, at++)
      for (item_row i = 0; i < ITEMS; i++) {
        double score = 0;
        for (item_row j = 0; j < ITEMS; j++)
          score += weights[planted_history_user(h, p, u) * ITEMS + j] * model[j * ITEMS + i];
        worst = fmax(worst, fabs(score - (double)scores[at * ITEMS + i]));
        largest = fmax(largest, fabs(score));
      }
  CU_ASSERT(worst <= 2e-5 * largest);
  CU_ASSERT(mpi_suite_comm->size > PLANTED_PARTS || largest > 0.1);
  arena_free(&memory);
}

static void scores_are_those_of_the_definition(void) {
  const char *const assignments[] = {"spectral.user_power=1", "spectral.vectors=5", "spectral.ideal=0.4",
                                     "spectral.sharpen=2.5", NULL};
  fill_twin(1);
  memcpy(linear, w, sizeof w);
  check_scores(5, 0.4, 2.5, assignments);
}

static void weights_count_where_asked_for(void) {
  const char *const assignments[] = {"spectral.user_power=1", "spectral.vectors=5", "spectral.binary=false",
                                     "spectral.sharpen=0",    "spectral.ideal=0.3", NULL};
  fill_twin(0);
  memcpy(linear, w, sizeof w);
  check_scores(5, 0.3, 0, assignments);
}

static void the_linear_filter_stands_alone_without_an_ideal_one(void) {
  const char *const assignments[] = {"spectral.user_power=1", "spectral.ideal=0", "spectral.sharpen=1", NULL};
  fill_twin(1);
  memcpy(linear, w, sizeof w);
  check_scores(0, 0, 1, assignments);
}

static void powers_of_the_linear_filter_are_free(void) {
  const char *const assignments[] = {"spectral.vectors=5",   "spectral.user_power=0.6",   "spectral.input_power=0.7",
                                     "spectral.sharpen=1.5", "spectral.output_power=0.3", NULL};
  fill_twin(1);
  spectral_twin_linear(weights, USERS, ITEMS, 0.6, 0.7, 0.3, linear);
  check_scores(5, 0.3, 1.5, assignments);
  const char *const plain[] = {"spectral.vectors=5", "spectral.user_power=0.6",   "spectral.input_power=0.7",
                               "spectral.sharpen=0", "spectral.output_power=0.3", NULL};
  check_scores(5, 0.3, 0, plain);
}

/* More vectors than W has rank: the low-pass lets everything pass, and nothing is divided by 0. */
static void all_vectors_are_not_too_many(void) {
  const char *const assignments[] = {"spectral.user_power=1", "spectral.vectors=400", "spectral.ideal=0.3",
                                     "spectral.sharpen=2", NULL};
  fill_twin(1);
  memcpy(linear, w, sizeof w);
  check_scores(ITEMS, 0.3, 2, assignments);
}

static void scores_have_the_same_bits_on_any_number_of_ranks(void) {
  const char *const assignments[] = {"spectral.vectors=20", NULL};
  arena memory = {0};
  planted_history mine, all;
  float *scores = NULL, *expected = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(&spectral_recommender, &mine.history, assignments, &memory, &scores), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(&spectral_recommender, &all.history, assignments, &memory, &expected), STATUS_OK);
  const int64_t *start = mine.history.user_start;
  const int64_t first = start[mine.history.first], end = start[mine.history.first + mine.history.count];
  CU_ASSERT_EQUAL(memcmp(scores, expected + first * ITEMS, (size_t)(end - first) * ITEMS * sizeof *scores), 0);
  arena_free(&memory);
}

static void vectors_are_orthonormal_and_values_those_of_the_matrix(void) {
  const spectral_goal goal = {.vectors = 40, .oversampling = 24, .iterations = 60};
  arena memory = {0};
  planted_history mine;
  const node_matrix *r = NULL;
  spectral_matrix m;
  spectral_vectors v;
  fill_twin(1);
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(node_matrix_open(&mine.history, &r), STATUS_OK);
  CU_ASSERT_EQUAL(spectral_matrix_create(r, 1, (spectral_powers){1, 0.5, 0.5}, &memory, &m), STATUS_OK);
  CU_ASSERT_EQUAL(spectral_vectors_find(&mine.history, &m, goal, &memory, &v), STATUS_OK);
  double apart = 0, skew = 0, off = 0;
  for (int a = 0; a < v.count; a++) {
    apart = fmax(apart, fabs(v.value[a] - values[a]));
    for (int b = 0; b < v.count; b++) {
      double dot = 0, inner = 0;
      for (int i = 0; i < ITEMS; i++) {
        dot += (double)(v.vector[i * v.count + a] * v.vector[i * v.count + b]);
        for (int j = 0; j < ITEMS; j++)
          inner += (double)v.vector[i * v.count + a] * w[i * ITEMS + j] * (double)v.vector[j * v.count + b];
      }
      skew = fmax(skew, fabs(dot - (a == b)));
      off = fmax(off, fabs(inner - (a == b ? values[a] : 0)));
    }
  }
  CU_ASSERT_EQUAL(v.count, 40);
  CU_ASSERT(apart < 1e-4);
  CU_ASSERT(skew < 1e-5);
  CU_ASSERT(off < 1e-4);
  node_matrix_close(r);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(scores_are_those_of_the_definition),
      TEST(weights_count_where_asked_for),
      TEST(the_linear_filter_stands_alone_without_an_ideal_one),
      TEST(powers_of_the_linear_filter_are_free),
      TEST(all_vectors_are_not_too_many),
      TEST(scores_have_the_same_bits_on_any_number_of_ranks),
      TEST(vectors_are_orthonormal_and_values_those_of_the_matrix),
  };
  return MPI_SUITE_RUN(argc, argv, "spectral", tests);
}
