/* Matrix products with operands rounded to bf16 and sums in f32, about twice as fast as f32 where the CPU has
 * AVX512-BF16 (Intel from Cooper Lake, AMD from Zen 4 on). Weights are packed once and multiplied many times.
 *
 * A sum runs over the depth two by two, in ascending order, whatever the other sizes are: a row of a result does not
 * depend on how many rows are computed beside it. Elsewhere bf16_available is 0 and nothing else here may be called. */
#ifndef MATH_BF16_H
#define MATH_BF16_H

#include <stdint.h>

enum {
  BF16_PANEL = 32, /* columns of a panel of the right operand */
  BF16_DEPTH = 32  /* depths are padded with zeros to a multiple */
};

/* Where this CPU computes with them. */
int bf16_available(void);

/* Numbers of a packed left operand [rows, depth], and of a right one [depth, width]. */
int64_t bf16_left_count(int rows, int depth);
int64_t bf16_right_count(int depth, int width);

/* Left operand [rows, depth]: from a [rows, depth], rows `stride` floats apart; or, transposed, from a [depth, rows].
 */
void bf16_left(int rows, int depth, const float *a, int stride, uint16_t *packed);
void bf16_left_transposed(int rows, int depth, const float *a, int stride, uint16_t *packed);

/* Right operand [depth, width]: from b [depth, width]; or, transposed, from b [width, depth]. */
void bf16_right(int depth, int width, const float *b, int stride, uint16_t *packed);
void bf16_right_transposed(int depth, int width, const float *b, int stride, uint16_t *packed);

/* c [rows, width] = a · b, or c += a · b where `add`; rows of c are `stride` floats apart. */
void bf16_product(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride);

/* c [rows, width] = aᵀ · b, or c += aᵀ · b where `add`: a [depth, rows] and b [depth, width] packed as right operands.
 */
void bf16_outer(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, int add, float *c, int stride);

/* A softmax's exponentials without a pass over logits: e^(a·b + bias − shift of the row), [rows, width], as a packed
 * left and as a packed right operand; columns beyond the width are 0. Logits of 88 above the shift, and more, all count
 * as 88.
 *   rows   a multiple of BF16_DEPTH
 *   shift  [rows]
 *   left   [bf16_left_count(rows, width)]
 *   right  [bf16_right_count(rows, width)]
 *   sums   [rows × 16]: in the first `rows` the sums of the exponentials before they are rounded; the rest is used */
void bf16_exponentials(int rows, int width, int depth, const uint16_t *a, const uint16_t *b, const float *bias,
                       const float *shift, uint16_t *left, uint16_t *right, float *sums);

/* a · b of a row of a packed left operand and `depth` floats, rounded on the way. */
float bf16_dot(int depth, const uint16_t *a, const float *b);

/* out [width] += Σ over rows of scale[row] × right [rows, width]. */
void bf16_column_sums(int rows, int width, const uint16_t *right, const float *scale, float *out);

#endif
