#include "math/als.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "math/als_exact.h"
#include "math/symmetric.h"
#include "support/als_twin.h"
#include "support/suite.h"

enum { USERS = 70, ITEMS = 300, WIDTH = 20, STRIDE = 32, PAIRS_MOST = USERS * ITEMS };

typedef struct world {
  int64_t offset[USERS + 1];
  item_row item[PAIRS_MOST];
  float weight[PAIRS_MOST], target[PAIRS_MOST];
  float user_lambda[USERS], item_lambda[ITEMS];
  double values[WIDTH], gram[WIDTH * WIDTH];
  float vectors[WIDTH * WIDTH];
  _Alignas(64) float base[STRIDE];
  als_interactions m;
} world;

static world w;
static _Alignas(64) float user[USERS * STRIDE], items[ITEMS * STRIDE], scratch[1 << 17];
static double wide[STRIDE * STRIDE * 3];
static int ints[3 + 5 * WIDTH];

/* User 3 and item 5 have no interactions; confidences are heavy-tailed. */
static void fill_pairs(uint64_t seed) {
  memset(&w, 0, sizeof w);
  random_stream r = random_open(seed, RANDOM_TEST, 0, 0);
  int64_t item_count[ITEMS] = {0}, at = 0;
  for (int u = 0; u < USERS; u++) {
    for (int i = 0; i < ITEMS; i++) {
      const float chance = random_unit(&r), tail = random_unit(&r);
      if (u == 3 || i == 5 || chance > (u == 7 ? 0.6F : 0.06F)) continue;
      w.item[at] = i;
      w.weight[at] = 0.2F + 1 / (0.05F + tail);
      w.target[at] = random_normal(&r);
      item_count[i]++;
      at++;
    }
    w.offset[u + 1] = at;
    w.user_lambda[u] = als_lambda(0.02, 1, at - w.offset[u], 0.1 * ITEMS);
  }
  for (int i = 0; i < ITEMS; i++) w.item_lambda[i] = als_lambda(0.02, 1, item_count[i], 0.1 * USERS);
  w.m = (als_interactions){.count = USERS, .offset = w.offset, .item = w.item, .weight = w.weight};
}

static void fill_table(float *table, int rows, int width, uint64_t seed) {
  random_stream r = random_open(seed, RANDOM_TEST, 1, 0);
  memset(table, 0, (size_t)rows * STRIDE * sizeof *table);
  for (int i = 0; i < rows; i++)
    for (int c = 0; c < width; c++) table[i * STRIDE + c] = 0.5F * random_normal(&r) / (float)(1 + c);
}

/* Rotates both tables into the eigenbasis of `of` and sets base. */
static void enter_basis(const float *of, int32_t rows, double unobserved) {
  memset(w.gram, 0, sizeof w.gram);
  als_gram(of, rows, WIDTH, STRIDE, w.gram, scratch);
  CU_ASSERT_EQUAL(symmetric_eigen(WIDTH, w.gram, w.values, wide, ints), STATUS_OK);
  for (int i = 0; i < WIDTH * WIDTH; i++) w.vectors[i] = (float)w.gram[i];
  als_rotate(items, ITEMS, WIDTH, STRIDE, w.vectors, scratch);
  als_rotate(user, USERS, WIDTH, STRIDE, w.vectors, scratch);
  for (int c = 0; c < STRIDE; c++) w.base[c] = c < WIDTH ? (float)(unobserved * fmax(0, w.values[c])) : ALS_FROZEN;
}

static double largest_gap(const float *row, const double *expected, int width) {
  double gap = 0;
  for (int c = 0; c < width; c++) gap = fmax(gap, fabs((double)row[c] - expected[c]));
  return gap;
}

static void implicit_rows_agree_with_the_twin_that_sees_every_pair(void) {
  fill_pairs(1);
  fill_table(items, ITEMS, WIDTH, 2);
  memset(user, 0, sizeof user);
  enter_basis(items, ITEMS, 0.1);
  als_solve_rows(&w.m, items, STRIDE, w.base, w.user_lambda, 30, user, NULL, scratch);
  double worst = 0;
  for (int u = 0; u < USERS; u++) {
    double expected[STRIDE] = {0};
    if (u != 3) als_twin_user(&w.m, u, items, ITEMS, WIDTH, 0, STRIDE, 0.1, (double)w.user_lambda[u], expected);
    worst = fmax(worst, largest_gap(user + u * STRIDE, expected, STRIDE));
  }
  CU_ASSERT_TRUE(worst < 2e-4);
}

static void three_steps_come_near_and_more_come_nearer(void) {
  fill_pairs(3);
  fill_table(items, ITEMS, WIDTH, 4);
  memset(user, 0, sizeof user);
  enter_basis(items, ITEMS, 0.1);
  double gap[3] = {0}, norm = 0;
  const int steps[3] = {1, 3, 8};
  for (int s = 0; s < 3; s++) {
    memset(user, 0, sizeof user);
    als_solve_rows(&w.m, items, STRIDE, w.base, w.user_lambda, steps[s], user, NULL, scratch);
    for (int u = 0; u < USERS; u++) {
      float exact[STRIDE] = {0};
      als_exact_row(&w.m, u, items, STRIDE, w.base, w.user_lambda[u], exact, wide);
      for (int c = 0; c < STRIDE; c++) {
        const double d = (double)(user[u * STRIDE + c] - exact[c]);
        gap[s] += d * d;
        if (s == 0) norm += (double)exact[c] * (double)exact[c];
      }
    }
  }
  CU_ASSERT_TRUE(gap[0] < 0.2 * norm);
  CU_ASSERT_TRUE(gap[1] < 0.3 * gap[0]);
  CU_ASSERT_TRUE(gap[2] < 0.1 * gap[1]);
}

static void each_step_is_that_of_the_textbook(void) {
  fill_pairs(20);
  fill_table(items, ITEMS, WIDTH, 21);
  fill_table(user, USERS, WIDTH, 22);
  enter_basis(items, ITEMS, 0.1);
  double worst = 0;
  for (int u = 0; u < USERS; u++) {
    if (u == 3) continue;
    double expected[STRIDE] = {0};
    for (int c = 0; c < WIDTH; c++) expected[c] = (double)user[u * STRIDE + c];
    als_twin_conjugate(&w.m, u, items, WIDTH, STRIDE, w.base, (double)w.user_lambda[u], 3, expected);
    const als_interactions one = {.count = 1, .offset = w.offset + u, .item = w.item, .weight = w.weight};
    als_solve_rows(&one, items, STRIDE, w.base, w.user_lambda + u, 3, user + u * STRIDE, NULL, scratch);
    worst = fmax(worst, largest_gap(user + u * STRIDE, expected, STRIDE));
  }
  CU_ASSERT_TRUE(worst < 1e-3);
}

static void the_exact_solution_agrees_with_the_twin(void) {
  fill_pairs(5);
  fill_table(items, ITEMS, WIDTH, 6);
  enter_basis(items, ITEMS, 0.3);
  double worst = 0;
  for (int u = 0; u < USERS; u++) {
    if (u == 3) continue;
    double expected[STRIDE] = {0};
    float row[STRIDE] = {0};
    als_exact_row(&w.m, u, items, STRIDE, w.base, w.user_lambda[u], row, wide);
    als_twin_user(&w.m, u, items, ITEMS, WIDTH, 0, STRIDE, 0.3, (double)w.user_lambda[u], expected);
    worst = fmax(worst, largest_gap(row, expected, STRIDE));
  }
  CU_ASSERT_TRUE(worst < 1e-5);
}

/* The largest part of the gradient of Σ w (t − x·z)² + Σ base x² + λ (x − prior)², by what each row begins with. */
static double gradient_left(const als_interactions *m, const float *row, int u) {
  double left = 0, start = 0;
  for (int c = 0; c < WIDTH; c++) {
    const double prior = (double)m->prior[u * STRIDE + c], lambda = (double)w.user_lambda[u];
    double here = ((double)w.base[c] + lambda) * (double)row[c] - lambda * prior, first = -lambda * prior;
    for (int64_t j = m->offset[u]; j < m->offset[u + 1]; j++) {
      const float *z = items + m->item[j] * STRIDE;
      double dot = 0;
      for (int k = 0; k < WIDTH; k++) dot += (double)row[k] * (double)z[k];
      here -= (double)m->weight[j] * (1 - dot) * (double)z[c];
      first -= (double)m->weight[j] * (double)z[c];
    }
    left = fmax(left, fabs(here));
    start = fmax(start, fabs(first));
  }
  return left / start;
}

static void rows_are_drawn_to_their_prior(void) {
  fill_pairs(30);
  fill_table(items, ITEMS, WIDTH, 31);
  enter_basis(items, ITEMS, 0.1);
  static _Alignas(64) float prior[USERS * STRIDE];
  fill_table(prior, USERS, WIDTH, 32);
  als_interactions m = w.m;
  m.prior = prior;
  memset(user, 0, sizeof user);
  als_solve_rows(&m, items, STRIDE, w.base, w.user_lambda, 40, user, NULL, scratch);
  double solved = 0, exact = 0;
  for (int u = 0; u < USERS; u++) {
    if (u == 3) continue;
    float row[STRIDE] = {0};
    als_exact_row(&m, u, items, STRIDE, w.base, w.user_lambda[u], row, wide);
    solved = fmax(solved, gradient_left(&m, user + u * STRIDE, u));
    exact = fmax(exact, gradient_left(&m, row, u));
  }
  CU_ASSERT_TRUE(solved < 1e-3);
  CU_ASSERT_TRUE(exact < 1e-5);
  for (int c = 0; c < STRIDE; c++) CU_ASSERT_EQUAL(user[3 * STRIDE + c], 0); /* who did nothing */
}

static void a_rotation_changes_no_prediction(void) {
  fill_pairs(7);
  fill_table(items, ITEMS, WIDTH, 8);
  fill_table(user, USERS, WIDTH, 9);
  const double before = als_loss(&w.m, user, items, STRIDE);
  enter_basis(items, ITEMS, 0.1);
  CU_ASSERT_TRUE(suite_close(before, als_loss(&w.m, user, items, STRIDE), 1e-5));
  for (int c = 1; c < WIDTH; c++) CU_ASSERT_TRUE(w.values[c - 1] <= w.values[c]);
}

/* Ratings with biases: the user's bias is solved, the item's stands in a frozen column. */
static void explicit_rows_with_biases_agree_with_the_twin(void) {
  fill_pairs(10);
  w.m.weight = NULL;
  w.m.target = w.target;
  enum { FACTOR = WIDTH - 1 };
  fill_table(items, ITEMS, FACTOR, 11);
  memset(user, 0, sizeof user);
  random_stream r = random_open(12, RANDOM_TEST, 0, 0);
  for (int i = 0; i < ITEMS; i++) {
    items[i * STRIDE + FACTOR] = 1;
    items[i * STRIDE + FACTOR + 1] = random_normal(&r);
  }
  for (int u = 0; u < USERS; u++) user[u * STRIDE + FACTOR + 1] = 1;
  for (int c = 0; c < STRIDE; c++) w.base[c] = c < WIDTH ? 0 : ALS_FROZEN;
  for (int u = 0; u < USERS; u++) w.user_lambda[u] = als_lambda(0.1, 1, w.offset[u + 1] - w.offset[u], 0);
  als_solve_rows(&w.m, items, STRIDE, w.base, w.user_lambda, 60, user, NULL, scratch);
  double worst = 0, worst_exact = 0;
  for (int u = 0; u < USERS; u++) {
    if (u == 3) continue;
    double expected[STRIDE] = {0};
    expected[WIDTH] = 1;
    als_twin_user(&w.m, u, items, ITEMS, WIDTH, 1, STRIDE, 0, (double)w.user_lambda[u], expected);
    worst = fmax(worst, largest_gap(user + u * STRIDE, expected, STRIDE));
    float row[STRIDE] = {0};
    row[WIDTH] = 1;
    als_exact_row(&w.m, u, items, STRIDE, w.base, w.user_lambda[u], row, wide);
    worst_exact = fmax(worst_exact, largest_gap(row, expected, STRIDE));
  }
  CU_ASSERT_TRUE(worst < 1e-3);
  CU_ASSERT_TRUE(worst_exact < 1e-5);
  CU_ASSERT_EQUAL(user[3 * STRIDE + WIDTH], 1);
  CU_ASSERT_EQUAL(user[3 * STRIDE], 0);
}

static _Alignas(64) float part[ITEMS * STRIDE * 2], direction[ITEMS * STRIDE], residual[ITEMS * STRIDE];
static _Alignas(64) float inverse[ITEMS * STRIDE], norm[ITEMS];
static int64_t turned_offset[ITEMS + 1];
static user_row turned_user[PAIRS_MOST];
static float turned_weight[PAIRS_MOST];

/* The item side with users standing still is what the user side would do on the transposed interactions. */
static void items_solved_in_passes_agree_with_rows_of_the_transpose(void) {
  fill_pairs(13);
  fill_table(items, ITEMS, WIDTH, 14);
  fill_table(user, USERS, WIDTH, 15);
  enter_basis(user, USERS, 0.1);
  for (int64_t j = 0; j < w.offset[USERS]; j++) turned_offset[w.item[j] + 1]++;
  for (int i = 0; i < ITEMS; i++) turned_offset[i + 1] += turned_offset[i];
  int64_t at[ITEMS];
  memcpy(at, turned_offset, sizeof at);
  for (int u = 0; u < USERS; u++)
    for (int64_t j = w.offset[u]; j < w.offset[u + 1]; j++) {
      turned_user[at[w.item[j]]] = u;
      turned_weight[at[w.item[j]]++] = w.weight[j];
    }
  static _Alignas(64) float expected[ITEMS * STRIDE];
  memcpy(expected, items, sizeof expected);
  const als_interactions turned = {
      .count = ITEMS, .offset = turned_offset, .item = turned_user, .weight = turned_weight};
  als_solve_rows(&turned, user, STRIDE, w.base, w.item_lambda, 3, expected, NULL, scratch);

  const als_descent d = {ITEMS, STRIDE, w.base, w.item_lambda, items, direction, residual, inverse, norm};
  memset(part, 0, sizeof part);
  als_item_residual(&w.m, user, items, STRIDE, part);
  als_descent_start(&d, part);
  for (int step = 0; step < 3; step++) {
    memset(part, 0, sizeof part);
    als_item_product(&w.m, user, direction, STRIDE, part);
    als_descent_step(&d, part);
  }
  double worst = 0;
  for (int i = 0; i < ITEMS * STRIDE; i++) worst = fmax(worst, (double)fabsf(items[i] - expected[i]));
  CU_ASSERT_TRUE(worst < 1e-4);
  for (int c = 0; c < STRIDE; c++) CU_ASSERT_EQUAL(items[5 * STRIDE + c], 0);
}

static void the_loss_agrees_with_the_twin_and_falls(void) {
  fill_pairs(16);
  fill_table(items, ITEMS, WIDTH, 17);
  fill_table(user, USERS, WIDTH, 18);
  memset(user + 3 * STRIDE, 0, STRIDE * sizeof *user);
  enter_basis(items, ITEMS, 0.1);
  double loss[2];
  for (int sweep = 0; sweep < 2; sweep++) {
    loss[sweep] = als_loss(&w.m, user, items, STRIDE) + als_penalty(user, USERS, STRIDE, w.base, w.user_lambda, 1) +
                  als_penalty(items, ITEMS, STRIDE, w.base, w.item_lambda, 0);
    const double twin = als_twin_loss(&w.m, user, items, ITEMS, WIDTH, STRIDE, 0.1, w.user_lambda, w.item_lambda);
    CU_ASSERT_TRUE(suite_close(loss[sweep], twin, 1e-4));
    als_solve_rows(&w.m, items, STRIDE, w.base, w.user_lambda, 3, user, NULL, scratch);
  }
  CU_ASSERT_TRUE(loss[1] < loss[0]);
}

static void lambda_grows_with_the_events(void) {
  CU_ASSERT_TRUE(suite_close((double)als_lambda(0.01, 1, 20, 100), 1.2, 1e-6));
  CU_ASSERT_TRUE(suite_close((double)als_lambda(0.01, 0, 20, 100), 0.01, 1e-6));
  CU_ASSERT_EQUAL(als_lambda(0.01, 1, 0, 100), ALS_EMPTY);
}

int main(void) {
  const suite_test tests[] = {
      TEST(implicit_rows_agree_with_the_twin_that_sees_every_pair),
      TEST(three_steps_come_near_and_more_come_nearer),
      TEST(each_step_is_that_of_the_textbook),
      TEST(the_exact_solution_agrees_with_the_twin),
      TEST(rows_are_drawn_to_their_prior),
      TEST(a_rotation_changes_no_prediction),
      TEST(explicit_rows_with_biases_agree_with_the_twin),
      TEST(items_solved_in_passes_agree_with_rows_of_the_transpose),
      TEST(the_loss_agrees_with_the_twin_and_falls),
      TEST(lambda_grows_with_the_events),
  };
  return SUITE_RUN("als", tests);
}
