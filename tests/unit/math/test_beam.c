#include "math/beam.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "support/suite.h"

enum { BEGIN = 0, END = 1, SLOT = 5, VOCABULARY = 6, CONDITION = 3, FACTS = 2, TOKENS = 3 };

static arena memory;

static const float condition[CONDITION] = {1, 0, 0.5f};
static const float facts[FACTS] = {1, 0.5f};

typedef struct world {
  generator_shape shape;
  float *block, *scratch;
} world;

/* A net with sharp opinions, so that texts differ in likelihood. */
static world draw(generator_shape shape) {
  world w = {.shape = shape};
  const int64_t count = generator_count(&shape);
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, count, &w.block), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, beam_scratch(&shape, BEAM_WIDTH_MOST), &w.scratch), STATUS_OK);
  generator_initialise(&shape, 11, w.block);
  random_stream r = random_open(12, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < count; i++) w.block[i] += 0.7f * random_normal(&r);
  return w;
}

static world worlds(int which) {
  static const generator_shape shapes[] = {
      {.vocabulary = VOCABULARY, .embedding = 5, .hidden = 5, .layers = 1, .condition = CONDITION},
      {.vocabulary = VOCABULARY, .embedding = 4, .hidden = 6, .layers = 2, .condition = CONDITION, .facts = FACTS},
      {.vocabulary = VOCABULARY, .embedding = 4, .hidden = 6, .layers = 2, .condition = CONDITION, .untied = 1}};
  return draw(shapes[which]);
}

/* −log p of a text as training sees it. */
static double loss_of(const world *w, const int32_t *token, int count) {
  int32_t input[TOKENS + 2] = {BEGIN}, target[TOKENS + 2];
  for (int t = 0; t < count; t++) input[t + 1] = target[t] = token[t];
  target[count] = END;
  const generator_batch b = {.sequences = 1,
                             .steps = count + 1,
                             .input = input,
                             .target = target,
                             .condition = condition,
                             .facts = w->shape.facts > 0 ? facts : NULL};
  float *scratch;
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, generator_scratch(&w->shape, &b), &scratch), STATUS_OK);
  return generator_loss(&w->shape, w->block, &b, NULL, NULL, scratch);
}

static int search(const world *w, int width, int slots, beam_text *out) {
  uint8_t times[VOCABULARY];
  memset(times, BEAM_FREE, sizeof times);
  times[BEGIN] = 0;
  times[SLOT] = (uint8_t)slots;
  const beam_request q = {.condition = condition,
                          .facts = facts,
                          .begin = BEGIN,
                          .end = END,
                          .times = times,
                          .width = width,
                          .texts = width,
                          .tokens = TOKENS};
  return beam_search(&w->shape, w->block, &q, out, w->scratch);
}

static void texts_are_as_likely_as_training_says(void) {
  for (int i = 0; i < 3; i++) {
    const world w = worlds(i);
    beam_text out[BEAM_WIDTH_MOST];
    const int count = search(&w, 8, 0, out);
    CU_ASSERT_TRUE(count > 1 && count <= 8);
    for (int k = 0; k < count; k++) {
      CU_ASSERT_TRUE(suite_close(out[k].log_probability, -loss_of(&w, out[k].token, out[k].count), 1e-4));
      CU_ASSERT_TRUE(suite_close(out[k].score, out[k].log_probability / (out[k].count + 1), 1e-12));
      if (k > 0) CU_ASSERT_TRUE(out[k - 1].score >= out[k].score);
    }
  }
}

/* With as many hypotheses as there are prefixes that matter, the best text is the best of all: 3 words, up to 2 long.
 */
static void a_wide_beam_finds_the_best_text(void) {
  for (int i = 0; i < 3; i++) {
    const world w = worlds(i);
    beam_text out[BEAM_WIDTH_MOST];
    double best = -INFINITY;
    CU_ASSERT_TRUE(search(&w, BEAM_WIDTH_MOST, 0, out) > 0);
    for (int code = 0; code < 64; code++) {
      int32_t token[TOKENS];
      int count = 0;
      for (int left = code; left > 0 && count < TOKENS; left /= 4)
        if (left % 4 > 0) token[count++] = 1 + left % 4;
      const double score = -loss_of(&w, token, count) / (count + 1);
      if (score > best) best = score;
    }
    CU_ASSERT_TRUE(suite_close(out[0].score, best, 1e-4));
  }
}

static void a_slot_comes_as_often_as_asked_for(void) {
  const world w = worlds(1);
  for (int slots = 0; slots <= 1; slots++) {
    beam_text out[BEAM_WIDTH_MOST];
    const int count = search(&w, BEAM_WIDTH_MOST, slots, out);
    CU_ASSERT_TRUE(count > 0);
    for (int k = 0; k < count; k++) {
      int found = 0;
      for (int t = 0; t < out[k].count; t++) {
        found += out[k].token[t] == SLOT;
        CU_ASSERT_NOT_EQUAL(out[k].token[t], BEGIN);
      }
      CU_ASSERT_EQUAL(found, slots);
    }
  }
}

static void what_does_not_fit_is_left_out(void) {
  const world w = worlds(0);
  beam_text out[BEAM_WIDTH_MOST];
  const int count = search(&w, 4, TOKENS + 1, out);
  CU_ASSERT_TRUE(count > 0);
  for (int k = 0; k < count; k++) CU_ASSERT_TRUE(out[k].count <= TOKENS);
}

/* A text of slots only is too unlikely to be found unless they are preferred. */
static void a_bonus_finds_what_is_unlikely(void) {
  const world w = worlds(2);
  beam_text out[BEAM_WIDTH_MOST];
  uint8_t times[VOCABULARY];
  memset(times, BEAM_FREE, sizeof times);
  times[BEGIN] = 0;
  times[SLOT] = TOKENS;
  const beam_request q = {.condition = condition,
                          .facts = facts,
                          .begin = BEGIN,
                          .end = END,
                          .times = times,
                          .bonus = 50,
                          .width = 2,
                          .texts = 2,
                          .tokens = TOKENS};
  const int count = beam_search(&w.shape, w.block, &q, out, w.scratch);
  CU_ASSERT_EQUAL_FATAL(count, 1);
  for (int t = 0; t < TOKENS; t++) CU_ASSERT_EQUAL(out[0].token[t], SLOT);
  CU_ASSERT_TRUE(suite_close(out[0].log_probability, -loss_of(&w, out[0].token, out[0].count), 1e-4));
}

static void nothing_is_said_twice_where_it_must_not(void) {
  for (int i = 0; i < 3; i++) {
    const world w = worlds(i);
    beam_text out[BEAM_WIDTH_MOST];
    uint8_t times[VOCABULARY];
    memset(times, BEAM_FREE, sizeof times);
    const beam_request q = {.condition = condition,
                            .facts = facts,
                            .begin = BEGIN,
                            .end = END,
                            .times = times,
                            .no_repeat = 1,
                            .width = 8,
                            .texts = 8,
                            .tokens = 4};
    const int count = beam_search(&w.shape, w.block, &q, out, w.scratch);
    CU_ASSERT_TRUE(count > 0);
    for (int k = 0; k < count; k++)
      for (int t = 1; t < out[k].count; t++)
        for (int u = 0; u < t; u++) CU_ASSERT_NOT_EQUAL(out[k].token[t], out[k].token[u]);
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(texts_are_as_likely_as_training_says), TEST(a_wide_beam_finds_the_best_text),
      TEST(a_slot_comes_as_often_as_asked_for),   TEST(what_does_not_fit_is_left_out),
      TEST(a_bonus_finds_what_is_unlikely),       TEST(nothing_is_said_twice_where_it_must_not),
  };
  const int code = SUITE_RUN("beam", tests);
  arena_free(&memory);
  return code;
}
