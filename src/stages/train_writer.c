#include "stages/train_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "math/adam.h"
#include "stages/checkpoint.h"
#include "stages/train_loop.h"
#include "stages/train_order.h"
#include "text/ngram.h"

enum { JUDGE_LINES = 64 /* validation lines in a lane */ };

/* A run of lines, to be cut into lanes. */
typedef struct minibatch {
  const train_data *data;
  const int32_t *lines;
  int64_t count;
  int lanes;
  double dropout;
  uint64_t seed;
  uint32_t step;
  arena arena;
  generator_batch batch;
} minibatch;

static status lane(void *state, int index, const void **batch) {
  minibatch *m = state;
  arena_free(&m->arena);
  const int64_t first = partition_start(m->count, m->lanes, index),
                last = partition_start(m->count, m->lanes, index + 1);
  *batch = NULL;
  if (first == last) return STATUS_OK;
  train_text *texts = NULL;
  TRY(ARENA(&m->arena, last - first, &texts));
  for (int64_t i = first; i < last; i++) texts[i - first] = train_data_text(m->data, m->lines[i]);
  TRY(train_data_writer_batch(m->data, texts, (int)(last - first), &m->arena, &m->batch));
  m->batch.dropout = generator_dropout_even((float)m->dropout);
  m->batch.seed = m->seed;
  m->batch.step = m->step;
  *batch = &m->batch;
  return STATUS_OK;
}

/* Tokens to be predicted, </s> included. */
static int64_t token_count(const train_data *d, const int32_t *lines, int64_t count) {
  int64_t tokens = count;
  for (int64_t i = 0; i < count; i++) tokens += d->offset[lines[i] + 1] - d->offset[lines[i]];
  return tokens;
}

static status judge(const train_data *d, train_loop *loop, double *loss) {
  const int lanes = (int)((d->validation_count + JUDGE_LINES - 1) / JUDGE_LINES);
  minibatch m = {.data = d, .lines = d->validation, .count = d->validation_count, .lanes = lanes};
  const status result = train_loop_evaluate(loop, &(train_lanes){&m, lane}, lanes, loss);
  arena_free(&m.arena);
  *loss /= (double)token_count(d, d->validation, d->validation_count);
  return result;
}

status train_writer_judge(stage *s, const train_data *d, const generator_shape *shape, const float *block,
                          double *loss) {
  arena a = {0};
  train_loop loop = {0};
  status result = train_loop_create(s->comm, &model_generator, shape, 1, s->seed, block, &a, &loop);
  loop.is_plain = settings_choice(s->settings, "writer.products") == 1;
  result = comm_agree(s->comm, result);
  if (result == STATUS_OK) result = judge(d, &loop, loss);
  train_loop_free(&loop);
  arena_free(&a);
  return result;
}

/* Where in its epochs the learning stands. */
typedef struct place {
  int64_t epoch, turn; /* taken so far */
  int64_t tokens;      /* of this epoch, until now */
  int64_t worse;       /* epochs since the best */
  uint64_t hash;
  double loss, seconds; /* of this epoch, until now */
  double best;
} place;

typedef struct learning {
  stage *stage;
  const train_data *data;
  train_loop loop;
  train_order order;
  minibatch minibatch;
  int64_t steps; /* of all epochs */
  train_options options;
  double peak_rate, warmup;
  progress progress;
  place at;
  checkpoint_state state;
  checkpoint saved;
} learning;

static status take_turn(learning *l) {
  const train_data *d = l->data;
  const int64_t first = l->order.turns[l->at.turn] * l->order.batch;
  minibatch *m = &l->minibatch;
  m->lines = l->order.lines + first;
  m->count = d->train_count - first < l->order.batch ? d->train_count - first : l->order.batch;
  m->step = (uint32_t)l->at.epoch;
  const int64_t here = token_count(d, m->lines, m->count);
  l->options.units = (double)here;
  l->options.rate = l->peak_rate * adam_schedule(l->loop.steps, l->steps, l->warmup);
  double loss = 0;
  TRY(train_loop_step(&l->loop, &(train_lanes){m, lane}, &l->options, &loss));
  l->at.loss += loss;
  l->at.tokens += here;
  l->at.turn++;
  return STATUS_OK;
}

/* From where it stands to the end of its epoch. */
static status run_epoch(learning *l) {
  const double started = clock_now() - l->at.seconds;
  train_order_draw(l->data, l->stage->seed, l->at.epoch, &l->order);
  while (l->at.turn < l->order.batches) {
    TRY(take_turn(l));
    progress_at(&l->progress, l->loop.steps, NULL);
    l->at.seconds = clock_now() - started;
    TRY(checkpoint_at(&l->saved, l->loop.steps));
  }
  return STATUS_OK;
}

static status judge_epoch(learning *l, train_writer *out) {
  const stage *s = l->stage;
  place *at = &l->at;
  const train_loop_account spent = train_loop_spent(&l->loop);
  double loss = 0;
  TRY(judge(l->data, &l->loop, &loss));
  TRY(train_loop_check(&l->loop, &at->hash));
  at->worse = loss < at->best ? 0 : at->worse + 1;
  if (loss < at->best) {
    at->best = loss;
    memcpy(out->block, l->loop.block, (size_t)l->loop.count * sizeof *out->block);
  }
  log_event(s->log, s->name, "epoch", LOG_INT("epoch", at->epoch + 1),
            LOG_REAL("train_loss", at->loss / (double)at->tokens), LOG_REAL("validation_loss", loss),
            LOG_REAL("perplexity", exp(loss)), LOG_REAL("tokens_per_second", (double)at->tokens / at->seconds),
            LOG_REAL("seconds", at->seconds), LOG_REAL("step_seconds", spent.step),
            LOG_REAL("step_bytes_sent", spent.bytes), LOG_REAL("exchange_overlapped", spent.overlap));
  at->epoch++;
  at->turn = at->tokens = 0;
  at->loss = at->seconds = 0;
  return STATUS_OK;
}

static status resume(learning *l, train_writer *out) {
  int64_t step = -1;
  l->at.best = INFINITY;
  train_loop_state(&l->loop, &l->state.shared);
  tensor_file_add(&l->state.shared, "best", TENSOR_F32, l->loop.count, 1, out->block);
  tensor_file_add(&l->state.shared, "place", TENSOR_U8, sizeof l->at, 1, &l->at);
  return checkpoint_open(l->stage, "writer", &l->state, &l->saved, &step);
}

static status run_epochs(learning *l, train_writer *out) {
  const settings *set = l->stage->settings;
  const int64_t epochs = settings_int(set, "writer.epochs"), patience = settings_int(set, "writer.patience");
  TRY(resume(l, out));
  progress_from(&l->progress, l->loop.steps);
  while (l->at.epoch < epochs && l->at.worse < patience) {
    TRY(run_epoch(l));
    TRY(judge_epoch(l, out));
  }
  TRY(checkpoint_end(&l->saved, l->loop.steps));
  out->epochs = (int)l->at.epoch;
  out->hash = l->at.hash;
  /* The same on all ranks, so they leave together. */
  if (!isfinite(l->at.best))
    return status_fail(STATUS_DATA, "train: the loss is no number after %d epochs; lower writer.rate (%g)", out->epochs,
                       settings_real(set, "writer.rate"));
  out->perplexity = exp(l->at.best);
  return STATUS_OK;
}

static status prepare(learning *l, train_writer *out) {
  stage *s = l->stage;
  const settings *set = s->settings;
  const int lanes = (int)settings_int(set, "writer.lanes");
  out->shape = (generator_shape){.vocabulary = tokeniser_size(l->data->tokeniser),
                                 .embedding = (int)settings_int(set, "writer.embedding"),
                                 .hidden = (int)settings_int(set, "writer.hidden"),
                                 .layers = (int)settings_int(set, "writer.layers"),
                                 .condition = l->data->width};
  TRY(ARENA(s->arena, generator_count(&out->shape), &out->block));
  TRY(train_loop_create(s->comm, &model_generator, &out->shape, lanes, s->seed, NULL, s->arena, &l->loop));
  l->loop.is_plain = settings_choice(set, "writer.products") == 1;
  TRY(train_order_create(l->data, settings_int(set, "writer.batch"), s->arena, &l->order));
  l->minibatch = (minibatch){.data = l->data, .lanes = lanes, .seed = s->seed};
  l->minibatch.dropout = settings_real(set, "writer.dropout");
  l->options.decay = settings_real(set, "writer.decay");
  l->options.clip = settings_real(set, "writer.clip");
  l->peak_rate = settings_real(set, "writer.rate");
  l->warmup = settings_real(set, "writer.warmup");
  l->steps = l->order.batches * settings_int(set, "writer.epochs");
  l->progress = stage_progress(s, l->steps);
  train_text *texts = NULL;
  TRY(ARENA(s->arena, l->data->validation_count, &texts));
  for (int64_t i = 0; i < l->data->validation_count; i++) texts[i] = train_data_text(l->data, l->data->validation[i]);
  TRY(train_writer_trigram(l->data, texts, l->data->validation_count, s->arena, &out->trigram_perplexity));
  log_event(s->log, s->name, "copy", LOG_INT("train_lines", l->data->train_count),
            LOG_INT("validation_lines", l->data->validation_count), LOG_INT("pieces", out->shape.vocabulary),
            LOG_INT("parameters", l->loop.count), LOG_REAL("trigram_perplexity", out->trigram_perplexity));
  return STATUS_OK;
}

status train_writer_run(stage *s, const train_data *d, train_writer *out) {
  learning l = {.stage = s, .data = d};
  status result = comm_agree(s->comm, prepare(&l, out));
  if (result == STATUS_OK) result = run_epochs(&l, out);
  if (result == STATUS_OK) {
    char note[64];
    snprintf(note, sizeof note, "perplexity %.1f, trigram %.1f", out->perplexity, out->trigram_perplexity);
    progress_end(&l.progress, note);
  }
  arena_free(&l.minibatch.arena);
  train_loop_free(&l.loop);
  return result;
}

status train_writer_trigram(const train_data *d, const train_text *texts, int64_t count, arena *a, double *perplexity) {
  int64_t *train_offset = NULL, *offset = NULL, total = 0, used = 0;
  int32_t *train = NULL, *tokens = NULL;
  for (int64_t i = 0; i < count; i++) total += texts[i].count;
  TRY(ARENA(a, d->train_count + 1, &train_offset));
  TRY(ARENA(a, d->offset[d->copy.count], &train));
  TRY(ARENA(a, count + 1, &offset));
  TRY(ARENA(a, total, &tokens));
  for (int64_t i = 0; i < d->train_count; i++) {
    const train_text x = train_data_text(d, d->train[i]);
    memcpy(train + used, x.token, (size_t)x.count * sizeof *train);
    used += x.count;
    train_offset[i + 1] = used;
  }
  for (int64_t i = 0; i < count; i++) {
    memcpy(tokens + offset[i], texts[i].token, (size_t)texts[i].count * sizeof *tokens);
    offset[i + 1] = offset[i] + texts[i].count;
  }
  const ngram_texts lines = {train, train_offset, d->train_count}, others = {tokens, offset, count};
  return ngram_perplexity(&lines, &others, 3, tokeniser_size(d->tokeniser), perplexity);
}
