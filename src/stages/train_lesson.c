#include "stages/train_lesson.h"

#include <string.h>

#include "stages/checkpoint.h"

enum { PIECE = 1024 /* texts drawn in one step */ };

typedef struct lesson {
  stage *stage;
  const train_sampler *sampler;
  const float *block;
  train_judge *judge;
  int64_t batch, steps;
  int64_t count, pieces;      /* samples */
  int32_t *lines;             /* [count] */
  decode_result *results;     /* [count] */
  train_text *sampled, *real; /* [count] */
  checkpoint_state state;
  checkpoint saved;
  progress bar;
  int64_t step; /* pieces drawn, then steps taken */
  double loss;
} lesson;

static status prepare(lesson *l, const train_data *d, arena *a) {
  const int64_t most = 2 * d->train_count, asked = l->steps * l->batch;
  l->count = asked < most ? asked : most;
  l->pieces = (l->count + PIECE - 1) / PIECE;
  TRY(ARENA(a, l->count, &l->lines));
  TRY(ARENA(a, l->count, &l->results));
  TRY(ARENA(a, l->count, &l->sampled));
  TRY(ARENA(a, l->count, &l->real));
  train_sampler_lines(l->sampler, l->stage->seed, 0, l->count, l->lines);
  for (int64_t i = 0; i < l->count; i++) l->real[i] = train_data_text(d, l->lines[i]);
  train_loop_state(&l->judge->loop, &l->state.shared);
  tensor_file_add(&l->state.shared, "samples", TENSOR_U8, l->count, sizeof *l->results, l->results);
  tensor_file_add(&l->state.shared, "loss", TENSOR_F64, 1, 1, &l->loss);
  return STATUS_OK;
}

static status draw_piece(const lesson *l, int64_t piece) {
  const int64_t first = piece * PIECE, count = l->count - first < PIECE ? l->count - first : PIECE;
  arena scratch = {0};
  decode_result *drawn = NULL;
  const status result = train_sampler_run(l->sampler, l->stage->comm, l->block, l->stage->seed, 1, l->lines + first,
                                          count, (uint64_t)first, &scratch, &drawn);
  if (result == STATUS_OK) memcpy(l->results + first, drawn, (size_t)count * sizeof *drawn);
  arena_free(&scratch);
  return result;
}

static status draw(lesson *l) {
  while (l->step < l->pieces) {
    TRY(draw_piece(l, l->step));
    progress_at(&l->bar, ++l->step, "texts for the discriminator");
    TRY(checkpoint_at(&l->saved, l->step));
  }
  return STATUS_OK;
}

static status learn(lesson *l, int64_t kept) {
  const int64_t batch = kept < l->batch ? kept : l->batch;
  while (l->step < l->pieces + l->steps) {
    const int64_t first = (l->step - l->pieces) * batch % (kept - batch + 1);
    TRY(train_judge_step(l->judge, l->real + first, batch, l->sampled + first, batch, &l->loss));
    progress_at(&l->bar, ++l->step, "discriminator");
    TRY(checkpoint_at(&l->saved, l->step));
  }
  progress_end(&l->bar, "discriminator");
  return checkpoint_end(&l->saved, l->step);
}

static status teach(lesson *l, const train_data *d, arena *a) {
  const stage *s = l->stage;
  TRY_ALL(s->comm, prepare(l, d, a));
  TRY(checkpoint_open(s, "discriminator", &l->state, &l->saved, &l->step));
  if (l->step < 0) l->step = 0;
  l->bar = stage_progress(s, l->pieces + l->steps);
  progress_from(&l->bar, l->step);
  TRY(draw(l));
  const int64_t kept = train_sampler_texts(l->lines, l->results, l->count, l->sampled);
  if (kept == 0)
    return status_fail(STATUS_DATA,
                       "train: the writer leaves out slots in every text; more copy or writer.epochs may help");
  TRY(learn(l, kept));
  log_event(s->log, s->name, "discriminator", LOG_INT("steps", l->steps), LOG_REAL("loss", l->loss),
            LOG_INT("samples", l->count), LOG_INT("given_up", l->count - kept));
  return STATUS_OK;
}

status train_lesson_run(stage *s, const train_data *d, const train_sampler *sampler, const float *block,
                        train_judge *judge) {
  lesson l = {.stage = s,
              .sampler = sampler,
              .block = block,
              .judge = judge,
              .batch = settings_int(s->settings, "gan.batch"),
              .steps = settings_int(s->settings, "gan.discriminator_steps")};
  arena a = {0};
  const status result = teach(&l, d, &a);
  arena_free(&a);
  return result;
}
