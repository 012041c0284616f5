/* Logits of rows over their lists, scanned while they come. Private to the decoder (decode*.c). */
#ifndef MATH_DECODE_SCORE_H
#define MATH_DECODE_SCORE_H

#include "math/decode_row.h"

typedef struct decode_score {
  decode_states states;
  decode_draw draw[DECODE_ROWS];
  float *logits; /* [ROWS, largest list] */
  int32_t *room; /* [largest list] */
} decode_score;

/* Takes its memory for lists of at most `positions`, with 0 in what products read beyond the rows at work.
 * scratch->base NULL: only counts. */
void decode_score_lay_out(const generator_shape *s, int positions, kernel_scratch *scratch, decode_score *out);

/* `count` objects of `size` bytes out of scratch memory. */
void *decode_score_take(kernel_scratch *scratch, int64_t count, size_t size);

/* Fills draw[i] for each rows[order[i]], i < count, which have one list. */
void decode_score_rows(const decode_model *m, const decode_row *rows, const int *order, int count, decode_score *out);

#endif
