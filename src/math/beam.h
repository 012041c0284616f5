/* The likeliest texts of a writer, by beam search: `width` hypotheses are kept at each step, texts that have ended are
 * ranked by their mean log probability. Words that stand for values come as often as asked for; no other constraints:
 * this is for measuring a model (nights write by math/decode.h). Products are of few rows, each computed by itself, so
 * that a text's bits depend on nothing else. */
#ifndef MATH_BEAM_H
#define MATH_BEAM_H

#include <stdint.h>

#include "math/generator.h"

enum { BEAM_WIDTH_MOST = 16, BEAM_TEXTS_MOST = 64, BEAM_TOKENS_MOST = 96, BEAM_FREE = 255 };

typedef struct beam_request {
  const float *condition; /* [C] */
  const float *facts;     /* [D], NULL without */
  int begin, end;         /* <s>, </s> */
  const uint8_t *times;   /* [V]: how often a token must stand in a text; BEAM_FREE: as it likes */
  double bonus;           /* nats that a token which must be written counts more while hypotheses are chosen */
  int no_repeat;          /* so many tokens never follow each other twice in a text; 0: they may */
  int width;              /* <= BEAM_WIDTH_MOST */
  int texts;              /* that are kept of those that end, <= BEAM_TEXTS_MOST */
  int tokens;             /* of a text at most, </s> excluded; < BEAM_TOKENS_MOST */
} beam_request;

typedef struct beam_text {
  int count; /* tokens, </s> excluded */
  int32_t token[BEAM_TOKENS_MOST];
  double log_probability; /* sum over tokens and </s> */
  double score;           /* mean */
} beam_text;

/* Floats of scratch memory. */
int64_t beam_scratch(const generator_shape *s, int width);

/* Finds texts, the best first: out [texts]. Returns how many. Where no text with all that must be written has ended
 * within `tokens`, those are found that leave something of it out; 0 only where none of these ends either. */
int beam_search(const generator_shape *s, const float *block, const beam_request *q, beam_text *out, float *scratch);

#endif
