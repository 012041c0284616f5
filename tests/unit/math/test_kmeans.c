#include "math/kmeans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"

enum { CLUSTERS = 4, EACH = 50, ROWS = CLUSTERS * EACH, WIDTH = 3 };

static float rows[ROWS * WIDTH], centre[CLUSTERS * WIDTH], distance[ROWS];
static uint64_t id[ROWS];
static int32_t assigned[ROWS];
static double sum[CLUSTERS * (WIDTH + 1)];

/* Row i belongs to planted cluster i % CLUSTERS, which stands far from the others. */
static void fill(void) {
  random_stream r = random_open(1, RANDOM_TEST, 0, 0);
  for (int i = 0; i < ROWS; i++) {
    id[i] = (uint64_t)i * 77;
    assigned[i] = -1;
    for (int c = 0; c < WIDTH; c++) rows[i * WIDTH + c] = random_normal(&r) + (c == 0 ? 40 * (float)(i % CLUSTERS) : 0);
  }
}

static void seed_centres(uint64_t seed) {
  for (int k = 0; k < CLUSTERS; k++) {
    int64_t winner = -1;
    const float *last = k == 0 ? NULL : centre + (k - 1) * WIDTH;
    kmeans_race(rows, ROWS, WIDTH, id, last, seed, (uint32_t)k, distance, &winner);
    memcpy(centre + k * WIDTH, rows + winner * WIDTH, sizeof(float) * WIDTH);
  }
}

static void planted_clusters_are_found(void) {
  fill();
  seed_centres(5);
  double before = HUGE_VAL;
  for (int round = 0; round < 5; round++) {
    memset(sum, 0, sizeof sum);
    int64_t changed = 0;
    const double now = kmeans_assign(rows, ROWS, WIDTH, centre, CLUSTERS, assigned, sum, &changed);
    CU_ASSERT_TRUE(now <= before + 1e-6);
    CU_ASSERT_EQUAL(changed, round == 0 ? ROWS : 0);
    before = now;
    kmeans_move(sum, CLUSTERS, WIDTH, centre);
  }
  for (int i = CLUSTERS; i < ROWS; i++) CU_ASSERT_EQUAL(assigned[i], assigned[i - CLUSTERS]);
  for (int k = 0; k < CLUSTERS; k++) CU_ASSERT_EQUAL(sum[k * (WIDTH + 1) + WIDTH], EACH);
}

static void a_race_in_pieces_has_the_winner_of_the_whole(void) {
  fill();
  memcpy(centre, rows, sizeof(float) * WIDTH);
  int64_t whole = -1, left = -1, right = -1;
  const double t = kmeans_race(rows, ROWS, WIDTH, id, centre, 3, 1, distance, &whole);
  const double a = kmeans_race(rows, 90, WIDTH, id, centre, 3, 1, distance, &left);
  const double b = kmeans_race(rows + 90 * WIDTH, ROWS - 90, WIDTH, id + 90, centre, 3, 1, distance + 90, &right);
  CU_ASSERT_EQUAL(t, fmin(a, b));
  CU_ASSERT_EQUAL(whole, a < b ? left : right + 90);
}

static void rows_are_drawn_by_squared_distance(void) {
  const float line[4] = {0, 1, 2, 2}, zero = 0;
  const uint64_t names[4] = {10, 11, 12, 13};
  int won[4] = {0};
  for (uint64_t seed = 0; seed < 9000; seed++) {
    int64_t winner = -1;
    kmeans_race(line, 4, 1, names, &zero, seed, 1, distance, &winner);
    won[winner]++;
  }
  CU_ASSERT_EQUAL(won[0], 0);
  CU_ASSERT_TRUE(abs(won[1] - 1000) < 150);
  CU_ASSERT_TRUE(abs(won[2] - 4000) < 250);
}

static void no_winner_where_all_rows_are_centres_and_empty_clusters_stay(void) {
  const float same[2] = {1, 1}, one = 1;
  int64_t winner = 0;
  CU_ASSERT_EQUAL(kmeans_race(same, 2, 1, id, &one, 1, 1, distance, &winner), HUGE_VAL);
  CU_ASSERT_EQUAL(winner, -1);
  const double nobody[2] = {0, 0};
  float stays = 7;
  kmeans_move(nobody, 1, 1, &stays);
  CU_ASSERT_EQUAL(stays, 7);
}

int main(void) {
  const suite_test tests[] = {
      TEST(planted_clusters_are_found),
      TEST(a_race_in_pieces_has_the_winner_of_the_whole),
      TEST(rows_are_drawn_by_squared_distance),
      TEST(no_winner_where_all_rows_are_centres_and_empty_clusters_stay),
  };
  return SUITE_RUN("kmeans", tests);
}
