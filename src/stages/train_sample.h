/* Sampling texts for the conditions of lines of copy, as training and its gate need them. */
#ifndef STAGES_TRAIN_SAMPLE_H
#define STAGES_TRAIN_SAMPLE_H

#include "stages/train_data.h"

typedef struct train_sampler {
  const train_data *data;
  const generator_shape *shape;
  decode_vocabulary vocabulary; /* without units: length is no matter here */
  int32_t *token;               /* [tokens]: all but fragments of characters and control tokens */
  int tokens;
  decode_model *model; /* of the weights that were made ready last */
  decode_list *list;
  float *model_memory, *list_memory, *scratch;
} train_sampler;

/* Local. Memory comes from the stage's arena. */
status train_sampler_create(stage *s, const train_data *d, const generator_shape *shape, train_sampler *out);

/* Local. Makes weights ready for requests; again whenever they have changed. */
void train_sampler_prepare(const train_sampler *t, const float *block);

/* Local. Draws training lines with replacement, for the conditions of samples. */
void train_sampler_lines(const train_sampler *t, uint64_t seed, uint32_t round, int64_t count, int32_t *lines);

/* Local. A request in the condition of a line; its condition [width] is taken from the arena. */
status train_sampler_request(const train_sampler *t, int32_t line, double temperature, uint64_t id, arena *a,
                             decode_request *out);

/* Collective. One text for each of lines[count], each rank sampling a share; every rank receives all.
 * Text i is named by the id first_id + i. */
status train_sampler_run(const train_sampler *t, const comm *c, const float *block, uint64_t seed, double temperature,
                         const int32_t *lines, int64_t count, uint64_t first_id, arena *a, decode_result **out);

/* Texts that were not given up; returns how many. */
int64_t train_sampler_texts(const int32_t *lines, const decode_result *results, int64_t count, train_text *texts);

#endif
