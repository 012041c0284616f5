#include "text/ngram.h"

#include <math.h>
#include <string.h>

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
    CU_ASSERT_EQUAL_FATAL(ngram_train(&(ngram_texts){c.tokens, c.offset, SEQUENCES}, 3, VOCABULARY, &m), STATUS_OK);
    CU_ASSERT_EQUAL(ngram_begin(m), BEGIN);
    CU_ASSERT_EQUAL(ngram_end(m), END);
    for (int u = 0; u < SYMBOLS; u++)
      for (int v = 0; v < SYMBOLS; v++) {
        double sum = 0;
        for (int w = 0; w <= END; w++) {
          const double p = ngram_probability(m, (int32_t[]){u, v, w});
          CU_ASSERT_TRUE(p > 0);
          CU_ASSERT_TRUE(suite_close(p, slow_probability(u, v, w), 1e-12));
          sum += p;
        }
        CU_ASSERT_TRUE(suite_close(sum, 1, 1e-12));
      }
    ngram_free(m);
  }
}

/* The token `back` places before token k of a text. */
static int32_t at(const corpus *c, int text, int64_t k, int back) {
  const int64_t place = c->offset[text] + k - back;
  if (k - back < 0) return BEGIN;
  return place < c->offset[text + 1] ? c->tokens[place] : END;
}

/* Count of the last n tokens of the window: occurrences at the highest order, else distinct tokens before them. */
static int slow_gram(const corpus *c, const int32_t *window, int n, int order) {
  int count = 0, seen[SYMBOLS] = {0};
  for (int i = 0; i < SEQUENCES; i++)
    for (int64_t k = 0; k <= c->offset[i + 1] - c->offset[i]; k++) {
      int same = 1;
      for (int back = 0; back < n && same; back++) same = at(c, i, k, back) == window[order - 1 - back];
      if (same && n == order) count++;
      if (same && n < order && !seen[at(c, i, k, n)]++) count++;
    }
  return count;
}

/* Discounts come from all n-grams that there are: every window of the texts, each once. */
static double slow_order_discount(const corpus *c, int n, int order) {
  static int32_t found[SEQUENCES * (LONGEST + 1)][NGRAM_ORDER_MOST];
  int kinds = 0, once = 0, twice = 0;
  for (int i = 0; i < SEQUENCES; i++)
    for (int64_t k = 0; k <= c->offset[i + 1] - c->offset[i]; k++) {
      int32_t window[NGRAM_ORDER_MOST] = {0};
      int is_new = 1;
      for (int back = 0; back < n; back++) window[order - 1 - back] = at(c, i, k, back);
      for (int f = 0; f < kinds && is_new; f++) is_new = memcmp(found[f], window, sizeof window) != 0;
      if (!is_new) continue;
      memcpy(found[kinds++], window, sizeof window);
      const int count = slow_gram(c, window, n, order);
      once += count == 1;
      twice += count == 2;
    }
  return once == 0 ? 0.5 : once / (once + 2.0 * twice);
}

static double slow_order(const corpus *c, const int32_t *window, int n, int order, const double *discount) {
  if (n == 0) return 1.0 / (VOCABULARY + 1);
  int32_t other[NGRAM_ORDER_MOST];
  double total = 0, kinds = 0, own = 0;
  memcpy(other, window, sizeof other);
  for (int w = 0; w < SYMBOLS; w++) {
    other[order - 1] = w;
    const int count = slow_gram(c, other, n, order);
    total += count;
    kinds += count > 0;
    if (w == window[order - 1]) own = count;
  }
  const double lower = slow_order(c, window, n - 1, order, discount);
  return total == 0 ? lower : (fmax(own - discount[n], 0) + discount[n] * kinds * lower) / total;
}

static void longer_n_grams_follow_the_same_definition(void) {
  enum { ORDER = 5 };
  corpus c;
  ngram *m;
  double discount[ORDER + 1];
  draw(&c, 30);
  CU_ASSERT_EQUAL_FATAL(ngram_train(&(ngram_texts){c.tokens, c.offset, SEQUENCES}, ORDER, VOCABULARY, &m), STATUS_OK);
  for (int n = 1; n <= ORDER; n++) discount[n] = slow_order_discount(&c, n, ORDER);
  for (int i = 0; i < 8; i++) {
    int32_t window[NGRAM_ORDER_MOST] = {0};
    double sum = 0;
    for (int back = 1; back < ORDER; back++) window[ORDER - 1 - back] = at(&c, i, i / 2, back - 1);
    for (int w = 0; w <= END; w++) {
      window[ORDER - 1] = w;
      const double p = ngram_probability(m, window);
      CU_ASSERT_TRUE(suite_close(p, slow_order(&c, window, ORDER, ORDER, discount), 1e-12));
      sum += p;
    }
    CU_ASSERT_TRUE(suite_close(sum, 1, 1e-12));
  }
  ngram_free(m);
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
  const ngram_texts learnt = {train.tokens, train.offset, SEQUENCES}, other = {test.tokens, test.offset, SEQUENCES};
  CU_ASSERT_EQUAL(ngram_perplexity(&learnt, &other, 3, VOCABULARY, &perplexity), STATUS_OK);
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
  const ngram_texts train = {tokens, offset, LINES / 2}, test = {tokens, offset + LINES / 2, LINES / 2};
  CU_ASSERT_EQUAL(ngram_perplexity(&train, &test, 3, LETTERS, &perplexity), STATUS_OK);
  CU_ASSERT_TRUE(perplexity > 9.7 && perplexity < 10.7);
}

static void a_language_without_choice_does_not_surprise(void) {
  int32_t tokens[300];
  int64_t offset[101];
  double perplexity;
  for (int i = 0; i < 300; i++) tokens[i] = i % 3;
  for (int i = 0; i <= 100; i++) offset[i] = 3 * i;
  const ngram_texts train = {tokens, offset, 90}, test = {tokens, offset + 90, 10}, none = {tokens, offset, 0};
  CU_ASSERT_EQUAL(ngram_perplexity(&train, &test, 3, 3, &perplexity), STATUS_OK);
  CU_ASSERT_TRUE(perplexity < 1.05);
  CU_ASSERT_EQUAL(ngram_perplexity(&train, &none, 3, 3, &perplexity), STATUS_OK);
  CU_ASSERT_EQUAL(perplexity, 0);
}

static void with_nothing_learnt_every_token_is_as_likely(void) {
  const int64_t none[1] = {0};
  ngram *m;
  CU_ASSERT_EQUAL_FATAL(ngram_train(&(ngram_texts){NULL, none, 0}, 3, 4, &m), STATUS_OK);
  for (int w = 0; w <= 4; w++) CU_ASSERT_TRUE(suite_close(ngram_probability(m, (int32_t[]){1, 2, w}), 0.2, 1e-12));
  ngram_free(m);
}

int main(void) {
  const suite_test tests[] = {
      TEST(probabilities_are_those_of_the_definition_and_sum_to_one),
      TEST(longer_n_grams_follow_the_same_definition),
      TEST(perplexity_is_the_mean_surprise_of_the_test_text),
      TEST(a_uniform_language_is_as_perplexing_as_it_is_large),
      TEST(a_language_without_choice_does_not_surprise),
      TEST(with_nothing_learnt_every_token_is_as_likely),
  };
  const int code = SUITE_RUN("ngram", tests);
  arena_free(&memory);
  return code;
}
