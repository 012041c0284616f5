#include "math/decode.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"

enum { V = 150, C = 5, BEGIN = 0, END = 1, FIRST_SLOT = 2, REQUESTS = 90 };

static const generator_shape shape = {.vocabulary = V, .embedding = 16, .hidden = 24, .layers = 2, .condition = C};

typedef struct example {
  float *block, *scratch;
  int16_t slot[V];
  uint8_t columns[V], forbidden[V], slot_columns[SLOT_COUNT];
  int32_t slot_token[SLOT_COUNT];
  float condition[REQUESTS * C];
  decode_vocabulary vocabulary;
  decode_request requests[REQUESTS];
  decode_result results[REQUESTS];
} example;

static example *example_open(void) {
  openblas_set_num_threads(1);
  example *x = calloc(1, sizeof *x);
  x->block = calloc((size_t)generator_count(&shape), sizeof *x->block);
  x->scratch = calloc((size_t)decode_scratch(&shape, REQUESTS), sizeof *x->scratch);
  generator_initialise(&shape, 3, x->block);
  random_stream r = random_open(4, RANDOM_TEST, 0, 0);
  for (int64_t i = 0; i < generator_count(&shape); i++) x->block[i] += 0.1f * random_normal(&r);
  generator_parameters p = generator_at(&shape, x->block);
  for (int i = 0; i < 1 + SLOT_COUNT; i++) p.output_bias[END + i] += 3; /* so that texts end now and then */
  for (int v = 0; v < V; v++) {
    x->slot[v] = -1;
    x->columns[v] = (uint8_t)random_below(&r, 5);
    x->forbidden[v] = random_below(&r, 10) == 0;
  }
  for (int i = 0; i < SLOT_COUNT; i++) {
    x->slot_token[i] = FIRST_SLOT + i;
    x->slot[FIRST_SLOT + i] = (int16_t)i;
    x->slot_columns[i] = (uint8_t)(4 + i);
  }
  for (int i = 0; i < REQUESTS * C; i++) x->condition[i] = random_below(&r, 2) == 0 ? 0 : random_normal(&r);
  x->vocabulary = (decode_vocabulary){BEGIN, END, x->slot, x->columns, x->slot_token};
  for (int i = 0; i < REQUESTS; i++)
    x->requests[i] =
        (decode_request){.condition = x->condition + i * C,
                         .forbidden = x->forbidden,
                         .required = random_below(&r, 1u << SLOT_COUNT) & random_below(&r, 1u << SLOT_COUNT),
                         .slot_columns = x->slot_columns,
                         .max_columns = 80,
                         .max_tokens = 40,
                         .temperature = 0.5f + random_unit(&r),
                         .id = 1000 + (uint64_t)i,
                         .attempt = (uint32_t)(i % 3)};
  return x;
}

static void example_close(example *x) {
  free(x->block);
  free(x->scratch);
  free(x);
}

static void run(example *x, const decode_request *requests, int count, decode_result *results) {
  decode_batch(&shape, x->block, &x->vocabulary, 8, requests, count, results, x->scratch);
}

static int same(const decode_result *a, const decode_result *b) {
  return a->count == b->count && memcmp(a->token, b->token, (size_t)a->count * sizeof *a->token) == 0 &&
         memcmp(&a->log_probability, &b->log_probability, sizeof(float)) == 0;
}

static void a_text_is_the_same_alone_reversed_and_in_company(void) {
  example *x = example_open();
  run(x, x->requests, REQUESTS, x->results);
  decode_request backwards[REQUESTS];
  decode_result again[REQUESTS], alone;
  for (int i = 0; i < REQUESTS; i++) backwards[i] = x->requests[REQUESTS - 1 - i];
  run(x, backwards, REQUESTS, again);
  int written = 0;
  for (int i = 0; i < REQUESTS; i++) {
    run(x, &x->requests[i], 1, &alone);
    CU_ASSERT_TRUE(same(&x->results[i], &alone));
    CU_ASSERT_TRUE(same(&x->results[i], &again[REQUESTS - 1 - i]));
    written += alone.count > 0;
  }
  CU_ASSERT_TRUE(written > REQUESTS / 2);
  example_close(x);
}

static void texts_keep_their_masks(void) {
  example *x = example_open();
  run(x, x->requests, REQUESTS, x->results);
  for (int i = 0; i < REQUESTS; i++) {
    const decode_request *q = &x->requests[i];
    const decode_result *r = &x->results[i];
    if (r->count == 0) continue;
    uint32_t seen = 0;
    int columns = 0;
    for (int t = 0; t < r->count; t++) {
      const int token = r->token[t], s = x->slot[token];
      CU_ASSERT_TRUE(token != BEGIN && token != END);
      if (s >= 0) {
        CU_ASSERT_FALSE(seen & SLOT_BIT(s));
        seen |= SLOT_BIT(s);
        columns += q->slot_columns[s];
      } else {
        CU_ASSERT_FALSE(q->forbidden[token]);
        columns += x->columns[token];
      }
    }
    CU_ASSERT_EQUAL(seen, q->required);
    CU_ASSERT_TRUE(columns <= q->max_columns);
    CU_ASSERT_TRUE(r->count < q->max_tokens);
  }
  example_close(x);
}

/* −log p of each token by the training kernel is what the decoder says the text's probability is. */
static void probability_is_that_of_the_model(void) {
  example *x = example_open();
  run(x, x->requests, REQUESTS, x->results);
  for (int i = 0; i < REQUESTS; i += 7) {
    const decode_result *r = &x->results[i];
    if (r->count == 0) continue;
    int32_t input[DECODE_TOKENS_MOST], target[DECODE_TOKENS_MOST];
    for (int t = 0; t <= r->count; t++) {
      input[t] = t == 0 ? BEGIN : r->token[t - 1];
      target[t] = t == r->count ? END : r->token[t];
    }
    const generator_batch b = {
        .sequences = 1, .steps = r->count + 1, .input = input, .target = target, .condition = x->requests[i].condition};
    float *scratch = calloc((size_t)generator_scratch(&shape, &b), sizeof *scratch);
    const double loss = generator_loss(&shape, x->block, &b, NULL, NULL, scratch);
    CU_ASSERT_TRUE(suite_close(-loss / (r->count + 1), (double)r->log_probability, 1e-4));
    free(scratch);
  }
  example_close(x);
}

static void a_prefix_is_kept(void) {
  example *x = example_open();
  const int32_t prefix[] = {60, FIRST_SLOT + 2, 61};
  decode_request q = x->requests[0];
  q.required = SLOT_BIT(2) | SLOT_BIT(4);
  q.prefix = prefix;
  q.prefix_count = 3;
  int written = 0;
  for (uint32_t attempt = 0; attempt < 20; attempt++) {
    decode_result r;
    q.attempt = attempt;
    run(x, &q, 1, &r);
    if (r.count == 0) continue;
    written++;
    CU_ASSERT_EQUAL(memcmp(r.token, prefix, sizeof prefix), 0);
    int second = 0;
    for (int t = 3; t < r.count; t++) {
      CU_ASSERT_TRUE(r.token[t] != FIRST_SLOT + 2);
      second += r.token[t] == FIRST_SLOT + 4;
    }
    CU_ASSERT_EQUAL(second, 1);
  }
  CU_ASSERT_TRUE(written > 5);
  example_close(x);
}

/* First tokens over many ids are distributed as the model says, masks and temperature applied. */
static void draws_follow_the_model(void) {
  example *x = example_open();
  decode_request q = x->requests[1];
  q.required = SLOT_BIT(1);
  q.max_tokens = 40;
  q.temperature = 1;
  memset(x->forbidden, 0, V);
  float *scratch =
      calloc((size_t)generator_scratch(&shape, &(generator_batch){.sequences = 1, .steps = 1}), sizeof *scratch);
  double p[V], open = 0;
  const int32_t input = BEGIN;
  for (int32_t v = 0; v < V; v++) {
    const generator_batch b = {.sequences = 1, .steps = 1, .input = &input, .target = &v, .condition = q.condition};
    p[v] = exp(-generator_loss(&shape, x->block, &b, NULL, NULL, scratch));
    if (v == BEGIN || v == END || (x->slot[v] >= 0 && x->slot[v] != 1)) p[v] = 0;
    open += p[v];
  }
  enum { DRAWS = 6000 };
  int seen[V] = {0}, drawn = 0;
  static decode_request many[DRAWS];
  static decode_result results[DRAWS];
  for (int i = 0; i < DRAWS; i++) {
    many[i] = q;
    many[i].id = (uint64_t)i;
  }
  decode_batch(&shape, x->block, &x->vocabulary, 8, many, DRAWS, results, x->scratch);
  for (int i = 0; i < DRAWS; i++) {
    if (results[i].count == 0) continue;
    seen[results[i].token[0]]++;
    drawn++;
  }
  double chi = 0;
  for (int v = 0; v < V; v++) {
    const double expected = drawn * p[v] / open;
    if (expected == 0) CU_ASSERT_EQUAL(seen[v], 0);
    if (expected > 0) chi += (seen[v] - expected) * (seen[v] - expected) / expected;
  }
  CU_ASSERT_TRUE(drawn > DRAWS * 9 / 10);
  CU_ASSERT_TRUE(chi < 230); /* 140 degrees of freedom: 99.9 % lie below 195 */
  free(scratch);
  example_close(x);
}

static void greedy_takes_the_likeliest_and_ignores_the_attempt(void) {
  example *x = example_open();
  decode_request q = x->requests[2];
  decode_result a, b;
  q.temperature = 0;
  run(x, &q, 1, &a);
  q.attempt = 9;
  run(x, &q, 1, &b);
  CU_ASSERT_TRUE(same(&a, &b));
  example_close(x);
}

static void slots_that_cannot_fit_give_no_text(void) {
  example *x = example_open();
  decode_request q = x->requests[2];
  decode_result r;
  q.required = SLOT_BIT(0) | SLOT_BIT(7);
  q.max_columns = 10;
  run(x, &q, 1, &r);
  CU_ASSERT_EQUAL(r.count, 0);
  q.max_columns = 80;
  q.max_tokens = 2;
  run(x, &q, 1, &r);
  CU_ASSERT_EQUAL(r.count, 0);
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_text_is_the_same_alone_reversed_and_in_company),
      TEST(texts_keep_their_masks),
      TEST(probability_is_that_of_the_model),
      TEST(a_prefix_is_kept),
      TEST(draws_follow_the_model),
      TEST(greedy_takes_the_likeliest_and_ignores_the_attempt),
      TEST(slots_that_cannot_fit_give_no_text),
  };
  return SUITE_RUN("decode", tests);
}
