#include "stages/evaluate_train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "math/adam.h"

enum { RECENT = 64 };

generator_shape evaluate_train_shape(const stage *s, int vocabulary, int condition, int facts) {
  const settings *x = s->settings;
  return (generator_shape){.vocabulary = vocabulary,
                           .embedding = (int)settings_int(x, "text.embedding"),
                           .hidden = (int)settings_int(x, "text.hidden"),
                           .layers = (int)settings_int(x, "text.layers"),
                           .condition = condition,
                           .facts = facts,
                           .untied = !settings_bool(x, "text.tied")};
}

void evaluate_train_regularise(const stage *s, uint32_t step, generator_batch *b) {
  const settings *x = s->settings;
  b->dropout = (generator_dropout){.token = (float)settings_real(x, "text.dropout_token"),
                                   .input = (float)settings_real(x, "text.dropout_input"),
                                   .between = (float)settings_real(x, "text.dropout_between"),
                                   .output = (float)settings_real(x, "text.dropout_output"),
                                   .recurrent = (float)settings_real(x, "text.dropout_recurrent"),
                                   .per_step = settings_bool(x, "text.dropout_per_step")};
  b->activation = (float)settings_real(x, "text.activation");
  b->slowness = (float)settings_real(x, "text.slowness");
  b->seed = s->seed;
  b->step = step;
}

/* The rate of a step of an epoch (from 0). */
static double rate(const evaluate_train *t, int64_t epoch, int64_t step) {
  const settings *x = t->stage->settings;
  const double peak = settings_real(x, "text.rate");
  if (settings_choice(x, "text.schedule") == 0)
    return peak * adam_schedule(epoch * t->steps + step, t->epochs * t->steps, settings_real(x, "text.warmup"));
  const int64_t later = epoch + 1 - settings_int(x, "text.flat_epochs");
  return later > 0 ? peak * pow(settings_real(x, "text.decay_factor"), (double)later) : peak;
}

static status take_step(evaluate_train *t, const evaluate_lessons *lessons, int64_t epoch, int64_t step) {
  const settings *x = t->stage->settings;
  train_lanes lanes = {0};
  int64_t targets = 0;
  double loss = 0;
  TRY_ALL(t->loop.comm, lessons->step(lessons->self, epoch, step, &lanes, &targets));
  const int is_sgd = settings_choice(x, "text.optimiser") == 1;
  const train_options options = {.rate = rate(t, epoch, step),
                                 .decay = settings_real(x, "text.weight_decay"),
                                 .clip = settings_real(x, "text.clip"),
                                 .units = (double)targets,
                                 .method = is_sgd ? TRAIN_SGD : TRAIN_ADAM,
                                 .averaged = t->at.averaged_from < 0 ? 0 : t->loop.steps + 1 - t->at.averaged_from};
  TRY(train_loop_step(&t->loop, &lanes, &options, &loss));
  t->at.loss += loss;
  t->at.targets += (double)targets;
  return STATUS_OK;
}

/* Of the averaged weights once there are any. */
static status validate(evaluate_train *t, const evaluate_lessons *lessons, double *loss) {
  float *learning = t->loop.block;
  if (t->at.averaged_from >= 0) t->loop.block = t->loop.first;
  const status result = lessons->validate(lessons->self, &t->loop, loss);
  if (result == STATUS_OK && *loss < t->at.best) memcpy(t->best, t->loop.block, (size_t)t->loop.count * sizeof(float));
  t->loop.block = learning;
  return result;
}

/* Whether the loss is no better than all but the last text.average epochs had (Merity et al. 2018, NT-ASGD). */
static int is_flat(const evaluate_train *t, int64_t epoch, double loss) {
  double least = INFINITY;
  for (int64_t e = epoch - t->tail < RECENT ? 0 : epoch - RECENT + 1; e < epoch - t->tail; e++)
    if (t->recent[e % RECENT] < least) least = t->recent[e % RECENT];
  return loss > least;
}

static status end_epoch(evaluate_train *t, const evaluate_lessons *lessons, int64_t epoch) {
  const settings *x = t->stage->settings;
  evaluate_progress *p = &t->at;
  double loss = 0;
  TRY(validate(t, lessons, &loss));
  log_event(t->stage->log, t->stage->name, "epoch", LOG_INT("epoch", epoch + 1),
            LOG_REAL("perplexity", exp(p->loss / p->targets)), LOG_REAL("validation", exp(loss)),
            LOG_REAL("rate", rate(t, epoch, t->steps - 1)), LOG_INT("averaged", p->averaged_from >= 0));
  if (t->tail > 0 && p->averaged_from < 0 && epoch >= t->tail && is_flat(t, epoch, loss))
    p->averaged_from = t->loop.steps;
  if (loss < p->best) {
    p->best = loss;
    p->best_epoch = epoch + 1;
  }
  t->recent[epoch % RECENT] = p->last = loss;
  p->loss = p->targets = 0;
  p->is_over = epoch + 1 - p->best_epoch >= settings_int(x, "text.patience");
  return STATUS_OK;
}

static status open_state(evaluate_train *t, int64_t *taken) {
  tensor_file *shared = &t->state.shared;
  TRY_ALL(t->stage->comm, ARENA(t->stage->arena, t->loop.count, &t->best));
  t->at = (evaluate_progress){.best = INFINITY, .averaged_from = -1};
  train_loop_state(&t->loop, shared);
  tensor_file_add(shared, "best", TENSOR_F32, t->loop.count, 1, t->best);
  tensor_file_add(shared, "progress", TENSOR_U8, sizeof t->at, 1, &t->at);
  tensor_file_add(shared, "recent", TENSOR_F64, RECENT, 1, t->recent);
  TRY(checkpoint_open(t->stage, "text", &t->state, &t->saved, taken));
  if (*taken < 0) *taken = 0;
  return STATUS_OK;
}

status evaluate_train_run(evaluate_train *t, const evaluate_lessons *lessons) {
  int64_t taken = 0;
  t->tail = settings_int(t->stage->settings, "text.average");
  TRY(open_state(t, &taken));
  progress bar = stage_progress(t->stage, t->epochs * t->steps);
  progress_from(&bar, taken);
  while (taken < t->epochs * t->steps && !t->at.is_over) {
    const int64_t epoch = taken / t->steps, step = taken % t->steps;
    if (step == 0) TRY_ALL(t->stage->comm, lessons->begin(lessons->self, epoch));
    TRY(take_step(t, lessons, epoch, step));
    if (++taken % t->steps == 0) TRY(end_epoch(t, lessons, epoch));
    char note[64];
    snprintf(note, sizeof note, "perplexity %.1f", exp(t->at.targets > 0 ? t->at.loss / t->at.targets : t->at.last));
    progress_at(&bar, taken, note);
    TRY(checkpoint_at(&t->saved, taken));
  }
  progress_end(&bar, NULL);
  memcpy(t->loop.block, t->best, (size_t)t->loop.count * sizeof *t->best);
  uint64_t hash = 0;
  TRY(train_loop_check(&t->loop, &hash));
  return checkpoint_end(&t->saved, taken);
}
