#include "stages/train_judge.h"

#include <math.h>
#include <string.h>

/* A small net is enough: it reads a few thousand short lines. */
enum { EMBEDDING = 32, FILTERS = 48, HIDDEN = 48 };

/* Labels of real texts are softened, so that the reward does not vanish where the discriminator is sure (Salimans et
 * al. 2016). */
static const float real_label = 0.9f;
static const float dropout = 0.3f;

static status lane(void *state, int index, const void **batch) {
  train_judge *j = state;
  arena_free(&j->arena);
  const int lanes = j->loop.lanes;
  const int64_t first_real = partition_start(j->real_count, lanes, index);
  const int64_t reals = partition_start(j->real_count, lanes, index + 1) - first_real;
  const int64_t first_sampled = partition_start(j->sampled_count, lanes, index);
  const int64_t count = reals + partition_start(j->sampled_count, lanes, index + 1) - first_sampled;
  *batch = NULL;
  if (count == 0) return STATUS_OK;
  train_text *texts = NULL;
  float *label = NULL;
  TRY(ARENA(&j->arena, count, &texts));
  TRY(ARENA(&j->arena, count, &label));
  for (int64_t i = 0; i < count; i++) {
    texts[i] = i < reals ? j->real[first_real + i] : j->sampled[first_sampled + i - reals];
    label[i] = i < reals ? real_label : 0;
  }
  TRY(train_data_judge_batch(j->data, texts, label, (int)count, &j->arena, &j->batch));
  j->batch.dropout = dropout;
  j->batch.seed = j->stage->seed + (uint64_t)index;
  j->batch.step = (uint32_t)j->loop.steps;
  *batch = &j->batch;
  return STATUS_OK;
}

status train_judge_create(stage *s, const train_data *d, train_judge *out) {
  *out = (train_judge){.stage = s, .data = d};
  out->shape = (discriminator_shape){tokeniser_size(d->tokeniser), EMBEDDING, FILTERS, HIDDEN, d->width};
  out->options.rate = settings_real(s->settings, "gan.discriminator_rate");
  out->options.decay = settings_real(s->settings, "writer.decay");
  out->options.clip = settings_real(s->settings, "writer.clip");
  TRY(ARENA(s->arena, discriminator_scratch(&out->shape, DECODE_TOKENS_MOST), &out->scratch));
  return train_loop_create(s->comm, &model_discriminator, &out->shape, (int)settings_int(s->settings, "writer.lanes"),
                           s->seed, NULL, s->arena, &out->loop);
}

void train_judge_free(train_judge *j) {
  train_loop_free(&j->loop);
  arena_free(&j->arena);
}

status train_judge_step(train_judge *j, const train_text *real, int64_t real_count, const train_text *sampled,
                        int64_t sampled_count, double *loss) {
  j->real = real;
  j->real_count = real_count;
  j->sampled = sampled;
  j->sampled_count = sampled_count;
  j->options.units = (double)(real_count + sampled_count);
  TRY(train_loop_step(&j->loop, &(train_lanes){j, lane}, &j->options, loss));
  *loss /= j->options.units;
  return STATUS_OK;
}

status train_judge_score(const train_judge *j, const train_text *texts, int64_t count, arena *a, float *chance) {
  discriminator_batch batch;
  TRY(train_data_judge_batch(j->data, texts, NULL, (int)count, a, &batch));
  discriminator_score(&j->shape, j->loop.block, &batch, chance, j->scratch);
  for (int64_t i = 0; i < count; i++) chance[i] = 1 / (1 + expf(-chance[i]));
  return STATUS_OK;
}
