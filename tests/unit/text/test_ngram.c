#include "text/ngram.h"

#include <math.h>

#include "base/random.h"
#include "support/suite.h"

enum {
  VOCABULARY = 7,
  SEQUENCES = 40,
  LONGEST = 9,
  BEGIN = VOCABULARY + 1,
  END = VOCABULARY,
  SYMBOLS = VOCABULARY + 2
};

static arena memory;

typedef struct corpus {
  int32_t tokens[SEQUENCES * LONGEST];
  int64_t offset[SEQUENCES + 1];
} corpus;

/* Skewed tokens with some memory, so that every order has something to tell. */
static void draw(corpus *c, uint64_t id) {
  random_stream r = random_open(21, RANDOM_TEST, id, 0);
  int64_t used = 0;
  for (int i = 0; i < SEQUENCES; i++) {
    c->offset[i] = used;
    int32_t last = 0;
    for (uint32_t n = random_below(&r, LONGEST + 1); n > 0; n--) {
      last = random_unit(&r) < 0.5f ? (last * 2 + 1) % 6 : (int32_t)(random_below(&r, 6) * random_below(&r, 6) / 6);
      c->tokens[used++] = last; /* token 6 never occurs */
    }
  }
  c->offset[SEQUENCES] = used;
}

/* The counts of the definitions, from plain arrays. */
static struct {
  int three[SYMBOLS][SYMBOLS][SYMBOLS];
  int two[SYMBOLS][SYMBOLS]; /* distinct tokens before the bigram */
  int one[SYMBOLS];          /* distinct tokens before the token */
} slow;

static void slow_count(const corpus *c) {
  for (int u = 0; u < SYMBOLS; u++)
    for (int v = 0; v < SYMBOLS; v++)
      for (int w = 0; w < SYMBOLS; w++) slow.three[u][v][w] = slow.two[v][w] = slow.one[w] = 0;
  for (int i = 0; i < SEQUENCES; i++) {
    int before[2] = {BEGIN, BEGIN};
    for (int64_t k = c->offset[i]; k <= c->offset[i + 1]; k++) {
      const int w = k < c->offset[i + 1] ? c->tokens[k] : END;
      slow.three[before[0]][before[1]][w]++;
      before[0] = before[1];
      before[1] = w;
    }
  }
  for (int v = 0; v < SYMBOLS; v++)
    for (int w = 0; w < SYMBOLS; w++) {
      for (int u = 0; u < SYMBOLS; u++) slow.two[v][w] += slow.three[u][v][w] > 0;
      slow.one[w] += slow.two[v][w] > 0;
    }
}

static double slow_discount(const int *counts, int n) {
  double once = 0, twice = 0;
  for (int i = 0; i < n; i++) {
    once += counts[i] == 1;
    twice += counts[i] == 2;
  }
  return once == 0 ? 0.5 : once / (once + 2 * twice);
}

static double slow_level(const int *counts, double d, int w, double lower) {
  double total = 0, kinds = 0;
  for (int i = 0; i < SYMBOLS; i++) {
    total += counts[i];
    kinds += counts[i] > 0;
  }
  return total == 0 ? lower : fmax(counts[w] - d, 0) / total + d * kinds / total * lower;
}

static double slow_probability(int u, int v, int w) {
  const double d1 = slow_discount(slow.one, SYMBOLS), d2 = slow_discount(slow.two[0], SYMBOLS * SYMBOLS);
  const double d3 = slow_discount(slow.three[0][0], SYMBOLS * SYMBOLS * SYMBOLS);
  const double p1 = slow_level(slow.one, d1, w, 1.0 / (VOCABULARY + 1));
  return slow_level(slow.three[u][v], d3, w, slow_level(slow.two[v], d2, w, p1));
}

static void probabilities_are_those_of_the_definition_and_sum_to_one(void) {
  for (uint64_t id = 0; id < 5; id++) {
    corpus c;
    ngram *m;
    draw(&c, id);
    slow_count(&c);
    CU_ASSERT_EQUAL_FATAL(ngram_train(c.tokens, c.offset, SEQUENCES, VOCABULARY, &memory, &m), STATUS_OK);
    CU_ASSERT_EQUAL(ngram_begin(m), BEGIN);
    CU_ASSERT_EQUAL(ngram_end(m), END);
    for (int u = 0; u < SYMBOLS; u++)
      for (int v = 0; v < SYMBOLS; v++) {
        double sum = 0;
        for (int w = 0; w <= END; w++) {
          const double p = ngram_probability(m, u, v, w);
          CU_ASSERT_TRUE(p > 0);
          CU_ASSERT_TRUE(suite_close(p, slow_probability(u, v, w), 1e-12));
          sum += p;
        }
        CU_ASSERT_TRUE(suite_close(sum, 1, 1e-12));
      }
  }
}

static void perplexity_is_the_mean_surprise_of_the_test_text(void) {
  corpus train, test;
  double perplexity, sum = 0, tokens = 0;
  draw(&train, 6);
  draw(&test, 7);
  slow_count(&train);
  for (int i = 0; i < SEQUENCES; i++) {
    int u = BEGIN, v = BEGIN;
    for (int64_t k = test.offset[i]; k <= test.offset[i + 1]; k++) {
      const int w = k < test.offset[i + 1] ? test.tokens[k] : END;
      sum -= log(slow_probability(u, v, w));
      tokens++;
      u = v;
      v = w;
    }
  }
  CU_ASSERT_EQUAL(ngram_perplexity(train.tokens, train.offset, SEQUENCES, test.tokens, test.offset, SEQUENCES,
                                   VOCABULARY, &memory, &perplexity),
                  STATUS_OK);
  CU_ASSERT_TRUE(suite_close(perplexity, exp(sum / tokens), 1e-12));
}

/* Uniform tokens cannot be guessed: the perplexity comes near their number (ends are drawn as one of them). */
static void a_uniform_language_is_as_perplexing_as_it_is_large(void) {
  enum { LETTERS = 9, LINES = 4000 };
  int32_t *tokens;
  int64_t *offset, used = 0;
  double perplexity;
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, LINES * 200, &tokens), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(ARENA(&memory, LINES + 1, &offset), STATUS_OK);
  random_stream r = random_open(22, RANDOM_TEST, 0, 0);
  for (int i = 0; i < LINES; i++) {
    for (int n = 0; n < 200; n++) {
      const int32_t token = (int32_t)random_below(&r, LETTERS + 1);
      if (token == LETTERS) break;
      tokens[used++] = token;
    }
    offset[i + 1] = used;
  }
  CU_ASSERT_EQUAL(
      ngram_perplexity(tokens, offset, LINES / 2, tokens, offset + LINES / 2, LINES / 2, LETTERS, &memory, &perplexity),
      STATUS_OK);
  CU_ASSERT_TRUE(perplexity > 9.7 && perplexity < 10.7);
}

static void a_language_without_choice_does_not_surprise(void) {
  int32_t tokens[300];
  int64_t offset[101];
  double perplexity;
  for (int i = 0; i < 300; i++) tokens[i] = i % 3;
  for (int i = 0; i <= 100; i++) offset[i] = 3 * i;
  CU_ASSERT_EQUAL(ngram_perplexity(tokens, offset, 90, tokens, offset + 90, 10, 3, &memory, &perplexity), STATUS_OK);
  CU_ASSERT_TRUE(perplexity < 1.05);
  CU_ASSERT_EQUAL(ngram_perplexity(tokens, offset, 90, tokens, offset, 0, 3, &memory, &perplexity), STATUS_OK);
  CU_ASSERT_EQUAL(perplexity, 0);
}

static void with_nothing_learnt_every_token_is_as_likely(void) {
  const int64_t none[1] = {0};
  ngram *m;
  CU_ASSERT_EQUAL_FATAL(ngram_train(NULL, none, 0, 4, &memory, &m), STATUS_OK);
  for (int w = 0; w <= 4; w++) CU_ASSERT_TRUE(suite_close(ngram_probability(m, 1, 2, w), 0.2, 1e-12));
}

int main(void) {
  const suite_test tests[] = {
      TEST(probabilities_are_those_of_the_definition_and_sum_to_one),
      TEST(perplexity_is_the_mean_surprise_of_the_test_text),
      TEST(a_uniform_language_is_as_perplexing_as_it_is_large),
      TEST(a_language_without_choice_does_not_surprise),
      TEST(with_nothing_learnt_every_token_is_as_likely),
  };
  const int code = SUITE_RUN("ngram", tests);
  arena_free(&memory);
  return code;
}
