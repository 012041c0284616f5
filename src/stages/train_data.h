/* What the writer learns from: the lines of copy as tokens and conditions, the same on every rank. */
#ifndef STAGES_TRAIN_DATA_H
#define STAGES_TRAIN_DATA_H

#include "data/condition.h"
#include "data/factors.h"
#include "math/decode.h"
#include "math/discriminator.h"
#include "math/generator.h"
#include "stages/stage.h"
#include "text/tokeniser.h"

typedef struct train_data {
  copy copy;            /* distinct lines that keep the rules, in the order of the files */
  tokeniser *tokeniser; /* to be closed by train_data_close */
  int64_t *offset;      /* [copy.count + 1] */
  int32_t *token;       /* [offset[copy.count]], without <s> and </s> */
  int64_t train_count;
  int32_t *train; /* [train_count] lines, ascending */
  int64_t validation_count;
  int32_t *validation; /* [validation_count], by a hash of the line: the same lines whatever else is there */
  condition_shape shape;
  int width;               /* of a condition */
  const item_model *items; /* factors of the items that lines are about */
} train_data;

/* Collective. Reads and checks the copy, trains the tokeniser on rank 0 and saves tokeniser.nmt and copy.nmt; counts
 * go to s->done.numbers. */
status train_data_load(stage *s, train_data *out);
void train_data_close(train_data *d);

/* Local. Accepted lines of all files, delexicalised; counts go to s->done.numbers. */
status train_data_read(stage *s, copy *out);

/* A text of a minibatch: a line of copy, or one that was sampled for the line's condition. */
typedef struct train_text {
  int32_t line;
  int32_t count;
  const int32_t *token; /* [count] */
  const float *weight;  /* [count + 1] of each target's loss, </s> included; NULL: 1 */
} train_text;

train_text train_data_text(const train_data *d, int32_t line);

/* Texts as a lane for the writer, and for the discriminator (`label` [count]). Memory comes from the arena. */
status train_data_writer_batch(const train_data *d, const train_text *texts, int count, arena *a, generator_batch *out);
status train_data_judge_batch(const train_data *d, const train_text *texts, const float *label, int count, arena *a,
                              discriminator_batch *out);

/* The condition [width] of a line. */
void train_data_condition(const train_data *d, int32_t line, float *out);

#endif
