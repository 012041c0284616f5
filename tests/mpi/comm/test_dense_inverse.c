#include "comm/dense_inverse.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "support/mpi_suite.h"

/* The Gram matrix of VECTORS rows of small integers, dealt to the ranks, plus a diagonal. */
enum { VECTORS = 90 };

typedef struct example {
  int order, block;
  double diagonal;
  int broken; /* the diagonal is far below 0 there; −1: nowhere */
} example;

static int64_t entry(int vector, int column) {
  random_stream r = random_open(7, RANDOM_TEST, (uint64_t)vector, (uint32_t)column);
  return random_below(&r, 3);
}

static void add_columns(void *self, int32_t first, int count, int64_t *sum, int64_t stride) {
  const example *e = self;
  int64_t vector[1000];
  for (int v = mpi_suite_comm->rank; v < VECTORS; v += mpi_suite_comm->size) {
    for (int i = first; i < e->order; i++) vector[i] = entry(v, i);
    for (int c = first; c < first + count; c++)
      for (int r = c; r < e->order; r++) sum[(c - first) * stride + r] += vector[c] * vector[r];
  }
  if (e->broken >= first && e->broken < first + count && mpi_suite_comm->rank == 0)
    sum[(e->broken - first) * stride + e->broken] -= 1000000;
}

/* On the first rows × columns ranks; all of the inverse on every rank. */
static status invert(const example *e, int rows, int columns, float *out) {
  arena memory = {0};
  grid g;
  dense_matrix m;
  example copy = *e;
  grid_open(mpi_suite_comm, rows, columns, &g);
  CU_ASSERT_EQUAL(dense_create(&g, e->order, e->block, &memory, &m), STATUS_OK);
  CU_ASSERT_EQUAL(dense_fill(&m, add_columns, &copy, 0.25, e->diagonal), STATUS_OK);
  const status s = dense_inverse(&m);
  for (int first = 0; s == STATUS_OK && first < e->order; first += e->block) {
    const int left = e->order - first;
    dense_columns(&m, first, left < e->block ? left : e->block, out + first, e->order);
  }
  grid_close(&g);
  arena_free(&memory);
  return s;
}

/* Gauss and Jordan's elimination without pivots, in double. */
static void plain_inverse(const example *e, double *a) {
  const int n = e->order;
  memset(a, 0, (size_t)n * (size_t)n * sizeof *a);
  for (int v = 0; v < VECTORS; v++)
    for (int i = 0; i < n; i++) {
      const double x = 0.25 * (double)entry(v, i);
      for (int j = 0; j < n; j++) a[i * n + j] += x * (double)entry(v, j);
    }
  for (int i = 0; i < n; i++) a[i * n + i] += e->diagonal;
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
}

static void the_inverse_is_that_of_elimination_in_double(void) {
  const example examples[] = {{1, 16, 2, -1}, {16, 16, 1, -1}, {45, 16, 3, -1}, {100, 32, 5, -1}, {150, 64, 1, -1}};
  for (size_t n = 0; n < sizeof examples / sizeof *examples; n++) {
    const example *e = &examples[n];
    arena memory = {0};
    float *fast = NULL;
    double *slow = NULL, largest = 0, worst = 0;
    CU_ASSERT_EQUAL(ARENA(&memory, e->order * e->order, &fast), STATUS_OK);
    CU_ASSERT_EQUAL(ARENA(&memory, e->order * e->order, &slow), STATUS_OK);
    int rows = 0, columns = 0;
    grid_shape(mpi_suite_comm->size, &rows, &columns);
    CU_ASSERT_EQUAL(invert(e, rows, columns, fast), STATUS_OK);
    plain_inverse(e, slow);
    for (int i = 0; i < e->order * e->order; i++) {
      largest = fmax(largest, fabs(slow[i]));
      worst = fmax(worst, fabs(slow[i] - fast[i]));
    }
    CU_ASSERT(worst <= 1e-4 * largest);
    int symmetric = 1;
    for (int i = 0; i < e->order; i++)
      for (int j = 0; j < i; j++) symmetric &= fast[i * e->order + j] == fast[j * e->order + i];
    CU_ASSERT_TRUE(symmetric);
    arena_free(&memory);
  }
}

/* One process, where the others stand outside, gives the bits to hold all other grids against. */
static void every_grid_gives_the_same_bits(void) {
  const example e = {200, 32, 4, -1};
  const size_t bytes = 200 * 200 * sizeof(float);
  arena memory = {0};
  float *one = NULL, *other = NULL;
  CU_ASSERT_EQUAL(ARENA(&memory, 200 * 200, &one), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&memory, 200 * 200, &other), STATUS_OK);
  CU_ASSERT_EQUAL(invert(&e, 1, 1, one), STATUS_OK);
  for (int rows = 1; rows <= mpi_suite_comm->size; rows++)
    for (int columns = 1; rows * columns <= mpi_suite_comm->size; columns++) {
      CU_ASSERT_EQUAL(invert(&e, rows, columns, other), STATUS_OK);
      CU_ASSERT_EQUAL(memcmp(one, other, bytes), 0);
    }
  arena_free(&memory);
}

static void all_ranks_leave_a_matrix_that_has_no_inverse(void) {
  float out[100 * 100];
  for (int broken = 0; broken < 100; broken += 33) {
    const example e = {100, 32, 5, broken};
    for (int rows = 1; rows <= mpi_suite_comm->size; rows++) {
      CU_ASSERT_EQUAL(invert(&e, rows, 1, out), STATUS_BUG);
      CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "not positive definite"));
    }
  }
  const example no_number = {100, 32, NAN, -1};
  CU_ASSERT_EQUAL(invert(&no_number, mpi_suite_comm->size, 1, out), STATUS_BUG);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "not made of numbers"));
}

static void grids_are_near_square_and_leave_few_ranks_out(void) {
  const int expected[][3] = {{1, 1, 1}, {2, 2, 1},  {3, 3, 1},  {4, 2, 2},   {6, 3, 2}, {7, 7, 1},
                             {8, 4, 2}, {11, 5, 2}, {12, 4, 3}, {61, 10, 6}, {64, 8, 8}};
  for (size_t n = 0; n < sizeof expected / sizeof *expected; n++) {
    int rows = 0, columns = 0;
    grid_shape(expected[n][0], &rows, &columns);
    CU_ASSERT_EQUAL(rows, expected[n][1]);
    CU_ASSERT_EQUAL(columns, expected[n][2]);
  }
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(the_inverse_is_that_of_elimination_in_double),
      TEST(every_grid_gives_the_same_bits),
      TEST(all_ranks_leave_a_matrix_that_has_no_inverse),
      TEST(grids_are_near_square_and_leave_few_ranks_out),
  };
  return MPI_SUITE_RUN(argc, argv, "dense_inverse", tests);
}
