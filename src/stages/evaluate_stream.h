/* Running text in parallel streams, with states that are carried from one piece to the next. */
#ifndef STAGES_EVALUATE_STREAM_H
#define STAGES_EVALUATE_STREAM_H

#include "stages/evaluate_train.h"

/* Tokens of a part, </s> after each line. */
typedef struct evaluate_text {
  int32_t *token;
  int64_t count, lines, characters;
  int64_t *offset; /* [lines + 1] of the lines without their </s>, for n-grams: token numbers as if none stood there */
} evaluate_text;

typedef struct evaluate_stream {
  const stage *stage;
  const generator_shape *shape;
  const evaluate_text *text;
  int32_t end; /* </s>, which also stands before the text */
  int streams, lanes;
  int64_t length; /* targets of a stream, those of its lead among them */
  int64_t lead;   /* of them, in all streams but the first: read before anything is scored */
  float **state;  /* [lanes]: [L][2][N, H] */
  int64_t at;     /* targets done */
  int steps;      /* of the piece at hand */
  int learns;
  uint32_t step; /* of the optimiser */
  arena memory;  /* of the batch */
  generator_batch batch;
} evaluate_stream;

/* Local. Cuts the text into streams to learn from (`lead` 0, what does not fill them is left out), or to be judged,
 * where every token counts once. States are 0. */
status evaluate_stream_create(const stage *s, const generator_shape *shape, const evaluate_text *text, int32_t end,
                              int streams, int lanes, int learns, arena *a, evaluate_stream *out);

/* Local. Back to the beginning, states 0. */
void evaluate_stream_begin(evaluate_stream *e);

/* train_lanes.lane of the piece [at, at + steps) of every stream. */
status evaluate_stream_lane(void *self, int lane, const void **batch);

/* Collective. Mean −log p of a token of the whole text, in nats. */
status evaluate_stream_judge(evaluate_stream *e, train_loop *loop, double *loss);

/* Floats of a lane's state. */
int64_t evaluate_stream_state(const evaluate_stream *e, int lane);

#endif
