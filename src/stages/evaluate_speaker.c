#include "stages/evaluate_speaker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/watchdog.h"
#include "io/file.h"
#include "math/beam.h"
#include "stages/evaluate_line.h"
#include "stages/evaluate_spoken.h"
#include "stages/evaluate_train.h"
#include "stages/train_order.h"

enum { JUDGE_PAIRS = 64 /* in a lane */ };

typedef struct speaker {
  stage *stage;
  evaluate_pairs pairs;
  evaluate_train train;
  train_data lines; /* lengths of the train part, for the order */
  train_order order;
  int64_t drawn; /* epoch of the order; -1: none */
  /* the minibatch at hand */
  int part;
  const int32_t *chosen; /* NULL: all in order */
  int64_t first, count;
  int lanes;
  uint32_t step;
  arena memory;
  generator_batch batch;
} speaker;

static status lane(void *self, int index, const void **batch) {
  speaker *k = self;
  const int64_t first = partition_start(k->count, k->lanes, index),
                last = partition_start(k->count, k->lanes, index + 1);
  const evaluate_pair **pair = NULL;
  *batch = NULL;
  if (first == last) return STATUS_OK;
  arena_free(&k->memory);
  TRY(ARENA(&k->memory, last - first, &pair));
  for (int64_t i = first; i < last; i++)
    pair[i - first] = &k->pairs.pair[k->part][k->chosen != NULL ? k->chosen[k->first + i] : k->first + i];
  TRY(evaluate_pairs_batch(&k->pairs, &k->train.shape, pair, (int)(last - first), &k->memory, &k->batch));
  if (k->chosen != NULL) evaluate_train_regularise(k->stage, k->step, &k->batch);
  if (k->chosen != NULL && k->batch.facts != NULL) k->batch.facts_jump = 1e-4f;
  if (k->chosen != NULL && k->batch.facts != NULL) k->batch.facts_left = 1;
  *batch = &k->batch;
  return STATUS_OK;
}

static int64_t targets_of(const speaker *k) {
  int64_t count = k->count;
  for (int64_t i = 0; i < k->count; i++)
    count += k->pairs.pair[k->part][k->chosen != NULL ? k->chosen[k->first + i] : k->first + i].words.count;
  return count;
}

static status begin(void *self, int64_t epoch) {
  (void)self;
  (void)epoch;
  return STATUS_OK;
}

static status step(void *self, int64_t epoch, int64_t index, train_lanes *lanes, int64_t *count) {
  speaker *k = self;
  const train_order *o = &k->order;
  if (k->drawn != epoch) train_order_draw(&k->lines, k->stage->seed, epoch, &k->order);
  k->drawn = epoch;
  k->part = CORPUS_TRAIN;
  k->chosen = o->lines;
  k->first = o->turns[index] * o->batch;
  k->count = k->lines.train_count - k->first < o->batch ? k->lines.train_count - k->first : o->batch;
  k->lanes = k->train.loop.lanes;
  k->step = (uint32_t)(epoch * k->train.steps + index);
  *lanes = (train_lanes){k, lane};
  *count = targets_of(k);
  return STATUS_OK;
}

/* Mean loss of a token of a part. */
static status judge_part(speaker *k, train_loop *loop, int part, double *loss) {
  k->part = part;
  k->chosen = NULL;
  k->first = 0;
  k->count = k->pairs.count[part];
  k->lanes = (int)((k->count + JUDGE_PAIRS - 1) / JUDGE_PAIRS);
  TRY(train_loop_evaluate(loop, &(train_lanes){k, lane}, k->lanes, loss));
  *loss /= (double)targets_of(k);
  return STATUS_OK;
}

static status validate(void *self, train_loop *loop, double *loss) {
  return judge_part(self, loop, CORPUS_VALIDATION, loss);
}

static status prepare_order(speaker *k) {
  train_data *d = &k->lines;
  arena *a = k->stage->arena;
  d->train_count = k->pairs.count[CORPUS_TRAIN];
  TRY(ARENA(a, d->train_count, &d->train));
  TRY(ARENA(a, d->train_count + 1, &d->offset));
  for (int64_t i = 0; i < d->train_count; i++) {
    d->train[i] = (int32_t)i;
    d->offset[i + 1] = d->offset[i] + k->pairs.pair[CORPUS_TRAIN][i].words.count;
  }
  k->drawn = -1;
  return train_order_create(d, settings_int(k->stage->settings, "text.batch"), a, &k->order);
}

static status prepare(speaker *k, const evaluate_corpus *c) {
  stage *s = k->stage;
  evaluate_train *t = &k->train;
  TRY(evaluate_pairs_read(s, c, &k->pairs));
  TRY(prepare_order(k));
  const int features = k->pairs.features.count;
  t->stage = s;
  t->shape =
      evaluate_train_shape(s, k->pairs.words.count, features, settings_bool(s->settings, "text.facts") ? features : 0);
  t->epochs = settings_int(s->settings, "text.epochs");
  t->steps = k->order.batches;
  TRY(train_loop_create(s->comm, &model_generator, &t->shape, (int)settings_int(s->settings, "text.lanes"), s->seed,
                        NULL, s->arena, &t->loop));
  t->loop.is_plain = settings_choice(s->settings, "writer.products") == 1;
  return STATUS_OK;
}

/* A hypothesis as words, and how good it is: what it costs in likelihood, and one more for each slot that is wrong. */
typedef struct hypothesis {
  char *hidden;
  double cost;
} hypothesis;

static status spell(const speaker *k, const beam_text *text, arena *a, char **out) {
  TRY(arena_text(a, "", 0, out));
  for (int i = 0; i < text->count; i++)
    TRY(arena_print(a, out, "%s%s%s", *out, i > 0 ? " " : "", k->pairs.words.word[text->token[i]]));
  return STATUS_OK;
}

/* How often a word must be written: SLOT_NAME as often as there is such an open value, an attribute's value once where
 * it is asked for, and others never. */
static uint8_t count_word(const evaluate_pairs *p, const meaning *m, const char *word) {
  const int is_slot = strncmp(word, "SLOT_", 5) == 0;
  const int is_value = p->format == CORPUS_ADVERTISEGEN && lexicon_find(&p->values, word, strlen(word)) >= 0;
  int times = 0;
  if (!is_slot && !is_value) return BEAM_FREE;
  for (int i = 0; i < m->count; i++) {
    const meaning_slot *s = &m->slot[i];
    times += is_slot ? s->is_open && strcasecmp(word + 5, s->name) == 0 : strcmp(word, s->value) == 0;
  }
  return (uint8_t)(is_value && times > 1 ? 1 : times);
}

static void count_words(const speaker *k, const meaning *m, uint8_t *times) {
  const lexicon *words = &k->pairs.words;
  for (int32_t v = 0; v < words->count; v++) times[v] = count_word(&k->pairs, m, words->word[v]);
  times[PAIRS_BEGIN] = times[PAIRS_UNKNOWN] = 0;
}

/* The best texts of one item, each ended by a line feed; missing ones are empty lines. */
static status speak(const speaker *k, const evaluate_pair *item, float *scratch, arena *a, char **out) {
  const generator_shape *shape = &k->train.shape;
  beam_text text[BEAM_TEXTS_MOST];
  hypothesis best[BEAM_TEXTS_MOST];
  float *wanted = NULL, *facts = NULL;
  uint8_t *times = NULL;
  TRY(ARENA(a, shape->condition, &wanted));
  if (shape->facts > 0) TRY(ARENA(a, shape->facts, &facts));
  TRY(ARENA(a, shape->vocabulary, &times));
  count_words(k, item->meaning, times);
  evaluate_pairs_condition(&k->pairs, &item->features, wanted, facts);
  const beam_request q = {.condition = wanted,
                          .facts = facts,
                          .begin = PAIRS_BEGIN,
                          .end = PAIRS_END,
                          .times = times,
                          .bonus = settings_real(k->stage->settings, "text.coverage"),
                          .no_repeat = (int)settings_int(k->stage->settings, "text.no_repeat"),
                          .width = (int)settings_int(k->stage->settings, "text.beam"),
                          .texts = (int)settings_int(k->stage->settings, "text.candidates"),
                          .tokens = (int)settings_int(k->stage->settings, "text.tokens")};
  const int count = beam_search(shape, k->train.loop.block, &q, text, scratch);
  for (int i = 0; i < count; i++) {
    hypothesis h;
    int slots = 0, wrong = 0, at = i;
    TRY(spell(k, &text[i], a, &h.hidden));
    evaluate_spoken_errors(&k->pairs, item->meaning, h.hidden, &slots, &wrong);
    h.cost = wrong - text[i].score;
    for (; at > 0 && best[at - 1].cost > h.cost; at--) best[at] = best[at - 1];
    best[at] = h;
  }
  TRY(arena_text(a, "", 0, out));
  for (int i = 0; i < SPOKEN_BEST; i++) TRY(arena_print(a, out, "%s%s\n", *out, i < count ? best[i].hidden : ""));
  return STATUS_OK;
}

/* Local. This rank's share of the items. */
static status speak_share(const speaker *k, const evaluate_spoken *t, arena *a, char **out) {
  const comm *c = k->stage->comm;
  float *scratch = NULL;
  TRY(ARENA(a, beam_scratch(&k->train.shape, (int)settings_int(k->stage->settings, "text.beam")), &scratch));
  TRY(arena_text(a, "", 0, out));
  int64_t used = 0, room = 0;
  const int64_t last = partition_start(t->count, c->size, c->rank + 1);
  for (int64_t i = partition_start(t->count, c->size, c->rank); i < last; i++) {
    arena memory = {0};
    char *lines = NULL;
    status result = speak(k, t->item[i], scratch, &memory, &lines);
    const int64_t length = result == STATUS_OK ? (int64_t)strlen(lines) : 0;
    if (result == STATUS_OK && used + length + 1 > room) {
      char *larger = NULL;
      room = 2 * (used + length + 1);
      result = ARENA(a, room, &larger);
      if (result == STATUS_OK) memcpy(larger, *out, (size_t)used);
      *out = larger;
    }
    if (result == STATUS_OK) memcpy(*out + used, lines, (size_t)length + 1);
    used += length;
    arena_free(&memory);
    TRY(result);
    watchdog_pulse();
  }
  return STATUS_OK;
}

/* Collective. All texts on all ranks. */
static status speak_all(const speaker *k, evaluate_spoken *t) {
  const comm *c = k->stage->comm;
  char *mine = NULL;
  void *all = NULL;
  int64_t *offset = NULL;
  TRY_ALL(c, speak_share(k, t, k->stage->arena, &mine));
  TRY(comm_gather_all(c, mine, (int64_t)strlen(mine), k->stage->arena, &all, &offset));
  char *at = all;
  for (int64_t i = 0; i < (int64_t)t->count * SPOKEN_BEST; i++) {
    t->text[i] = at;
    at = memchr(at, '\n', (size_t)((char *)all + offset[c->size] - at));
    *at++ = '\0';
  }
  return STATUS_OK;
}

/* What was written, for people: the act, and the best text with its values. */
static status write_texts(const speaker *k, const evaluate_spoken *t) {
  const stage *s = k->stage;
  char *path = NULL;
  json_writer w = json_writer_start(s->arena);
  for (int i = 0; i < t->count; i++) {
    char *text = NULL;
    TRY(evaluate_spoken_fill(&k->pairs, t->item[i]->meaning, t->text[i * SPOKEN_BEST], s->arena, &text));
    json_writer_quoted(&w, t->item[i]->key);
    json_writer_raw(&w, "\t", 1);
    json_writer_quoted(&w, text);
    json_writer_raw(&w, "\n", 1);
  }
  TRY(w.failed);
  TRY(arena_print(s->arena, &path, "%s/work/text/texts.tsv", s->run));
  return file_write(path, w.bytes, (size_t)w.used);
}

static status judge(speaker *k, json_writer *lines) {
  stage *s = k->stage;
  evaluate_spoken spoken;
  double loss = 0;
  TRY(judge_part(k, &k->train.loop, CORPUS_TEST, &loss));
  TRY_ALL(s->comm, evaluate_spoken_items(&k->pairs, s->arena, &spoken));
  TRY(speak_all(k, &spoken));
  TRY_ALL(s->comm, s->comm->rank == 0 ? write_texts(k, &spoken) : STATUS_OK);
  evaluate_line_open(lines, "lstm", settings_text(s->settings, "job"));
  TRY_ALL(s->comm, s->comm->rank == 0 ? evaluate_spoken_score(&spoken, s->arena, lines) : STATUS_OK);
  evaluate_line_real(lines, "perplexity", exp(loss));
  evaluate_line_integer(lines, "texts", spoken.count);
  evaluate_line_integer(lines, "vocabulary", k->pairs.words.count);
  evaluate_line_integer(lines, "parameters", k->train.loop.count);
  evaluate_line_integer(lines, "epoch", k->train.at.best_epoch);
  evaluate_line_close(lines);
  return STATUS_OK;
}

status evaluate_speaker(stage *s, const evaluate_corpus *c, json_writer *lines) {
  speaker *k = NULL;
  TRY_ALL(s->comm, ARENA(s->arena, 1, &k));
  k->stage = s;
  status result = comm_agree(s->comm, prepare(k, c));
  const evaluate_lessons lessons = {k, begin, step, validate};
  if (result == STATUS_OK) result = evaluate_train_run(&k->train, &lessons);
  if (result == STATUS_OK) result = judge(k, lines);
  train_loop_free(&k->train.loop);
  evaluate_pairs_close(&k->pairs);
  arena_free(&k->memory);
  return result;
}
