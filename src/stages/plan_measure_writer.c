/* The writer's and the discriminator's kernels at the job's shapes, with weights as they are drawn. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "math/adam.h"
#include "math/decode.h"
#include "stages/plan_measure.h"

enum { ROWS = 64, STEPS = 12 };

static status make_batch(const plan_numbers *n, int sequences, int steps, arena *a, generator_batch *out) {
  const int64_t cells = (int64_t)sequences * steps;
  int32_t *input = NULL, *target = NULL;
  float *condition = NULL;
  uint64_t *ids = NULL;
  TRY(ARENA(a, cells, &input));
  TRY(ARENA(a, cells, &target));
  TRY(ARENA(a, (int64_t)sequences * n->writer.condition, &condition));
  TRY(ARENA(a, sequences, &ids));
  for (int64_t i = 0; i < cells; i++)
    input[i] = target[i] = (int32_t)(hash_mix((uint64_t)i) % (uint64_t)n->writer.vocabulary);
  for (int i = 0; i < sequences; i++) {
    ids[i] = (uint64_t)i;
    for (int k = 0; k < 5 && k < n->writer.condition; k++) condition[(int64_t)i * n->writer.condition + k] = 1;
  }
  *out = (generator_batch){
      .sequences = sequences, .steps = steps, .input = input, .target = target, .condition = condition, .ids = ids};
  return STATUS_OK;
}

static status measure_optimiser(float *block, float *gradient, int64_t count, arena *a, plan_rates *r) {
  float *first = NULL, *second = NULL;
  TRY(ARENA(a, count, &first));
  TRY(ARENA(a, count, &second));
  const adam_options options = {1e-6, 0.01, 1e-3};
  plan_clock adam = {0}, add = {0};
  int64_t step = 0;
  double norm = 0;
  while (plan_clock_goes_on(&adam)) {
    norm += adam_norm(gradient, count);
    adam_step(block, gradient, first, second, count, ++step, &options);
  }
  r->adam = adam.least / (double)count;
  while (plan_clock_goes_on(&add))
    for (int64_t i = 0; i < count; i++) first[i] += second[i];
  r->add = add.least / (double)count;
  return isfinite(norm) ? STATUS_OK : status_fail(STATUS_BUG, "plan: the optimiser's norm is no number");
}

status plan_measure_writer(const plan_numbers *n, arena *a, plan_rates *r) {
  const int sequences = (n->batch + n->lanes - 1) / n->lanes, steps = (int)(n->lane_steps + 0.5);
  const int64_t count = generator_count(&n->writer);
  float *block = NULL, *gradient = NULL, *scratch = NULL;
  generator_batch lane, judged;
  TRY(make_batch(n, sequences, steps, a, &lane));
  TRY(make_batch(n, ROWS, steps, a, &judged));
  TRY(ARENA(a, count, &block));
  TRY(ARENA(a, count, &gradient));
  lane.dropout = generator_dropout_even(0.3f);
  const int64_t one = generator_scratch(&n->writer, &lane), other = generator_scratch(&n->writer, &judged);
  TRY(ARENA(a, one > other ? one : other, &scratch));
  generator_initialise(&n->writer, 1, block);
  plan_clock learn = {0}, judge = {0};
  while (plan_clock_goes_on(&learn)) generator_loss(&n->writer, block, &lane, gradient, NULL, scratch);
  r->lane_token = learn.least / sequences / steps;
  while (plan_clock_goes_on(&judge)) generator_loss(&n->writer, block, &judged, NULL, NULL, scratch);
  r->judge_token = judge.least / ROWS / steps;
  memset(gradient, 0, (size_t)count * sizeof *gradient);
  return measure_optimiser(block, gradient, count, a, r);
}

/* Seconds of a call that decodes `rows` texts of STEPS tokens. */
static double decode(const decode_model *m, decode_request *requests, int rows, decode_result *results,
                     float *scratch) {
  plan_clock clock = {0};
  while (plan_clock_goes_on(&clock)) decode_batch(m, 1, requests, rows, results, scratch);
  return clock.least;
}

/* What makes weights ready, and the memory of a call. */
static status prepare(const plan_numbers *n, const decode_vocabulary *v, arena *a, decode_model *m, decode_list *l,
                      float **scratch) {
  float *block = NULL, *memory = NULL, *list = NULL;
  const int size = n->writer.vocabulary;
  TRY(ARENA(a, generator_count(&n->writer), &block));
  TRY(ARENA(a, decode_model_floats(&n->writer), &memory));
  TRY(ARENA(a, decode_list_floats(&n->writer, v, size), &list));
  TRY(ARENA(a, decode_scratch(&n->writer, v, size), scratch));
  generator_initialise(&n->writer, 1, block);
  decode_model_prepare(&n->writer, block, v, memory, m);
  decode_list_prepare(m, NULL, size, list, l);
  return STATUS_OK;
}

/* No slot, nothing forbidden, and no length counted: every row goes on until it may not any more. */
status plan_measure_decode(const plan_numbers *n, arena *a, plan_rates *r) {
  const int v = n->writer.vocabulary;
  float *scratch = NULL, *condition = NULL;
  int16_t *slot_of = NULL;
  decode_request *requests = NULL;
  decode_result *results = NULL;
  decode_model model;
  decode_list list;
  TRY(ARENA(a, n->writer.condition, &condition));
  TRY(ARENA(a, v, &slot_of));
  TRY(ARENA(a, ROWS, &requests));
  TRY(ARENA(a, ROWS, &results));
  for (int i = 0; i < v; i++) slot_of[i] = -1;
  const decode_vocabulary vocabulary = {.begin = 1, .end = 2, .slot = slot_of};
  TRY(prepare(n, &vocabulary, a, &model, &list, &scratch));
  for (int i = 0; i < ROWS; i++)
    requests[i] = (decode_request){
        .condition = condition, .list = &list, .max_tokens = STEPS, .temperature = 1, .id = (uint64_t)i};
  const double all = decode(&model, requests, ROWS, results, scratch) / STEPS;
  const double one = decode(&model, requests, 1, results, scratch) / STEPS;
  r->decode_row = fmax(0, all - one) / (ROWS - 1);
  r->decode_step = fmax(0, one - r->decode_row);
  return STATUS_OK;
}

status plan_measure_judge(const plan_numbers *n, arena *a, plan_rates *r) {
  const int steps = (int)(n->tokens + 0.5);
  const int64_t count = discriminator_count(&n->judge);
  float *block = NULL, *gradient = NULL, *scratch = NULL, *condition = NULL, *label = NULL, *score = NULL;
  int32_t *token = NULL, *length = NULL;
  TRY(ARENA(a, count, &block));
  TRY(ARENA(a, count, &gradient));
  TRY(ARENA(a, discriminator_scratch(&n->judge, steps), &scratch));
  TRY(ARENA(a, (int64_t)ROWS * n->judge.condition, &condition));
  TRY(ARENA(a, ROWS, &label));
  TRY(ARENA(a, ROWS, &score));
  TRY(ARENA(a, ROWS * steps, &token));
  TRY(ARENA(a, ROWS, &length));
  for (int i = 0; i < ROWS; i++) length[i] = steps;
  for (int i = 0; i < ROWS * steps; i++) token[i] = (int32_t)(hash_mix((uint64_t)i) % (uint64_t)n->judge.vocabulary);
  discriminator_initialise(&n->judge, 1, block);
  const discriminator_batch batch = {
      .texts = ROWS, .steps = steps, .token = token, .length = length, .condition = condition, .label = label};
  plan_clock tell = {0}, learn = {0};
  while (plan_clock_goes_on(&tell)) discriminator_score(&n->judge, block, &batch, score, scratch);
  r->judge_text = tell.least / ROWS / steps;
  while (plan_clock_goes_on(&learn)) discriminator_loss(&n->judge, block, &batch, gradient, scratch);
  r->judge_learn = learn.least / ROWS / steps;
  return STATUS_OK;
}
