#include "math/bf16.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

static const int shapes[][3] = {{1, 1, 1},     {3, 64, 5},     {12, 32, 16}, {5, 100, 7},  {8, 256, 64},
                                {25, 71, 33},  {2, 63, 900},   {40, 48, 20}, {97, 17, 40}, {16, 16, 16},
                                {30, 130, 70}, {100, 33, 550}, {5, 40, 2100}};

/* Round to nearest, ties to even. */
static float rounded(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits += 0x7fff + ((bits >> 16) & 1);
  bits &= 0xffff0000;
  memcpy(&x, &bits, sizeof x);
  return x;
}

typedef struct operands {
  int rows, width, depth;
  float *a, *a_turned, *b, *b_turned, *out;
  uint16_t *left, *right;
} operands;

static operands take(arena *m, const int shape[3]) {
  operands o = {.rows = shape[0], .width = shape[1], .depth = shape[2]};
  CU_ASSERT_EQUAL(ARENA(m, o.rows * o.depth, &o.a), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, o.rows * o.depth, &o.a_turned), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, o.depth * o.width, &o.b), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, o.depth * o.width, &o.b_turned), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, o.rows * (o.width + 3), &o.out), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, bf16_left_count(o.rows, o.depth), &o.left), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(m, bf16_right_count(o.depth, o.width), &o.right), STATUS_OK);
  random_stream r = random_open(9, RANDOM_TEST, 1, 0);
  for (int i = 0; i < o.rows; i++)
    for (int k = 0; k < o.depth; k++) o.a[i * o.depth + k] = o.a_turned[k * o.rows + i] = random_normal(&r);
  for (int k = 0; k < o.depth; k++)
    for (int j = 0; j < o.width; j++) o.b[k * o.width + j] = o.b_turned[j * o.depth + k] = random_normal(&r);
  return o;
}

static void pack(const operands *o, int turned) {
  memset(o->left, 0xff, (size_t)bf16_left_count(o->rows, o->depth) * sizeof *o->left);
  memset(o->right, 0xff, (size_t)bf16_right_count(o->depth, o->width) * sizeof *o->right);
  if (turned) {
    bf16_left_transposed(o->rows, o->depth, o->a_turned, o->rows, o->left);
    bf16_right_transposed(o->depth, o->width, o->b_turned, o->depth, o->right);
  } else {
    bf16_left(o->rows, o->depth, o->a, o->depth, o->left);
    bf16_right(o->depth, o->width, o->b, o->width, o->right);
  }
}

/* The definition on rounded operands; the CPU may round products of a pair in its own order. */
static void check(const operands *o, float before) {
  const int stride = o->width + 3;
  for (int i = 0; i < o->rows; i++) {
    for (int j = 0; j < o->width; j++) {
      double sum = (double)before, size = 1;
      for (int k = 0; k < o->depth; k++) {
        const double term = (double)rounded(o->a[i * o->depth + k]) * (double)rounded(o->b[k * o->width + j]);
        sum += term;
        size += fabs(term);
      }
      CU_ASSERT_DOUBLE_EQUAL(o->out[i * stride + j], sum, 1e-6 * size);
    }
    for (int j = o->width; j < stride; j++) CU_ASSERT_EQUAL(o->out[i * stride + j], 0.5F);
  }
}

static void products_are_those_of_rounded_operands(void) {
  if (!bf16_available()) return;
  for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++)
    for (int turned = 0; turned < 2; turned++) {
      arena m = {0};
      const operands o = take(&m, shapes[n]);
      const int stride = o.width + 3;
      pack(&o, turned);
      for (int i = 0; i < o.rows * stride; i++) o.out[i] = 0.5F;
      bf16_product(o.rows, o.width, o.depth, o.left, o.right, 0, o.out, stride);
      check(&o, 0);
      for (int i = 0; i < o.rows * stride; i++) o.out[i] = 0.5F;
      bf16_product(o.rows, o.width, o.depth, o.left, o.right, 1, o.out, stride);
      check(&o, 0.5F);
      arena_free(&m);
    }
}

static void a_row_has_the_same_bits_in_any_company(void) {
  if (!bf16_available()) return;
  arena m = {0};
  const operands o = take(&m, (const int[]){30, 70, 600});
  float alone[70];
  pack(&o, 0);
  bf16_product(o.rows, o.width, o.depth, o.left, o.right, 0, o.out, o.width);
  for (int i = 0; i < o.rows; i++) {
    bf16_product(1, o.width, o.depth, o.left + i * bf16_left_count(1, o.depth), o.right, 0, alone, o.width);
    CU_ASSERT_EQUAL(memcmp(alone, o.out + i * o.width, sizeof alone), 0);
  }
  arena_free(&m);
}

/* aᵀ · b, of operands that are both packed as right ones. */
static void outer_products_are_those_of_rounded_operands(void) {
  if (!bf16_available()) return;
  for (size_t n = 0; n < sizeof shapes / sizeof *shapes; n++) {
    arena m = {0};
    const operands o = take(&m, shapes[n]);
    const int stride = o.width + 3;
    uint16_t *turned = NULL;
    pack(&o, 0);
    CU_ASSERT_EQUAL(ARENA(&m, bf16_right_count(o.depth, o.rows), &turned), STATUS_OK);
    bf16_right(o.depth, o.rows, o.a_turned, o.rows, turned);
    for (int add = 0; add < 2; add++) {
      for (int i = 0; i < o.rows * stride; i++) o.out[i] = 0.5F;
      bf16_outer(o.rows, o.width, o.depth, turned, o.right, add, o.out, stride);
      check(&o, add ? 0.5F : 0);
    }
    arena_free(&m);
  }
}

static float from_bits(uint16_t high) {
  const uint32_t bits = (uint32_t)high << 16;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* Exponentials of a softmax in both packs, their sums over rows and over columns. */
static void exponentials_are_those_of_rounded_operands(void) {
  enum { ROWS = 160, WIDTH = 77, DEPTH = 45 };
  if (!bf16_available()) return;
  arena m = {0};
  const operands o = take(&m, (const int[]){ROWS, WIDTH, DEPTH});
  uint16_t *left = NULL, *right = NULL;
  float bias[WIDTH], shift[ROWS], scale[ROWS], sums[ROWS * 16], columns[WIDTH];
  double column[WIDTH] = {0};
  CU_ASSERT_EQUAL(ARENA(&m, bf16_left_count(ROWS, WIDTH), &left), STATUS_OK);
  CU_ASSERT_EQUAL(ARENA(&m, bf16_right_count(ROWS, WIDTH), &right), STATUS_OK);
  for (int j = 0; j < WIDTH; j++) bias[j] = 0.01F * (float)j;
  for (int j = 0; j < WIDTH; j++) columns[j] = 1;
  for (int i = 0; i < ROWS; i++) shift[i] = i == 3 ? -20 : (float)(i % 5);
  for (int i = 0; i < ROWS; i++) scale[i] = 0.1F * (float)(i % 7);
  pack(&o, 0);
  bf16_exponentials(ROWS, WIDTH, DEPTH, o.left, o.right, bias, shift, left, right, sums);
  bf16_column_sums(ROWS, WIDTH, right, scale, columns);
  for (int i = 0; i < ROWS; i++) {
    double sum = 0;
    for (int j = 0; j < WIDTH; j++) {
      double logit = (double)bias[j] - (double)shift[i];
      for (int k = 0; k < DEPTH; k++)
        logit += (double)rounded(o.a[i * DEPTH + k]) * (double)rounded(o.b[k * WIDTH + j]);
      const double wanted = exp(logit);
      const float one = from_bits(left[i * bf16_left_count(1, WIDTH) + j]);
      CU_ASSERT_TRUE(suite_close((double)one, wanted, 0.005));
      CU_ASSERT_EQUAL(one, from_bits(right[j / 32 * 32 * ROWS + i / 2 * 64 + 2 * (j % 32) + i % 2]));
      sum += wanted;
      column[j] += (double)scale[i] * (double)one;
    }
    CU_ASSERT_TRUE(suite_close((double)sums[i], sum, 1e-4));
  }
  for (int j = 0; j < WIDTH; j++) CU_ASSERT_TRUE(suite_close((double)columns[j], 1 + column[j], 1e-4));
  for (int j = WIDTH; j < bf16_left_count(1, WIDTH); j++) CU_ASSERT_EQUAL(left[j], 0);
  arena_free(&m);
}

static void a_dot_product_rounds_its_second_operand(void) {
  if (!bf16_available()) return;
  arena m = {0};
  const operands o = take(&m, (const int[]){3, 1, 71});
  pack(&o, 0);
  for (int i = 0; i < o.rows; i++) {
    double wanted = 0;
    for (int k = 0; k < o.depth; k++) wanted += (double)rounded(o.a[i * o.depth + k]) * (double)rounded(o.b[k]);
    CU_ASSERT_DOUBLE_EQUAL(bf16_dot(o.depth, o.left + i * bf16_left_count(1, o.depth), o.b), wanted, 1e-4);
  }
  arena_free(&m);
}

int main(void) {
  const suite_test tests[] = {
      TEST(products_are_those_of_rounded_operands),       TEST(a_row_has_the_same_bits_in_any_company),
      TEST(outer_products_are_those_of_rounded_operands), TEST(exponentials_are_those_of_rounded_operands),
      TEST(a_dot_product_rounds_its_second_operand),
  };
  return SUITE_RUN("bf16", tests);
}
