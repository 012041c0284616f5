#include "stages/train_sample.h"

#include "base/random.h"
#include "base/watchdog.h"
#include "data/partition.h"

enum { BLOCK_TEXTS = 512 }; /* decoded between two signs of life */

status train_sampler_create(stage *s, const train_data *d, const generator_shape *shape, train_sampler *out) {
  const tokeniser *t = d->tokeniser;
  const int size = tokeniser_size(t);
  int16_t *slot_of = NULL;
  int32_t *slot_token = NULL;
  *out = (train_sampler){.data = d, .shape = shape};
  TRY(ARENA(s->arena, size, &slot_of));
  TRY(ARENA(s->arena, SLOT_COUNT, &slot_token));
  TRY(ARENA(s->arena, size, &out->token));
  TRY(ARENA(s->arena, 1, &out->model));
  TRY(ARENA(s->arena, 1, &out->list));
  for (int i = 0; i < size; i++) {
    slot_of[i] = (int16_t)tokeniser_slot_of(t, i);
    if (tokeniser_piece(t, i)[0] != '\0' && !tokeniser_is_byte(t, i)) out->token[out->tokens++] = i;
  }
  for (int i = 0; i < SLOT_COUNT; i++) slot_token[i] = tokeniser_slot(t, (slot)i);
  out->vocabulary = (decode_vocabulary){.begin = tokeniser_begin(t),
                                        .end = tokeniser_end(t),
                                        .slots = SLOT_COUNT,
                                        .slot = slot_of,
                                        .slot_token = slot_token};
  TRY(ARENA(s->arena, decode_model_floats(shape), &out->model_memory));
  TRY(ARENA(s->arena, decode_list_floats(shape, &out->vocabulary, out->tokens), &out->list_memory));
  return ARENA(s->arena, decode_scratch(shape, &out->vocabulary, out->tokens), &out->scratch);
}

void train_sampler_prepare(const train_sampler *t, const float *block) {
  decode_model_prepare(t->shape, block, &t->vocabulary, t->model_memory, t->model);
  decode_list_prepare(t->model, t->token, t->tokens, t->list_memory, t->list);
}

void train_sampler_lines(const train_sampler *t, uint64_t seed, uint32_t round, int64_t count, int32_t *lines) {
  const train_data *d = t->data;
  random_stream r = random_open(seed, RANDOM_SAMPLE, 0, round);
  for (int64_t i = 0; i < count; i++) lines[i] = d->train[random_below(&r, (uint32_t)d->train_count)];
}

/* The discriminator learns from all that the writer says, however unlikely: one that has hardly begun to learn puts the
 * slots that are asked for where they surprise itself. */
static const float least_mass = 1e-6f;

status train_sampler_request(const train_sampler *t, int32_t line, double temperature, uint64_t id, arena *a,
                             decode_request *out) {
  float *told = NULL;
  TRY(ARENA(a, t->data->width, &told));
  train_data_condition(t->data, line, told);
  *out = (decode_request){.condition = told,
                          .list = t->list,
                          .required = t->data->copy.lines[line].slots,
                          .max_tokens = DECODE_TOKENS_MOST,
                          .temperature = (float)temperature,
                          .least_mass = least_mass,
                          .id = id};
  return STATUS_OK;
}

static status sample_share(const train_sampler *t, uint64_t seed, double temperature, const int32_t *lines,
                           int64_t count, uint64_t first_id, arena *a, decode_result *out) {
  decode_request *requests = NULL;
  TRY(ARENA(a, count, &requests));
  for (int64_t i = 0; i < count; i++)
    TRY(train_sampler_request(t, lines[i], temperature, first_id + (uint64_t)i, a, &requests[i]));
  for (int64_t first = 0; first < count; first += BLOCK_TEXTS) {
    const int64_t left = count - first;
    decode_batch(t->model, seed, requests + first, (int)(left < BLOCK_TEXTS ? left : BLOCK_TEXTS), out + first,
                 t->scratch);
    watchdog_pulse();
  }
  return STATUS_OK;
}

status train_sampler_run(const train_sampler *t, const comm *c, const float *block, uint64_t seed, double temperature,
                         const int32_t *lines, int64_t count, uint64_t first_id, arena *a, decode_result **out) {
  const int64_t first = partition_start(count, c->size, c->rank), last = partition_start(count, c->size, c->rank + 1);
  decode_result *mine = NULL;
  int64_t *offset = NULL;
  TRY_ALL(c, ARENA(a, last - first, &mine));
  train_sampler_prepare(t, block);
  TRY_ALL(c, sample_share(t, seed, temperature, lines + first, last - first, first_id + (uint64_t)first, a, mine));
  return comm_gather_all(c, mine, (last - first) * (int64_t)sizeof *mine, a, (void **)out, &offset);
}

int64_t train_sampler_texts(const int32_t *lines, const decode_result *results, int64_t count, train_text *texts) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++)
    if (results[i].count > 0) texts[kept++] = (train_text){lines[i], results[i].count, results[i].token, NULL};
  return kept;
}
