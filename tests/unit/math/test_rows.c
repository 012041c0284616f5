#include "math/rows.h"

#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

static void fill(float *out, int64_t count, uint64_t id) {
  random_stream r = random_open(9, RANDOM_TEST, id, 0);
  for (int64_t i = 0; i < count; i++) out[i] = random_normal(&r);
}

/* The definition, term by term in the same order. */
static void plain(int rows, int width, int depth, const float *a, const float *b, float *out) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < width; j++)
      for (int k = 0; k < depth; k++) out[i * width + j] += a[i * depth + k] * b[k * width + j];
}

static void products_are_those_of_the_definition(void) {
  const int shapes[][3] = {{1, 1, 1},    {3, 64, 5},   {4, 64, 16}, {5, 100, 7},
                           {8, 256, 64}, {13, 71, 33}, {2, 63, 9},  {40, 90, 20}};
  for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++) {
    const int rows = shapes[n][0], width = shapes[n][1], depth = shapes[n][2];
    arena memory = {0};
    float *a = NULL, *b = NULL, *fast = NULL, *slow = NULL;
    CU_ASSERT_EQUAL(ARENA(&memory, rows * depth, &a), STATUS_OK);
    CU_ASSERT_EQUAL(ARENA(&memory, depth * width, &b), STATUS_OK);
    CU_ASSERT_EQUAL(ARENA(&memory, rows * width, &fast), STATUS_OK);
    CU_ASSERT_EQUAL(ARENA(&memory, rows * width, &slow), STATUS_OK);
    fill(a, rows * depth, 1);
    fill(b, depth * width, 2);
    fill(fast, rows * width, 3);
    memcpy(slow, fast, (size_t)(rows * width) * sizeof *slow);
    rows_product(rows, width, depth, a, b, fast);
    plain(rows, width, depth, a, b, slow);
    for (int i = 0; i < rows * width; i++) CU_ASSERT_DOUBLE_EQUAL(fast[i], slow[i], 1e-5);
    arena_free(&memory);
  }
}

/* Lanes of any size may share a step without changing each other's last bit. */
static void a_row_does_not_depend_on_its_neighbours(void) {
  enum { MOST = 11, WIDTH = 80, DEPTH = 24 };
  float a[MOST * DEPTH], b[DEPTH * WIDTH], all[MOST * WIDTH] = {0};
  fill(a, MOST * DEPTH, 4);
  fill(b, DEPTH * WIDTH, 5);
  rows_product(MOST, WIDTH, DEPTH, a, b, all);
  for (int rows = 1; rows < MOST; rows++) {
    float some[MOST * WIDTH] = {0};
    rows_product(rows, WIDTH, DEPTH, a, b, some);
    CU_ASSERT_EQUAL(memcmp(some, all, (size_t)(rows * WIDTH) * sizeof *some), 0);
  }
}

static void transposing_twice_changes_nothing(void) {
  enum { HEIGHT = 35, WIDTH = 50 };
  float in[HEIGHT * WIDTH], there[HEIGHT * WIDTH], back[HEIGHT * WIDTH];
  fill(in, HEIGHT * WIDTH, 6);
  rows_transpose(HEIGHT, WIDTH, in, there);
  CU_ASSERT_EQUAL(there[3 * HEIGHT + 2], in[2 * WIDTH + 3]);
  rows_transpose(WIDTH, HEIGHT, there, back);
  CU_ASSERT_EQUAL(memcmp(in, back, sizeof in), 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(products_are_those_of_the_definition),
      TEST(a_row_does_not_depend_on_its_neighbours),
      TEST(transposing_twice_changes_nothing),
  };
  return SUITE_RUN("rows", tests);
}
