#include "math/spectral.h"

#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

enum { ROWS = 9, COLUMNS = 31, MOST = 26, W = SPECTRAL_COLUMNS };

typedef struct fixture {
  arena memory;
  int64_t offset[ROWS + 1];
  int32_t column[ROWS * MOST];
  float weight[ROWS * MOST], scale[ROWS];
  float *in, *same, *before, *fast, *slow; /* `in` and what is scattered to have COLUMNS rows */
} fixture;

/* Row 0 is empty, the last has MOST entries. */
static spectral_rows fill(fixture *f, int weighted) {
  memset(f, 0, sizeof *f);
  random_stream r = random_open(6, RANDOM_TEST, 1, 0);
  float **block[] = {&f->in, &f->same, &f->before, &f->fast, &f->slow};
  for (int b = 0; b < 5; b++) {
    CU_ASSERT_EQUAL(ARENA(&f->memory, COLUMNS * W, block[b]), STATUS_OK);
    for (int i = 0; i < COLUMNS * W; i++) (*block[b])[i] = random_normal(&r);
  }
  for (int i = 0; i < ROWS; i++) {
    const int count = i == ROWS - 1 ? MOST : 3 * i;
    f->offset[i + 1] = f->offset[i] + count;
    f->scale[i] = random_normal(&r);
    for (int64_t j = f->offset[i]; j < f->offset[i + 1]; j++) {
      f->column[j] = (int32_t)((j - f->offset[i]) * COLUMNS / MOST);
      f->weight[j] = random_normal(&r);
    }
  }
  return (spectral_rows){ROWS, f->offset, f->column, weighted ? f->weight : NULL, f->scale};
}

static float plain_sum(const spectral_rows *m, int row, const float *in, int c) {
  float sum = 0;
  for (int64_t j = m->offset[row]; j < m->offset[row + 1]; j++) {
    const float value = in[m->column[j] * W + c];
    sum += m->weight == NULL ? value : m->weight[j] * value;
  }
  return sum;
}

static int same_bits(const fixture *f, int rows) {
  return memcmp(f->fast, f->slow, (size_t)rows * W * sizeof *f->fast) == 0;
}

static void products_are_those_of_the_definition_to_the_last_bit(void) {
  for (int weighted = 0; weighted < 2; weighted++) {
    fixture f;
    const spectral_rows m = fill(&f, weighted);
    spectral_product(&m, f.in, f.fast);
    for (int i = 0; i < ROWS; i++)
      for (int c = 0; c < W; c++) f.slow[i * W + c] = f.scale[i] * plain_sum(&m, i, f.in, c);
    CU_ASSERT_TRUE(same_bits(&f, ROWS));
    arena_free(&f.memory);
  }
}

/* With and without a block before; in place of it, too. */
static void steps_are_those_of_the_definition_to_the_last_bit(void) {
  for (int with_before = 0; with_before < 3; with_before++) {
    fixture f;
    const spectral_rows m = fill(&f, 1);
    for (int i = 0; i < ROWS; i++)
      for (int c = 0; c < W; c++) {
        const float scale = 0.75F * f.scale[i];
        float value = scale * plain_sum(&m, i, f.in, c) + -2.0F * f.same[i * W + c];
        if (with_before > 0) value += 0.5F * f.before[i * W + c];
        f.slow[i * W + c] = value;
      }
    if (with_before == 2) memcpy(f.fast, f.before, ROWS * W * sizeof *f.fast);
    const float *before = with_before == 0 ? NULL : with_before == 1 ? f.before : f.fast;
    spectral_step(&m, f.in, 0.75F, -2, f.same, 0.5F, before, f.fast);
    CU_ASSERT_TRUE(same_bits(&f, ROWS));
    arena_free(&f.memory);
  }
}

static void scattering_all_rows_is_the_product_with_the_transpose(void) {
  for (int weighted = 0; weighted < 2; weighted++) {
    fixture f;
    const spectral_rows m = fill(&f, weighted);
    memset(f.fast, 0, COLUMNS * W * sizeof *f.fast);
    memset(f.slow, 0, COLUMNS * W * sizeof *f.slow);
    for (int i = 0; i < ROWS; i++) spectral_scatter(&m, i, f.in + i * W, f.fast);
    for (int i = 0; i < ROWS; i++)
      for (int64_t j = m.offset[i]; j < m.offset[i + 1]; j++)
        for (int c = 0; c < W; c++) {
          const float factor = weighted ? f.weight[j] : 1;
          f.slow[m.column[j] * W + c] += factor * f.in[i * W + c];
        }
    CU_ASSERT_TRUE(same_bits(&f, COLUMNS));
    arena_free(&f.memory);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(products_are_those_of_the_definition_to_the_last_bit),
      TEST(steps_are_those_of_the_definition_to_the_last_bit),
      TEST(scattering_all_rows_is_the_product_with_the_transpose),
  };
  return SUITE_RUN("spectral", tests);
}
