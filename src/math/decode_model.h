/* The products of decoding. Private to the decoder (decode*.c). */
#ifndef MATH_DECODE_MODEL_H
#define MATH_DECODE_MODEL_H

#include "math/decode.h"

/* f32 products have this many rows, used or not, so that a row's bits are the same in any company. */
enum { DECODE_BLOCK_ROWS = 64 };

/* Columns of the softmax weights. */
static inline int decode_top_width(const generator_shape *s) { return s->untied ? s->hidden : s->embedding; }

/* A left operand [rows, depth] as the model's products take it. f32: `a` itself, which has rows up to a multiple of
 * DECODE_BLOCK_ROWS; bf16: packed into `room`, [bf16_left_count(rows, depth)]. */
const void *decode_model_left(const decode_model *m, int rows, int depth, const float *a, uint16_t *room);

/* c [rows, columns] = a · b[, first...], or c += where `add`; rows of c are `stride` floats apart. `first` is a
 * multiple of BF16_PANEL. f32 writes rows up to a multiple of DECODE_BLOCK_ROWS. */
void decode_model_multiply(const decode_model *m, const decode_matrix *b, int rows, const void *left, int first,
                           int columns, int add, float *c, int stride);

/* gates [4H] += row `token` of the table. */
void decode_model_add_token(const decode_model *m, int token, float *gates);

/* Position of a token in a list, 1 + S of whose positions are </s> and slots; -1: it is not there. */
int decode_model_find(const decode_list *l, int first, int token);

#endif
