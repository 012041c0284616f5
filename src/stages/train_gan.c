#include "stages/train_gan.h"

#include <string.h>

#include "base/watchdog.h"
#include "stages/checkpoint.h"
#include "stages/train_lesson.h"

/* Beginnings of a text are judged every so many tokens; a token's reward is that of the next judged beginning. */
enum { STRIDE = 4 };

typedef struct duel {
  stage *stage;
  const train_data *data;
  const train_sampler *sampler;
  train_judge judge;
  train_loop writer;
  train_options options;
  int batch, rollouts;
  double anchor;
  int32_t *lines;             /* [batch] of this round: conditions of the samples, and what people wrote for them */
  decode_result *results;     /* [batch] */
  train_text *sampled, *real; /* [batch] */
  int64_t sampled_count;
  uint64_t first_id; /* of this round's samples */
  double baseline;   /* mean chance of this round's samples */
  double accuracy;   /* of the discriminator on this round's texts */
  arena round_arena, lane_arena;
  generator_batch lane_batch;
  checkpoint_state state;
  checkpoint saved;
} duel;

/* The completions that judge the beginnings of one lane's texts. */
typedef struct rollout_set {
  int64_t count;
  decode_request *requests;
  decode_result *results;
  int32_t *lines;
  train_text *texts;
  float *chance;
} rollout_set;

static int beginnings(const train_text *x) { return x->count > 0 ? (x->count - 1) / STRIDE : 0; }

/* Which of the round's samples a text is. */
static uint64_t place(const duel *g, const train_text *x) {
  return (uint64_t)((const char *)x->token - (const char *)g->results) / sizeof *g->results;
}

static status complete(duel *g, const train_text *texts, int64_t count, rollout_set *out) {
  arena *a = &g->lane_arena;
  for (int64_t i = 0; i < count; i++) out->count += (int64_t)beginnings(&texts[i]) * g->rollouts;
  TRY(ARENA(a, out->count, &out->requests));
  TRY(ARENA(a, out->count, &out->results));
  TRY(ARENA(a, out->count, &out->lines));
  TRY(ARENA(a, out->count, &out->texts));
  TRY(ARENA(a, out->count, &out->chance));
  int64_t at = 0;
  for (int64_t i = 0; i < count; i++)
    for (int b = 1; b <= beginnings(&texts[i]); b++)
      for (int k = 0; k < g->rollouts; k++, at++) {
        TRY(train_sampler_request(g->sampler, texts[i].line, 1, g->first_id + place(g, &texts[i]), a,
                                  &out->requests[at]));
        out->requests[at].attempt = 1 + (uint32_t)(b * g->rollouts + k);
        out->requests[at].prefix = texts[i].token;
        out->requests[at].prefix_count = b * STRIDE;
        out->lines[at] = texts[i].line;
      }
  train_sampler_prepare(g->sampler, g->writer.block);
  decode_batch(g->sampler->model, g->stage->seed, out->requests, (int)out->count, out->results, g->sampler->scratch);
  watchdog_pulse();
  /* A completion that was given up keeps chance 0: nothing good follows from its beginning. */
  const int64_t kept = train_sampler_texts(out->lines, out->results, out->count, out->texts);
  float *chance = NULL;
  TRY(ARENA(a, kept, &chance));
  TRY(train_judge_score(&g->judge, out->texts, kept, a, chance));
  for (int64_t i = 0, from = 0; i < out->count; i++)
    if (out->results[i].count > 0) out->chance[i] = chance[from++];
  return STATUS_OK;
}

/* Rewards of each token above the baseline, as weights of its loss. */
static status weigh(duel *g, train_text *texts, int64_t count) {
  arena *a = &g->lane_arena;
  rollout_set set = {0};
  float *whole = NULL;
  TRY(complete(g, texts, count, &set));
  TRY(ARENA(a, count, &whole));
  TRY(train_judge_score(&g->judge, texts, count, a, whole));
  int64_t at = 0;
  for (int64_t i = 0; i < count; i++) {
    float *weight = NULL;
    TRY(ARENA(a, texts[i].count + 1, &weight));
    for (int t = 0; t <= texts[i].count; t++) weight[t] = (float)((double)whole[i] - g->baseline);
    for (int b = 1; b <= beginnings(&texts[i]); b++) {
      double sum = 0;
      for (int k = 0; k < g->rollouts; k++) sum += (double)set.chance[at++];
      for (int t = (b - 1) * STRIDE; t < b * STRIDE; t++) weight[t] = (float)(sum / g->rollouts - g->baseline);
    }
    texts[i].weight = weight;
  }
  return STATUS_OK;
}

/* Samples weighted by reward, and real lines that hold the writer where likelihood had put it. */
static status lane(void *state, int index, const void **batch) {
  duel *g = state;
  arena_free(&g->lane_arena);
  const int lanes = g->writer.lanes;
  const int64_t first = partition_start(g->sampled_count, lanes, index);
  const int64_t sampled = partition_start(g->sampled_count, lanes, index + 1) - first;
  const int64_t first_real = partition_start(g->batch, lanes, index);
  const int64_t real = partition_start(g->batch, lanes, index + 1) - first_real;
  *batch = NULL;
  if (sampled + real == 0) return STATUS_OK;
  train_text *texts = NULL;
  float *anchor = NULL;
  TRY(ARENA(&g->lane_arena, sampled + real, &texts));
  TRY(ARENA(&g->lane_arena, DECODE_TOKENS_MOST + 1, &anchor));
  for (int i = 0; i <= DECODE_TOKENS_MOST; i++) anchor[i] = (float)g->anchor;
  memcpy(texts, g->sampled + first, (size_t)sampled * sizeof *texts);
  TRY(weigh(g, texts, sampled));
  for (int64_t i = 0; i < real; i++) {
    texts[sampled + i] = g->real[first_real + i];
    texts[sampled + i].weight = anchor;
  }
  TRY(train_data_writer_batch(g->data, texts, (int)(sampled + real), &g->lane_arena, &g->lane_batch));
  *batch = &g->lane_batch;
  return STATUS_OK;
}

/* New samples of the writer as it stands, with the discriminator's opinion of them. */
static status sample_round(duel *g, uint32_t round) {
  arena *a = &g->round_arena;
  arena_free(a);
  train_sampler_lines(g->sampler, g->stage->seed, round, g->batch, g->lines);
  g->first_id = (uint64_t)round << 32;
  TRY(train_sampler_run(g->sampler, g->stage->comm, g->writer.block, g->stage->seed, 1, g->lines, g->batch, g->first_id,
                        a, &g->results));
  g->sampled_count = train_sampler_texts(g->lines, g->results, g->batch, g->sampled);
  for (int i = 0; i < g->batch; i++) g->real[i] = train_data_text(g->data, g->lines[i]);
  float *sampled = NULL, *real = NULL;
  TRY_ALL(g->stage->comm, ARENA(a, g->batch, &sampled));
  TRY_ALL(g->stage->comm, ARENA(a, g->batch, &real));
  TRY_ALL(g->stage->comm, train_judge_score(&g->judge, g->sampled, g->sampled_count, a, sampled));
  TRY_ALL(g->stage->comm, train_judge_score(&g->judge, g->real, g->batch, a, real));
  double sum = 0;
  int64_t right = 0;
  for (int64_t i = 0; i < g->sampled_count; i++) {
    sum += (double)sampled[i];
    right += sampled[i] < 0.5f;
  }
  for (int i = 0; i < g->batch; i++) right += real[i] > 0.5f;
  g->baseline = g->sampled_count > 0 ? sum / (double)g->sampled_count : 0;
  g->accuracy = (double)right / (double)(g->sampled_count + g->batch);
  return STATUS_OK;
}

static status play_round(duel *g, uint32_t round, progress *p) {
  const stage *s = g->stage;
  double reward_loss = 0, judge_loss = 0;
  TRY(sample_round(g, round));
  int64_t tokens = g->sampled_count;
  for (int64_t i = 0; i < g->sampled_count; i++) tokens += g->sampled[i].count;
  g->options.units = tokens > 0 ? (double)tokens : 1;
  TRY(train_loop_step(&g->writer, &(train_lanes){g, lane}, &g->options, &reward_loss));
  TRY(train_judge_step(&g->judge, g->real, g->batch, g->sampled, g->sampled_count, &judge_loss));
  log_event(s->log, s->name, "adversarial", LOG_INT("round", round), LOG_REAL("reward", g->baseline),
            LOG_REAL("accuracy", g->accuracy), LOG_REAL("discriminator_loss", judge_loss));
  progress_at(p, round, NULL);
  return STATUS_OK;
}

static status prepare(duel *g, const float *block) {
  stage *s = g->stage;
  const settings *set = s->settings;
  g->batch = (int)settings_int(set, "gan.batch");
  g->rollouts = (int)settings_int(set, "gan.rollouts");
  g->anchor = settings_real(set, "gan.anchor");
  g->options =
      (train_options){.rate = settings_real(set, "gan.rate"), .clip = settings_real(set, "writer.clip"), .units = 1};
  TRY(ARENA(s->arena, g->batch, &g->lines));
  TRY(ARENA(s->arena, g->batch, &g->sampled));
  TRY(ARENA(s->arena, g->batch, &g->real));
  TRY(train_judge_create(s, g->data, &g->judge));
  TRY(train_loop_create(s->comm, &model_generator, g->sampler->shape, (int)settings_int(set, "writer.lanes"), s->seed,
                        block, s->arena, &g->writer));
  g->writer.is_plain = settings_choice(set, "writer.products") == 1;
  return STATUS_OK;
}

/* Everything that the next round starts from. */
static void describe(duel *g) {
  train_loop_state(&g->writer, &g->state.shared);
  train_loop_state(&g->judge.loop, &g->state.shared);
  tensor_file_add(&g->state.shared, "accuracy", TENSOR_F64, 1, 1, &g->accuracy);
}

static status play(duel *g, const float *block) {
  stage *s = g->stage;
  const int64_t rounds = settings_int(s->settings, "gan.rounds");
  int64_t round = -1;
  uint64_t hash = 0;
  TRY_ALL(s->comm, prepare(g, block));
  describe(g);
  TRY(checkpoint_open(s, "adversarial", &g->state, &g->saved, &round));
  if (round < 0) {
    TRY(train_lesson_run(s, g->data, g->sampler, block, &g->judge));
    TRY(checkpoint_at(&g->saved, round = 0));
  }
  progress p = stage_progress(s, rounds);
  progress_from(&p, round);
  while (round < rounds) {
    TRY(play_round(g, (uint32_t)++round, &p));
    TRY(checkpoint_at(&g->saved, round));
  }
  TRY(checkpoint_end(&g->saved, round));
  progress_end(&p, "adversarial tuning");
  TRY(train_loop_check(&g->judge.loop, &hash));
  return train_loop_check(&g->writer, &hash);
}

status train_gan_run(stage *s, const train_data *d, const train_sampler *sampler, const float *block, train_gan *out) {
  duel g = {.stage = s, .data = d, .sampler = sampler};
  const status result = play(&g, block);
  out->accuracy = g.accuracy;
  out->judge_shape = g.judge.shape;
  out->judge = g.judge.loop.block;
  out->block = g.writer.block;
  train_judge_free(&g.judge);
  train_loop_free(&g.writer);
  arena_free(&g.round_arena);
  arena_free(&g.lane_arena);
  return result;
}
