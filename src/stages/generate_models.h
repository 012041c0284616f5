/* The trained writer and its judge, as stages/train left them. */
#ifndef STAGES_GENERATE_MODELS_H
#define STAGES_GENERATE_MODELS_H

#include <stdint.h>

#include "data/condition.h"
#include "data/copy.h"
#include "math/decode.h"
#include "math/discriminator.h"
#include "stages/stage.h"
#include "text/tokeniser.h"

typedef struct generate_models {
  tokeniser *tokens;
  generator_shape shape;
  const float *writer; /* [generator_count(shape)] */
  condition_shape condition;
  decode_vocabulary vocabulary; /* units as in text/width.h */
  decode_model model;
  /* The tokens that messages of a language and domain may hold: those of its copy (of the language where the domain has
   * none), less what no message of this language may hold. */
  decode_list list[LANGUAGE_COUNT][DOMAIN_COUNT];
  discriminator_shape judge_shape;
  const float *judge; /* [discriminator_count(judge_shape)], or NULL where the job trained none */
} generate_models;

/* Local. `width`: length of the factors. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO. */
status generate_models_load(const stage *s, const copy *c, int width, generate_models *out);

/* Local. How much a text looks like one that a person wrote: log of the probability that the discriminator gives it,
 * per result; 0 for all where there is no discriminator. condition [count, C], without user and item: lines of copy,
 * from which it learnt, have none score     [count]; meaningless where a result has no tokens */
status generate_models_judge(const generate_models *m, const float *anonymous, const decode_result *results, int count,
                             arena *scratch, float *score);

void generate_models_close(generate_models *m);

#endif
