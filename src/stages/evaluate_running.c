#include "stages/evaluate_running.h"

#include <math.h>
#include <string.h>

#include "stages/evaluate_line.h"
#include "stages/evaluate_stream.h"
#include "text/codepoint.h"
#include "text/lexicon.h"
#include "text/ngram.h"

enum {
  STREAMS = 16, /* of a judged text */
  LANES = 4,
  ORDER = 5 /* of the n-gram model */
};

typedef struct running {
  stage *stage;
  corpus_format format;
  lexicon words; /* 0: </s>; 1: <unk> */
  evaluate_text part[CORPUS_PARTS];
  evaluate_train train;
  evaluate_stream lessons, judged;
} running;

/* The next word of a line, or character of a review; 0 at its end. */
static size_t next_unit(corpus_format format, const char **at) {
  if (format != CORPUS_REVIEWS) {
    *at += strspn(*at, " ");
    return strcspn(*at, " ");
  }
  int64_t end = 0;
  const int64_t length = (int64_t)strlen(*at);
  if (length > 0) (void)codepoint_next(*at, length, &end);
  return (size_t)end;
}

static int64_t characters(const char *text) {
  int64_t count = 0;
  for (; *text; text++) count += (*text & 0xC0) != 0x80;
  return count;
}

static int64_t count_units(corpus_format format, const char *line) {
  int64_t count = 0;
  for (size_t length; (length = next_unit(format, &line)) > 0; line += length) count++;
  return count;
}

/* Words of the train part that stand there often enough, in the order of their first place. */
static status learn_words(running *r, const corpus_file *f) {
  const int64_t least = settings_int(r->stage->settings, "text.least");
  arena *a = r->stage->arena, memory = {0};
  lexicon all;
  int64_t *count = NULL, total = 0;
  int32_t id = 0;
  TRY(lexicon_create(a, &r->words));
  TRY(lexicon_add(&r->words, "</s>", 4, &id));
  TRY(lexicon_add(&r->words, "<unk>", 5, &id));
  TRY(lexicon_create(a, &all));
  for (int64_t i = 0; i < f->count; i++) total += count_units(r->format, f->row[i].text);
  status result = ARENA(&memory, total, &count);
  for (int64_t i = 0; i < f->count && result == STATUS_OK; i++) {
    const char *at = f->row[i].text;
    for (size_t length; result == STATUS_OK && (length = next_unit(r->format, &at)) > 0; at += length) {
      result = lexicon_add(&all, at, length, &id);
      if (result == STATUS_OK && ++count[id] == least) result = lexicon_add(&r->words, at, length, &id);
    }
  }
  arena_free(&memory);
  return result;
}

static status tokenise(running *r, const corpus_file *f, evaluate_text *out) {
  int64_t total = f->count;
  arena *a = r->stage->arena;
  for (int64_t i = 0; i < f->count; i++) total += count_units(r->format, f->row[i].text);
  TRY(ARENA(a, total, &out->token));
  TRY(ARENA(a, f->count + 1, &out->offset));
  out->lines = f->count;
  for (int64_t i = 0; i < f->count; i++) {
    const char *at = f->row[i].text;
    for (size_t length; (length = next_unit(r->format, &at)) > 0; at += length) {
      const int32_t id = lexicon_find(&r->words, at, length);
      out->token[out->count++] = id < 0 ? 1 : id;
    }
    out->token[out->count++] = 0;
    out->characters += characters(f->row[i].text) + 1;
    out->offset[i + 1] = out->count - i - 1;
  }
  return STATUS_OK;
}

static status begin(void *self, int64_t epoch) {
  running *r = self;
  (void)epoch;
  evaluate_stream_begin(&r->lessons);
  return STATUS_OK;
}

static status step(void *self, int64_t epoch, int64_t index, train_lanes *lanes, int64_t *count) {
  running *r = self;
  evaluate_stream *e = &r->lessons;
  const int64_t most = settings_int(r->stage->settings, "text.steps");
  e->at = index * most;
  e->steps = (int)(e->length - e->at < most ? e->length - e->at : most);
  e->step = (uint32_t)(epoch * r->train.steps + index);
  *lanes = (train_lanes){e, evaluate_stream_lane};
  *count = (int64_t)e->steps * e->streams;
  return STATUS_OK;
}

static status validate(void *self, train_loop *loop, double *loss) {
  running *r = self;
  return evaluate_stream_judge(&r->judged, loop, loss);
}

/* The states that lanes carry are the checkpoint's parts. */
static status name_parts(running *r) {
  const comm *c = r->stage->comm;
  checkpoint_state *state = &r->train.state;
  evaluate_stream *e = &r->lessons;
  state->parts = e->lanes;
  state->first = (int)partition_start(e->lanes, c->size, c->rank);
  state->count = (int)partition_start(e->lanes, c->size, c->rank + 1) - state->first;
  TRY(ARENA(r->stage->arena, state->count, &state->part));
  for (int i = 0; i < state->count; i++)
    tensor_file_add(&state->part[i], "state", TENSOR_F32, evaluate_stream_state(e, state->first + i), 1,
                    e->state[state->first + i]);
  return STATUS_OK;
}

static status prepare(running *r, const evaluate_corpus *c) {
  stage *s = r->stage;
  evaluate_train *t = &r->train;
  const int lanes = (int)settings_int(s->settings, "text.lanes");
  TRY(learn_words(r, &c->part[CORPUS_TRAIN]));
  for (int i = 0; i < CORPUS_PARTS; i++) TRY(tokenise(r, &c->part[i], &r->part[i]));
  t->stage = s;
  t->shape = evaluate_train_shape(s, r->words.count, 0, 0);
  TRY(train_loop_create(s->comm, &model_generator, &t->shape, lanes, s->seed, NULL, s->arena, &t->loop));
  t->loop.is_plain = settings_choice(s->settings, "writer.products") == 1;
  TRY(evaluate_stream_create(s, &t->shape, &r->part[CORPUS_TRAIN], 0, (int)settings_int(s->settings, "text.batch"),
                             lanes, 1, s->arena, &r->lessons));
  TRY(evaluate_stream_create(s, &t->shape, &r->part[CORPUS_VALIDATION], 0, STREAMS, LANES, 0, s->arena, &r->judged));
  const int64_t most = settings_int(s->settings, "text.steps");
  t->epochs = settings_int(s->settings, "text.epochs");
  t->steps = (r->lessons.length + most - 1) / most;
  return name_parts(r);
}

/* Lines without their </s>, as n-grams want them. */
static status plain_lines(const evaluate_text *t, arena *a, ngram_texts *out) {
  int32_t *token = NULL;
  int64_t used = 0;
  TRY(ARENA(a, t->count, &token));
  for (int64_t i = 0; i < t->count; i++)
    if (t->token[i] != 0) token[used++] = t->token[i];
  *out = (ngram_texts){token, t->offset, t->lines};
  return STATUS_OK;
}

/* Local, on rank 0. Mean −log p of a token by the n-gram model. */
static status judge_ngram(const running *r, double *loss) {
  arena memory = {0};
  ngram_texts train, test;
  ngram *m = NULL;
  status result = plain_lines(&r->part[CORPUS_TRAIN], &memory, &train);
  if (result == STATUS_OK) result = plain_lines(&r->part[CORPUS_TEST], &memory, &test);
  if (result == STATUS_OK) result = ngram_train(&train, ORDER, r->words.count, &m);
  if (result == STATUS_OK) *loss = ngram_loss(m, &test) / (double)r->part[CORPUS_TEST].count;
  ngram_free(m);
  arena_free(&memory);
  return result;
}

static void add_scores(json_writer *w, const char *prefix, double loss, const evaluate_text *test, arena *a) {
  char *name = NULL;
  if (arena_print(a, &name, "%sperplexity", prefix) == STATUS_OK) evaluate_line_real(w, name, exp(loss));
  const double bits = loss / log(2) * (double)test->count / (double)test->characters;
  if (arena_print(a, &name, "%sbits_per_character", prefix) == STATUS_OK) evaluate_line_real(w, name, bits);
}

static void write_line(const running *r, double loss, double bar, json_writer *w) {
  const evaluate_text *test = &r->part[CORPUS_TEST];
  evaluate_line_open(w, "lstm", settings_text(r->stage->settings, "job"));
  add_scores(w, "", loss, test, r->stage->arena);
  evaluate_line_real(w, "validation_perplexity", exp(r->train.at.best));
  add_scores(w, "kneser_ney_", bar, test, r->stage->arena);
  evaluate_line_integer(w, "tokens", test->count);
  evaluate_line_integer(w, "characters", test->characters);
  evaluate_line_integer(w, "vocabulary", r->words.count);
  evaluate_line_integer(w, "parameters", r->train.loop.count);
  evaluate_line_integer(w, "epoch", r->train.at.best_epoch);
  evaluate_line_close(w);
}

/* Collective. */
static status judge(running *r, json_writer *lines) {
  stage *s = r->stage;
  double loss = 0, bar = 0;
  TRY_ALL(s->comm, s->comm->rank == 0 ? judge_ngram(r, &bar) : STATUS_OK);
  TRY_ALL(s->comm, evaluate_stream_create(s, &r->train.shape, &r->part[CORPUS_TEST], 0, STREAMS, LANES, 0, s->arena,
                                          &r->judged));
  TRY(evaluate_stream_judge(&r->judged, &r->train.loop, &loss));
  write_line(r, loss, bar, lines);
  return STATUS_OK;
}

static void give_back(running *r) {
  train_loop_free(&r->train.loop);
  arena_free(&r->lessons.memory);
  arena_free(&r->judged.memory);
}

status evaluate_running(stage *s, const evaluate_corpus *c, json_writer *lines) {
  running *r = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &r));
  *r = (running){.stage = s, .format = c->format};
  status result = comm_agree(s->comm, prepare(r, c));
  const evaluate_lessons lessons = {r, begin, step, validate};
  if (result == STATUS_OK) result = evaluate_train_run(&r->train, &lessons);
  if (result == STATUS_OK) result = judge(r, lines);
  give_back(r);
  return result;
}
