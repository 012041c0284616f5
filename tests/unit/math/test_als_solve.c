/* The rows of als_solve_rows and als_solve_packed, at all lengths and strides; what they mean is held in test_als.c. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "math/als.h"
#include "math/als_exact.h"
#include "support/suite.h"

/* Rows of every length up to a few groups, and one far beyond what is kept near, at all kinds of stride. */
enum { LONGEST = 9000, LENGTHS = 27, LENGTH_PAIRS = LONGEST + LENGTHS * (LENGTHS - 1) / 2, WIDEST = 256, OTHERS = 700 };
static _Alignas(64) float others[OTHERS * WIDEST], solved[(LENGTHS + 1) * WIDEST], alone[WIDEST];
static _Alignas(64) uint16_t packed[OTHERS * WIDEST];
static _Alignas(64) float room[1 << 17];
static int64_t length_offset[LENGTHS + 2];
static item_row length_item[LENGTH_PAIRS];
static float length_weight[LENGTH_PAIRS], length_target[LENGTH_PAIRS], length_lambda[LENGTHS + 1];
static double exact_room[WIDEST * (WIDEST + 1)];

static als_interactions fill_lengths(int stride) {
  random_stream r = random_open(31, RANDOM_TEST, (uint64_t)stride, 0);
  int64_t at = 0;
  for (int row = 0; row <= LENGTHS; row++) {
    const int length = row < LENGTHS ? row : LONGEST;
    for (int j = 0; j < length; j++, at++) {
      length_item[at] = (item_row)random_below(&r, OTHERS);
      length_weight[at] = 0.2F + 1 / (0.05F + random_unit(&r));
      length_target[at] = 1 + random_unit(&r);
    }
    length_offset[row + 1] = at;
    length_lambda[row] = length > 0 ? 0.5F : ALS_EMPTY;
  }
  for (int i = 0; i < OTHERS * stride; i++) others[i] = 0.3F * random_normal(&r);
  for (int i = 0; i < (LENGTHS + 1) * stride; i++) solved[i] = 0.1F;
  return (als_interactions){.count = LENGTHS + 1,
                            .offset = length_offset,
                            .item = length_item,
                            .weight = length_weight,
                            .target = length_target};
}

static double worst_of_lengths(const als_interactions *m, int stride, const float *base) {
  double worst = 0;
  for (int row = 0; row <= LENGTHS; row++) {
    float exact[WIDEST] = {0};
    als_exact_row(m, row, others, stride, base, length_lambda[row], exact, exact_room);
    for (int c = 0; c < stride; c++)
      worst = fmax(worst, (double)fabsf(solved[row * stride + c] - (base[c] < 0 ? 0.1F : exact[c])));
  }
  return worst;
}

static void rows_of_any_length_at_any_stride_agree_with_the_exact_ones(void) {
  const int strides[] = {16, 48, 64, 128, 256};
  for (int s = 0; s < 5; s++) {
    const int stride = strides[s];
    _Alignas(64) float base[WIDEST];
    for (int c = 0; c < stride; c++) base[c] = c == stride - 1 ? ALS_FROZEN : 40;
    const als_interactions m = fill_lengths(stride);
    for (int i = 0; i < OTHERS; i++) others[i * stride + stride - 1] = 0;
    CU_ASSERT_TRUE_FATAL(als_solve_scratch(stride) <= (int64_t)(sizeof room / sizeof *room));
    als_solve_rows(&m, others, stride, base, length_lambda, 60, solved, NULL, room);
    CU_ASSERT_TRUE(worst_of_lengths(&m, stride, base) < 1e-4);
  }
}

static void a_packed_table_gives_what_its_rounded_numbers_give(void) {
  const int strides[] = {48, 64, 128};
  for (int s = 0; s < 3; s++) {
    const int stride = strides[s];
    _Alignas(64) float base[WIDEST];
    for (int c = 0; c < stride; c++) base[c] = 40;
    const als_interactions m = fill_lengths(stride);
    static float from_packed[(LENGTHS + 1) * WIDEST];
    als_pack(others, OTHERS, stride, packed);
    als_solve_packed(&m, packed, stride, base, length_lambda, 3, solved, NULL, room);
    memcpy(from_packed, solved, sizeof from_packed);
    for (int i = 0; i < OTHERS * stride; i++) {
      const int c = i % stride, at = i / stride * als_packed_stride(stride) + c / 32 * 32 + c % 16 * 2 + c / 16 % 2;
      const uint32_t bits = (uint32_t)packed[at] << 16;
      float rounded;
      memcpy(&rounded, &bits, sizeof rounded);
      CU_ASSERT_TRUE(fabsf(rounded - others[i]) <= fabsf(others[i]) / 256);
      others[i] = rounded;
    }
    for (int i = 0; i < (LENGTHS + 1) * stride; i++) solved[i] = 0.1F;
    als_solve_rows(&m, others, stride, base, length_lambda, 3, solved, NULL, room);
    CU_ASSERT_EQUAL(memcmp(from_packed, solved, (size_t)((LENGTHS + 1) * stride) * sizeof *solved), 0);
  }
}

static void a_row_has_the_same_bits_alone(void) {
  _Alignas(64) float base[WIDEST];
  for (int c = 0; c < 64; c++) base[c] = 2;
  const als_interactions m = fill_lengths(64);
  als_solve_rows(&m, others, 64, base, length_lambda, 3, solved, NULL, room);
  for (int row = 0; row <= LENGTHS; row++) {
    als_interactions one = m;
    one.count = 1;
    one.offset = m.offset + row;
    for (int c = 0; c < 64; c++) alone[c] = 0.1F;
    als_solve_rows(&one, others, 64, base, length_lambda + row, 3, alone, NULL, room);
    CU_ASSERT_EQUAL(memcmp(alone, solved + row * 64, 64 * sizeof *alone), 0);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(rows_of_any_length_at_any_stride_agree_with_the_exact_ones),
      TEST(a_packed_table_gives_what_its_rounded_numbers_give),
      TEST(a_row_has_the_same_bits_alone),
  };
  return SUITE_RUN("als_solve", tests);
}
