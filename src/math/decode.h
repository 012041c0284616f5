/* Sampling texts from the writer under constraints: many requests at once, a finished row's place going to the next
 * one.
 *
 * For each row a coverage mask lets every required slot out exactly once, closes </s> until all are out, keeps
 * forbidden tokens in, and closes in time: what is left of the length budget never falls below what the missing slots
 * need. Where the masks leave the model almost nothing that it would say (DECODE_LEAST_MASS), the row is given up
 * rather than bent: its count is 0, and another attempt may do better. Randomness is keyed by the row's id and attempt,
 * so a row's text does not depend on what else is in the batch. To keep that true in the last bit, products are
 * computed in blocks of a fixed number of rows. */
#ifndef MATH_DECODE_H
#define MATH_DECODE_H

#include <stdint.h>

#include "data/copy.h"
#include "math/generator.h"

enum { DECODE_TOKENS_MOST = 96 };

/* Share of the model's own next-token probability that the masks must leave open. */
#define DECODE_LEAST_MASS 0.05f

/* What is the same for all rows of a call. */
typedef struct decode_vocabulary {
  int begin, end;            /* <s>, </s> */
  const int16_t *slot;       /* [V]: the slot that a token is, or -1 */
  const uint8_t *columns;    /* [V]: display columns of the token's text (slots: 0) */
  const int32_t *slot_token; /* [SLOT_COUNT]: the token of each slot */
} decode_vocabulary;

typedef struct decode_request {
  const float *condition;      /* [C] */
  const uint8_t *forbidden;    /* [V]: 1: never in this row; what is said of slots and </s> here is ignored */
  uint32_t required;           /* slot_set; slots outside it are never let out */
  const uint8_t *slot_columns; /* [SLOT_COUNT]: display columns of each slot's value */
  int max_columns;             /* of the filled text */
  int max_tokens;              /* <= DECODE_TOKENS_MOST, </s> included */
  float temperature;           /* > 0; 0: greedy */
  uint64_t id;                 /* names the random stream, with `attempt` */
  uint32_t attempt;
  const int32_t *prefix; /* [prefix_count]: the text begins with these; < max_tokens */
  int prefix_count;
} decode_request;

typedef struct decode_result {
  int count; /* tokens, </s> excluded; 0: given up, no text fitted */
  int32_t token[DECODE_TOKENS_MOST];
  float log_probability; /* mean per token, of the model itself (temperature 1, no mask) */
} decode_result;

/* Floats of scratch memory for a call with `rows` requests. */
int64_t decode_scratch(const generator_shape *s, int rows);

/* Samples a text for each request. */
void decode_batch(const generator_shape *s, const float *block, const decode_vocabulary *v, uint64_t seed,
                  const decode_request *requests, int count, decode_result *results, float *scratch);

#endif
