/* The recurrent states of rows at work. Private to the decoder (decode*.c). */
#ifndef MATH_DECODE_STATES_H
#define MATH_DECODE_STATES_H

#include "math/decode_model.h"
#include "math/kernel.h"

/* Rows at work at a time: a multiple of DECODE_BLOCK_ROWS, and enough for the weights to be worth fetching. */
enum { DECODE_ROWS = 192 };

/* States of the last steps that are kept, so that a row can go back: DECODE_PAST - 1 tokens. */
enum { DECODE_PAST = 8 };

typedef struct decode_states {
  float *base[GENERATOR_LAYERS_MOST];                                                          /* [ROWS, 4H] */
  float *cell[DECODE_PAST][GENERATOR_LAYERS_MOST], *state[DECODE_PAST][GENERATOR_LAYERS_MOST]; /* [ROWS, H] */
  float *facts[DECODE_PAST];                                                                   /* [ROWS, D] */
  int now; /* which of them are of this step; the one before it is of the step before */
  /* of a step */
  float *gates;   /* [ROWS, 4H] */
  float *read;    /* [ROWS, D] */
  float *extra;   /* [ROWS, H] */
  float *chosen;  /* [ROWS, H]: states whose logits are asked for */
  float *top;     /* [ROWS, E], where there is a projection */
  uint16_t *left; /* packed left operand */
} decode_states;

void decode_states_lay_out(const generator_shape *s, kernel_scratch *scratch, decode_states *out);

/* Puts a request in a row: states 0, gate bias from its condition, its facts. */
void decode_states_start(const decode_model *m, const decode_request *q, int row, decode_states *w);

/* Row `to` = row `from`. */
void decode_states_copy(const generator_shape *s, int from, int to, decode_states *w);

/* Takes a row back by `steps` < DECODE_PAST. */
void decode_states_back(const generator_shape *s, int row, int steps, decode_states *w);

/* Rows [0, count) = rows from[count], all at once, but for the gate bias, which is the request's. */
void decode_states_permute(const generator_shape *s, const int *from, int count, decode_states *w);

/* One step of rows [0, count) with input[count]. */
void decode_states_advance(const decode_model *m, const int32_t *input, int count, decode_states *w);

/* The left operand of the logits of rows[count]. */
const void *decode_states_top(const decode_model *m, const int *rows, int count, decode_states *w);

#endif
