#include <math.h>
#include <string.h>

#include "recommend/ease_gram.h"
#include "recommend/recommender.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { USERS = 130, ITEMS = 70 };

typedef struct scene {
  arena memory;
  planted_history planted;
  settings *settings;
  void *model;
  status fitted;
  float *score; /* [users of this rank, ITEMS] */
  int64_t users;
} scene;

/* Fits, and scores all items of all users of this rank in blocks of a few. */
static void score_all(scene *s) {
  const history *h = &s->planted.history;
  float *block = NULL;
  s->users = h->user_start[h->first + h->count] - h->user_start[h->first];
  CU_ASSERT_EQUAL(ARENA(&s->memory, s->users * h->items, &s->score), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&s->memory, RECOMMENDER_USERS * RECOMMENDER_PANEL, &block), STATUS_OK);
  for (item_row first = 0; first < h->items; first += RECOMMENDER_PANEL) {
    const int count = h->items - first < RECOMMENDER_PANEL ? h->items - first : RECOMMENDER_PANEL;
    float *out = s->score + first;
    CU_ASSERT_EQUAL(ease_recommender.panel(s->model, first, count), STATUS_OK);
    for (int p = 0; p < h->count; p++)
      for (user_row u = 0; u < h->seen[p].count; u += 5) {
        const int users = h->seen[p].count - u < 5 ? h->seen[p].count - u : 5;
        ease_recommender.score(s->model, p, u, users, block);
        for (int i = 0; i < users; i++, out += h->items)
          memcpy(out, block + i * RECOMMENDER_PANEL, (size_t)count * sizeof *out);
      }
  }
}

static void open_scene(const comm *c, int items, const char *const *assignments, scene *s) {
  *s = (scene){0};
  CU_ASSERT_EQUAL(planted_history_make(c, USERS, items, 12, &s->memory, &s->planted), STATUS_OK);
  CU_ASSERT_EQUAL(settings_create(&s->memory, &s->settings), STATUS_OK);
  for (int i = 0; assignments[i] != NULL; i++)
    CU_ASSERT_EQUAL(settings_override(s->settings, assignments[i]), STATUS_OK);
  s->fitted = ease_recommender.fit(&s->planted.history, s->settings, &s->memory, &s->model);
  if (s->fitted == STATUS_OK) score_all(s);
}

static void close_scene(scene *s) {
  ease_recommender.free(s->model);
  arena_free(&s->memory);
}

/* From the definition, all of it dense and in double: P by elimination, B, the scores of one user. */
static void plain_weights(const history *h, int binary, double regularisation, double *a) {
  const int n = h->items;
  for (int i = 0; i < n; i++) a[i * n + i] = regularisation;
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++)
      for (int64_t j = h->seen[p].offset[u]; j < h->seen[p].offset[u + 1]; j++)
        for (int64_t k = h->seen[p].offset[u]; k < h->seen[p].offset[u + 1]; k++)
          a[h->seen[p].item[j] * n + h->seen[p].item[k]] +=
              binary ? 1 : (double)h->seen[p].weight[j] * (double)h->seen[p].weight[k];
  for (int k = 0; k < n; k++) {
    const double pivot = 1 / a[k * n + k];
    a[k * n + k] = 1;
    for (int j = 0; j < n; j++) a[k * n + j] *= pivot;
    for (int i = 0; i < n; i++) {
      if (i == k) continue;
      const double factor = a[i * n + k];
      a[i * n + k] = 0;
      for (int j = 0; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  for (int j = 0; j < n; j++) {
    const double factor = -1 / a[j * n + j];
    for (int i = 0; i < n; i++) a[i * n + j] *= i == j ? 0 : factor;
  }
}

static void check_definition(int binary) {
  scene s;
  planted_history whole;
  double *weight = NULL, worst = 0;
  open_scene(mpi_suite_comm, ITEMS,
             (const char *[]){"ease.regularisation=7.5", "ease.block=16",
                              binary ? "ease.binary=true" : "ease.binary=false", NULL},
             &s);
  CU_ASSERT_EQUAL(s.fitted, STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&s.memory, ITEMS * ITEMS, &weight), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, 12, &s.memory, &whole), STATUS_OK);
  plain_weights(&whole.history, binary, 7.5, weight);
  const history *h = &s.planted.history;
  const float *score = s.score;
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++, score += ITEMS)
      for (item_row i = 0; i < ITEMS; i++) {
        double expected = 0;
        for (int64_t j = h->seen[p].offset[u]; j < h->seen[p].offset[u + 1]; j++)
          expected += (binary ? 1 : (double)h->seen[p].weight[j]) * weight[h->seen[p].item[j] * ITEMS + i];
        worst = fmax(worst, fabs(expected - score[i]));
      }
  CU_ASSERT(worst < 2e-5);
  close_scene(&s);
}

static void scores_are_those_of_the_definition(void) { check_definition(1); }
static void weights_count_where_they_are_asked_for(void) { check_definition(0); }

/* More items than a panel and a block have, blocks that panels do not divide into, and weights. */
static void scores_have_the_same_bits_as_on_one_rank(void) {
  enum { MANY = 300 };
  const char *const assignments[] = {"ease.block=48", "ease.binary=false", "ease.regularisation=3", NULL};
  scene all, one;
  open_scene(mpi_suite_comm, MANY, assignments, &all);
  open_scene(mpi_solo(), MANY, assignments, &one);
  CU_ASSERT_EQUAL(all.fitted, STATUS_OK);
  CU_ASSERT_EQUAL(one.fitted, STATUS_OK);
  const history *h = &all.planted.history;
  CU_ASSERT_EQUAL(
      memcmp(all.score, one.score + h->user_start[h->first] * MANY, (size_t)all.users * MANY * sizeof *all.score), 0);
  close_scene(&one);
  close_scene(&all);
}

enum { BOTH = 6 };

/* Two items; BOTH users have both, one has the first alone. One rank holds them all. */
static void pair_history(history *out) {
  static const int64_t offset[] = {0, 2, 4, 6, 8, 10, 12, 13};
  static const item_row item[] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
  static const float weight[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
  static const int64_t start[] = {0, BOTH + 1};
  static als_interactions seen = {.count = BOTH + 1, .offset = offset, .item = item, .weight = weight};
  const int mine = mpi_suite_comm->rank == 0;
  *out = (history){.comm = mpi_suite_comm,
                   .items = 2,
                   .user_parts = 1,
                   .first = mine ? 0 : 1,
                   .count = mine,
                   .user_start = start,
                   .seen = &seen};
}

/* B = m / (m + λ) off the diagonal, of m users with both and those that have the row's item alone. */
static void two_items_follow_the_closed_form(void) {
  const int mine = mpi_suite_comm->rank == 0;
  history h;
  pair_history(&h);
  arena memory = {0};
  settings *s = NULL;
  void *model = NULL;
  float *score = NULL;
  CU_ASSERT_EQUAL(settings_create(&memory, &s), STATUS_OK);
  CU_ASSERT_EQUAL(settings_override(s, "ease.regularisation=4"), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&memory, RECOMMENDER_USERS * RECOMMENDER_PANEL, &score), STATUS_OK);
  CU_ASSERT_EQUAL(ease_recommender.fit(&h, s, &memory, &model), STATUS_OK);
  CU_ASSERT_EQUAL(ease_recommender.panel(model, 0, 2), STATUS_OK);
  if (mine) {
    ease_recommender.score(model, 0, BOTH, 1, score); /* the user of item 0 alone */
    CU_ASSERT_EQUAL(score[0], 0);
    CU_ASSERT_DOUBLE_EQUAL(score[1], BOTH / (BOTH + 1 + 4.0), 1e-6);
    ease_recommender.score(model, 0, 0, 1, score);
    CU_ASSERT_DOUBLE_EQUAL(score[0], BOTH / (BOTH + 4.0), 1e-6);
  }
  ease_recommender.free(model);
  arena_free(&memory);
}

/* The regularisation that is taken from the data: 13 pairs, 2 items, 7 users, all weights 5. */
static void check_scale(int binary, double expected) {
  arena memory = {0};
  ease_gram gram;
  double scale = 0;
  history h;
  pair_history(&h);
  CU_ASSERT_EQUAL(ease_gram_create(&h, binary, &memory, &gram), STATUS_OK);
  CU_ASSERT_EQUAL(ease_gram_scale(&h, &gram, &scale), STATUS_OK);
  CU_ASSERT_DOUBLE_EQUAL(scale, expected, 1e-9);
  arena_free(&memory);
}

static void a_regularisation_follows_from_the_data(void) {
  check_scale(1, 13 / sqrt(2 * 7.0));
  check_scale(0, 25 * 13 / sqrt(2 * 7.0));
}

static void too_many_items_are_a_matter_of_settings(void) {
  scene s;
  open_scene(mpi_suite_comm, ITEMS, (const char *[]){"ease.items=69", NULL}, &s);
  CU_ASSERT_EQUAL(s.fitted, STATUS_SETTINGS);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "70 items"));
  close_scene(&s);
  open_scene(mpi_suite_comm, ITEMS, (const char *[]){"ease.items=70", NULL}, &s);
  CU_ASSERT_EQUAL(s.fitted, STATUS_OK);
  close_scene(&s);
}

static void ranks_that_run_out_of_memory_leave_together(void) {
  int failures = 0;
  for (int after = 0;; after++) {
    scene s = {0};
    CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, 12, &s.memory, &s.planted), STATUS_OK);
    CU_ASSERT_EQUAL(settings_create(&s.memory, &s.settings), STATUS_OK);
    if (mpi_suite_comm->rank == mpi_suite_comm->size - 1) arena_fail_after(after);
    s.fitted = ease_recommender.fit(&s.planted.history, s.settings, &s.memory, &s.model);
    arena_fail_after(-1);
    close_scene(&s);
    if (s.fitted == STATUS_OK) break;
    failures++;
    CU_ASSERT_EQUAL(s.fitted, STATUS_BUG);
  }
  CU_ASSERT(failures > 8);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(scores_are_those_of_the_definition),          TEST(weights_count_where_they_are_asked_for),
      TEST(scores_have_the_same_bits_as_on_one_rank),    TEST(two_items_follow_the_closed_form),
      TEST(a_regularisation_follows_from_the_data),      TEST(too_many_items_are_a_matter_of_settings),
      TEST(ranks_that_run_out_of_memory_leave_together),
  };
  return MPI_SUITE_RUN(argc, argv, "ease", tests);
}
