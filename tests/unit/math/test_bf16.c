#include "math/bf16.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/random.h"
#include "support/suite.h"

static const int shapes[][3] = {{1, 1, 1},    {3, 64, 5},   {12, 32, 16}, {5, 100, 7},  {8, 256, 64},  {25, 71, 33},
                                {2, 63, 900}, {40, 48, 20}, {97, 17, 40}, {16, 16, 16}, {30, 130, 70}, {100, 33, 550}};

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

int main(void) {
  const suite_test tests[] = {
      TEST(products_are_those_of_rounded_operands),
      TEST(a_row_has_the_same_bits_in_any_company),
  };
  return SUITE_RUN("bf16", tests);
}
