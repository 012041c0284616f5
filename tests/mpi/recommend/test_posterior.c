#include "recommend/posterior.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"

enum { USERS = 200, ITEMS = 150 };

/* Users give their own group's items about 4, others about 2, and some are kinder than others. */
static float rate(int64_t user, item_row item) {
  random_stream r = random_open(17, RANDOM_TEST, (uint64_t)user, (uint32_t)item);
  return (user % PLANTED_GROUPS == item % PLANTED_GROUPS ? 4.0F : 2.0F) + (float)(user % 3) / 2 +
         0.3F * random_normal(&r);
}

typedef struct scene {
  arena memory;
  planted_history planted;
  float **value;
} scene;

static void scene_open(scene *s, const comm *c) {
  *s = (scene){.memory = {0}};
  CU_ASSERT_EQUAL(planted_history_make(c, USERS, ITEMS, 25, &s->memory, &s->planted), STATUS_OK);
  history *h = &s->planted.history;
  CU_ASSERT_EQUAL(ARENA(&s->memory, h->count, &h->rated), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&s->memory, h->count, &s->value), STATUS_OK);
  for (int p = 0; p < h->count; p++) {
    float *target = NULL;
    h->rated[p] = h->seen[p];
    CU_ASSERT_EQUAL(ARENA(&s->memory, h->seen[p].offset[h->seen[p].count], &target), STATUS_OK);
    for (user_row u = 0; u < h->seen[p].count; u++)
      for (int64_t j = h->seen[p].offset[u]; j < h->seen[p].offset[u + 1]; j++)
        target[j] = rate(planted_history_user(h, p, u), h->seen[p].item[j]);
    h->rated[p].weight = NULL;
    h->rated[p].target = target;
    CU_ASSERT_EQUAL(ARENA(&s->memory, s->planted.targets.offset[p][h->seen[p].count], &s->value[p]), STATUS_OK);
  }
}

static double error_of(const scene *s, int64_t *pairs) {
  const history *h = &s->planted.history;
  double sum = 0;
  for (int p = 0; p < h->count; p++)
    for (user_row u = 0; u < h->seen[p].count; u++)
      for (int64_t j = s->planted.targets.offset[p][u]; j < s->planted.targets.offset[p][u + 1]; j++, ++*pairs) {
        const double rating = (double)rate(planted_history_user(h, p, u), s->planted.targets.item[p][j]);
        sum += pow((double)s->value[p][j] - rating, 2);
      }
  return sum;
}

/* Alone, so that every rank sees all pairs: the noise itself has a deviation of 0.3. */
static void what_was_planted_is_predicted(void) {
  const posterior_options o = {.width = 8, .burn = 10, .draws = 40};
  scene s;
  int64_t pairs = 0;
  scene_open(&s, mpi_solo());
  CU_ASSERT_EQUAL(posterior_predict(&s.planted.history, &o, &s.planted.targets, s.value), STATUS_OK);
  const double error = error_of(&s, &pairs);
  CU_ASSERT_TRUE(pairs > 80);
  CU_ASSERT_TRUE(sqrt(error / (double)pairs) < 0.45);
  arena_free(&s.memory);
}

static void any_number_of_ranks_predicts_the_same(void) {
  const posterior_options o = {.width = 5, .burn = 2, .draws = 4};
  scene all, one;
  scene_open(&all, mpi_suite_comm);
  scene_open(&one, mpi_solo());
  CU_ASSERT_EQUAL(posterior_predict(&all.planted.history, &o, &all.planted.targets, all.value), STATUS_OK);
  CU_ASSERT_EQUAL(posterior_predict(&one.planted.history, &o, &one.planted.targets, one.value), STATUS_OK);
  const history *h = &all.planted.history;
  for (int p = 0; p < h->count; p++)
    CU_ASSERT_EQUAL(memcmp(all.value[p], one.value[h->first + p],
                           (size_t)all.planted.targets.offset[p][h->seen[p].count] * sizeof **all.value),
                    0);
  arena_free(&all.memory);
  arena_free(&one.memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(what_was_planted_is_predicted),
      TEST(any_number_of_ranks_predicts_the_same),
  };
  return MPI_SUITE_RUN(argc, argv, "posterior", tests);
}
