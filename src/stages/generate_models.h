/* The trained writer and its judge, as stages/train left them. */
#ifndef STAGES_GENERATE_MODELS_H
#define STAGES_GENERATE_MODELS_H

#include <stdint.h>

#include "data/condition.h"
#include "math/decode.h"
#include "stages/stage.h"
#include "text/tokeniser.h"

typedef struct generate_models {
  tokeniser *tokens;
  generator_shape shape;
  const float *writer; /* [generator_count(shape)] */
  condition_shape condition;
  decode_vocabulary vocabulary;
  uint8_t *forbidden[LANGUAGE_COUNT]; /* [V]: 1 for pieces that a message in this language may never hold */
} generate_models;

/* Local. `width`: length of the factors. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO. */
status generate_models_load(const stage *s, int width, generate_models *out);
void generate_models_close(generate_models *m);

#endif
