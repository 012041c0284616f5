#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"
#include "support/planted_history.h"
#include "support/score_all.h"

enum { USERS = 50, ITEMS = 280, EVENTS = 12, WORDS = 90, MOST = 5 };

static int64_t offset[ITEMS + 1];
static int32_t column[ITEMS * MOST];
static float value[ITEMS * MOST], dense[ITEMS][WORDS];

/* Titles of 0 to MOST words; rows of length 1. */
static history_features titles(void) {
  memset(dense, 0, sizeof dense);
  for (int i = 0; i < ITEMS; i++) {
    random_stream r = random_open(8, RANDOM_TEST, (uint64_t)i, 0);
    int32_t word = -1;
    float square = 0;
    offset[i + 1] = offset[i];
    for (uint32_t left = random_below(&r, MOST + 1); left > 0; left--) {
      word += 1 + (int32_t)random_below(&r, WORDS / MOST - 1);
      column[offset[i + 1]] = word;
      value[offset[i + 1]] = 0.1F + random_unit(&r);
      square += value[offset[i + 1]] * value[offset[i + 1]];
      offset[i + 1]++;
    }
    for (int64_t j = offset[i]; j < offset[i + 1]; j++) dense[i][column[j]] = value[j] /= sqrtf(square);
  }
  return (history_features){.rows = ITEMS, .columns = WORDS, .offset = offset, .column = column, .value = value};
}

/* The user's profile first, then its product with each item. */
static void scores_are_products_with_the_profile(void) {
  arena memory = {0};
  planted_history mine;
  float *scores = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  mine.history.item_words = titles();
  CU_ASSERT_EQUAL(score_all(&content_recommender, &mine.history, NULL, &memory, &scores), STATUS_OK);
  int wrong = 0, above = 0;
  for (int p = 0, at = 0; p < mine.history.count; p++) {
    const als_interactions *seen = &mine.history.seen[p];
    for (user_row u = 0; u < seen->count; u++, at++) {
      double profile[WORDS] = {0};
      for (int64_t j = seen->offset[u]; j < seen->offset[u + 1]; j++)
        for (int w = 0; w < WORDS; w++) profile[w] += (double)(seen->weight[j] * dense[seen->item[j]][w]);
      for (item_row i = 0; i < ITEMS; i++) {
        double score = 0;
        for (int w = 0; w < WORDS; w++) score += profile[w] * (double)dense[i][w];
        wrong += !suite_close(score, (double)scores[at * ITEMS + i], 1e-5);
        above += score > 0;
      }
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT(above > 0);
  arena_free(&memory);
}

static void without_words_all_scores_are_nought(void) {
  arena memory = {0};
  planted_history mine;
  float *scores = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(&content_recommender, &mine.history, NULL, &memory, &scores), STATUS_OK);
  int64_t users = 0, wrong = 0;
  for (int p = 0; p < mine.history.count; p++) users += mine.history.seen[p].count;
  for (int64_t i = 0; i < users * ITEMS; i++) wrong += scores[i] != 0;
  CU_ASSERT_EQUAL(wrong, 0);
  arena_free(&memory);
}

static void scores_have_the_same_bits_on_any_number_of_ranks(void) {
  arena memory = {0};
  planted_history mine, all;
  float *scores = NULL, *expected = NULL;
  CU_ASSERT_EQUAL(planted_history_make(mpi_suite_comm, USERS, ITEMS, EVENTS, &memory, &mine), STATUS_OK);
  CU_ASSERT_EQUAL(planted_history_make(mpi_solo(), USERS, ITEMS, EVENTS, &memory, &all), STATUS_OK);
  mine.history.item_words = all.history.item_words = titles();
  CU_ASSERT_EQUAL(score_all(&content_recommender, &mine.history, NULL, &memory, &scores), STATUS_OK);
  CU_ASSERT_EQUAL(score_all(&content_recommender, &all.history, NULL, &memory, &expected), STATUS_OK);
  const int64_t *start = mine.history.user_start;
  const int64_t first = start[mine.history.first], end = start[mine.history.first + mine.history.count];
  CU_ASSERT_EQUAL(memcmp(scores, expected + first * ITEMS, (size_t)(end - first) * ITEMS * sizeof *scores), 0);
  arena_free(&memory);
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(scores_are_products_with_the_profile),
      TEST(without_words_all_scores_are_nought),
      TEST(scores_have_the_same_bits_on_any_number_of_ranks),
  };
  return MPI_SUITE_RUN(argc, argv, "content", tests);
}
