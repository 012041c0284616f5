#include "decode_example.h"

static const generator_shape tied = {.vocabulary = V, .embedding = 16, .hidden = 24, .layers = 2, .condition = C};
static const generator_shape with_facts = {
    .vocabulary = V, .embedding = 20, .hidden = 36, .layers = 1, .condition = C, .facts = D, .untied = 1};

static void a_text_is_the_same_alone_reversed_and_in_company(void) {
  for (int s = 0; s < 2; s++) {
    example *x = example_open(s == 0 ? tied : with_facts);
    example_run(x, x->requests, REQUESTS, x->results);
    decode_request backwards[REQUESTS];
    decode_result again[REQUESTS], alone;
    for (int i = 0; i < REQUESTS; i++) backwards[i] = x->requests[REQUESTS - 1 - i];
    example_run(x, backwards, REQUESTS, again);
    int written = 0;
    for (int i = 0; i < REQUESTS; i++) {
      CU_ASSERT_TRUE(example_same(&x->results[i], &again[REQUESTS - 1 - i]));
      if (i % 5 == 0) {
        example_run(x, &x->requests[i], 1, &alone);
        CU_ASSERT_TRUE(example_same(&x->results[i], &alone));
      }
      written += x->results[i].count > 0;
    }
    CU_ASSERT_TRUE(written > REQUESTS / 4);
    example_close(x);
  }
}

/* Walks through a text and holds every token against what the request allows. */
static void hold(const example *x, const decode_request *q, const decode_result *r) {
  uint64_t seen = 0;
  int length[UNITS] = {0};
  for (int t = 0; t < r->count; t++) {
    const int token = r->token[t], s = x->slot[token];
    CU_ASSERT_TRUE(token != BEGIN && token != END && example_holds(q->list, token));
    if (s >= 0) {
      const uint64_t bit = (uint64_t)1 << s;
      CU_ASSERT_TRUE(((q->required | q->optional) & bit) != 0);
      CU_ASSERT_TRUE((seen & bit) == 0 || (q->repeatable & bit) != 0);
      seen |= bit;
    }
    for (int u = 0; u < UNITS; u++) length[u] += s >= 0 ? x->slot_width[u][s] : x->width[u][token];
  }
  CU_ASSERT_EQUAL(seen & q->required, q->required);
  CU_ASSERT_TRUE(r->count < q->max_tokens);
  for (int u = 0; u < UNITS; u++)
    if (q->most[u] > 0) CU_ASSERT_TRUE(length[u] <= q->most[u]);
}

static void texts_keep_their_masks(void) {
  example *x = example_open(tied);
  for (int i = 0; i < REQUESTS; i++) {
    x->requests[i].optional = (uint64_t)3 << i % 38;
    x->requests[i].repeatable = (uint64_t)1 << i % 38 | (i % 2 ? x->requests[i].required : 0);
  }
  example_run(x, x->requests, REQUESTS, x->results);
  for (int i = 0; i < REQUESTS; i++)
    if (x->results[i].count > 0) hold(x, &x->requests[i], &x->results[i]);
  example_close(x);
}

static void probability_is_that_of_the_twin(void) {
  for (int s = 0; s < 2; s++) {
    example *x = example_open(s == 0 ? tied : with_facts);
    example_run(x, x->requests, REQUESTS, x->results);
    for (int i = 0; i < REQUESTS; i += 73) {
      const decode_result *r = &x->results[i];
      double sum = 0, log_p[V];
      for (int t = 0; t <= r->count && r->count > 0; t++) {
        example_next(x, &x->requests[i], r->token, t, log_p);
        sum += log_p[t == r->count ? END : r->token[t]];
      }
      if (r->count > 0)
        CU_ASSERT_TRUE(suite_close(sum / (r->count + 1), (double)r->log_probability, example_tolerance()));
    }
    example_close(x);
  }
}

static void a_prefix_is_kept(void) {
  example *x = example_open(tied);
  const int32_t prefix[] = {60, FIRST_SLOT + 2, 61};
  decode_request q = x->requests[0];
  q.required = 1 << 2 | 1 << 4;
  q.prefix = prefix;
  q.prefix_count = 3;
  int written = 0;
  for (uint32_t attempt = 0; attempt < 20; attempt++) {
    decode_result r;
    q.attempt = attempt;
    example_run(x, &q, 1, &r);
    if (r.count == 0) continue;
    written++;
    CU_ASSERT_EQUAL(memcmp(r.token, prefix, sizeof prefix), 0);
    hold(x, &q, &r);
  }
  CU_ASSERT_TRUE(written > 5);
  example_close(x);
}

static int is_open(const example *x, const decode_request *q, int v) {
  if (v == BEGIN || v == END) return 0;
  return x->slot[v] < 0 || (q->required >> x->slot[v] & 1);
}

/* What the first token's distribution should be: masks, temperature, the k likeliest, the nucleus. */
static void expect(const example *x, const decode_request *q, double *p) {
  double total = 0, passed = 0;
  int taken[V] = {0};
  example_next(x, q, NULL, 0, p);
  for (int v = 0; v < V; v++) p[v] = is_open(x, q, v) ? exp(p[v] / (double)q->temperature) : 0;
  for (int v = 0; v < V; v++) total += p[v];
  const int k = q->top_k > 0 ? q->top_k : V;
  for (int i = 0; i < k; i++) {
    int best = -1;
    for (int v = 0; v < V; v++)
      if (!taken[v] && p[v] > 0 && (best < 0 || p[v] > p[best])) best = v;
    if (best < 0 || (q->nucleus > 0 && passed >= (double)q->nucleus * total)) break;
    taken[best] = 1;
    passed += p[best];
  }
  for (int v = 0; v < V; v++) p[v] = taken[v] ? p[v] / passed : 0;
}

enum { DRAWS = 6000 };

/* Pearson's statistic of first tokens over many ids. */
static double distance(example *x, decode_request q, const double *p, int lattice) {
  decode_request *many = calloc(DRAWS, sizeof *many);
  decode_result *results = calloc(DRAWS, sizeof *results);
  int seen[V] = {0}, drawn = 0;
  for (int i = 0; i < DRAWS; i++) {
    many[i] = q;
    many[i].id = (uint64_t)(lattice > 0 ? i / lattice : i);
    many[i].lattice = lattice;
    many[i].lattice_place = lattice > 0 ? i % lattice : 0;
    many[i].attempt = (uint32_t)many[i].lattice_place;
    many[i].max_tokens = 40;
  }
  example_run(x, many, DRAWS, results);
  for (int i = 0; i < DRAWS; i++) {
    if (results[i].count == 0) continue;
    seen[results[i].token[0]]++;
    drawn++;
  }
  CU_ASSERT_TRUE(drawn > DRAWS / 2);
  double chi = 0;
  for (int v = 0; v < V; v++) {
    const double expected = drawn * p[v];
    if (expected == 0) CU_ASSERT_TRUE(seen[v] <= (bf16_available() ? DRAWS / 100 : 0));
    if (expected > 0) chi += (seen[v] - expected) * (seen[v] - expected) / expected;
  }
  free(many);
  free(results);
  return chi;
}

static void draws_follow_the_model(void) {
  example *x = example_open(tied);
  decode_request q = x->requests[1];
  double p[V];
  q.required = 2;
  q.most[0] = q.most[1] = 0;
  q.temperature = 1;
  expect(x, &q, p);
  CU_ASSERT_TRUE(distance(x, q, p, 0) < 230); /* about 140 degrees of freedom: 99.9 % lie below 195 */
  CU_ASSERT_TRUE(distance(x, q, p, 8) < 230);
  q.temperature = 0.6f;
  expect(x, &q, p);
  CU_ASSERT_TRUE(distance(x, q, p, 0) < 230);
  q.top_k = 12;
  expect(x, &q, p);
  CU_ASSERT_TRUE(distance(x, q, p, 0) < 45); /* 11 degrees: 99.9 % below 31 */
  q.top_k = 0;
  q.nucleus = 0.7f;
  expect(x, &q, p);
  CU_ASSERT_TRUE(distance(x, q, p, 0) < 160);
  q.nucleus = 1e-6f;
  expect(x, &q, p);
  CU_ASSERT_TRUE(distance(x, q, p, 0) < 1e-9); /* the likeliest alone */
  example_close(x);
}

/* Texts of one lattice differ more than texts of their own streams. */
static void a_lattice_spreads_texts(void) {
  example *x = example_open(tied);
  enum { GROUPS = 30, EACH = 8 };
  int different[2] = {0};
  for (int kind = 0; kind < 2; kind++)
    for (int g = 0; g < GROUPS; g++) {
      decode_result r[EACH];
      decode_request q[EACH];
      for (int i = 0; i < EACH; i++) {
        q[i] = x->requests[g];
        q[i].temperature = 0.7f;
        q[i].attempt = (uint32_t)i;
        q[i].lattice = kind == 0 ? 0 : EACH;
        q[i].lattice_place = kind == 0 ? 0 : i;
      }
      example_run(x, q, EACH, r);
      for (int i = 0; i < EACH; i++) {
        int is_new = 1;
        for (int k = 0; k < i; k++) is_new = is_new && r[k].token[0] != r[i].token[0];
        different[kind] += is_new;
      }
    }
  CU_ASSERT_TRUE(different[1] > different[0]);
  example_close(x);
}

static void greedy_takes_the_likeliest_and_ignores_the_attempt(void) {
  example *x = example_open(with_facts);
  for (int i = 1; i < 20; i++) {
    decode_request q = x->requests[i];
    decode_result a, b;
    double log_p[V], most = -1000;
    q.temperature = 0;
    example_run(x, &q, 1, &a);
    q.attempt = 9;
    example_run(x, &q, 1, &b);
    CU_ASSERT_TRUE(example_same(&a, &b));
    if (a.count == 0) continue;
    example_next(x, &q, NULL, 0, log_p);
    for (int v = 0; v < V; v++)
      if (is_open(x, &q, v) && (x->width[1][v] != DECODE_NEVER_FITS || q.most[1] == 0)) most = fmax(most, log_p[v]);
    CU_ASSERT_TRUE(log_p[a.token[0]] >= most - 2 * example_tolerance());
  }
  example_close(x);
}

static void slots_that_cannot_fit_give_no_text(void) {
  example *x = example_open(tied);
  decode_request q = x->requests[2];
  decode_result r;
  q.required = 1 | 1 << 7;
  q.most[0] = 10;
  example_run(x, &q, 1, &r);
  CU_ASSERT_EQUAL(r.count, 0);
  q.most[0] = 80;
  q.max_tokens = 2;
  example_run(x, &q, 1, &r);
  CU_ASSERT_EQUAL(r.count, 0);
  example_close(x);
}

/* Refuses a token of the same remainder as the one before, and anything behind a token of TRAP's. */
enum { BY = 5, TRAP = 3 };
static int traps;

static int next(const void *context, const void *state, const int32_t *tokens, int count, int token, void *after) {
  int32_t before;
  (void)context;
  memcpy(&before, state, sizeof before);
  CU_ASSERT_EQUAL(before, count == 0 ? 0 : tokens[count - 1]);
  memcpy(after, &token, sizeof token);
  if (count == 0) return 1;
  if (traps && tokens[count - 1] % BY == TRAP) return 0;
  return token == END || token % BY != tokens[count - 1] % BY;
}

static const decode_guard guard = {.next = next};

static int guarded(example *x, int with_traps, int retries, int *retried) {
  int written = 0;
  traps = with_traps;
  for (int i = 0; i < REQUESTS; i++) {
    x->requests[i].guard = &guard;
    x->requests[i].retries = retries;
  }
  example_run(x, x->requests, REQUESTS, x->results);
  *retried = 0;
  for (int i = 0; i < REQUESTS; i++) {
    const decode_result *r = &x->results[i];
    *retried += r->retried;
    if (r->count == 0) continue;
    hold(x, &x->requests[i], r);
    written++;
    for (int t = 1; t < r->count; t++) CU_ASSERT_TRUE(r->token[t] % BY != r->token[t - 1] % BY);
    for (int t = 0; t < r->count && traps; t++) CU_ASSERT_TRUE(r->token[t] % BY != TRAP);
  }
  return written;
}

static void a_guard_is_obeyed_and_dead_ends_are_left(void) {
  example *x = example_open(tied);
  int retried;
  const int easy = guarded(x, 0, 0, &retried);
  CU_ASSERT_TRUE(easy > REQUESTS / 3 && retried == 0);
  const int lost = guarded(x, 1, 0, &retried);
  CU_ASSERT_TRUE(lost < REQUESTS / 3);
  const int saved = guarded(x, 1, 60, &retried);
  CU_ASSERT_TRUE(saved > lost + REQUESTS / 4 && retried > 0);
  decode_result alone;
  for (int i = 0; i < REQUESTS; i += 31) {
    example_run(x, &x->requests[i], 1, &alone);
    CU_ASSERT_TRUE(example_same(&x->results[i], &alone));
  }
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_text_is_the_same_alone_reversed_and_in_company),
      TEST(texts_keep_their_masks),
      TEST(probability_is_that_of_the_twin),
      TEST(a_prefix_is_kept),
      TEST(draws_follow_the_model),
      TEST(a_lattice_spreads_texts),
      TEST(greedy_takes_the_likeliest_and_ignores_the_attempt),
      TEST(slots_that_cannot_fit_give_no_text),
      TEST(a_guard_is_obeyed_and_dead_ends_are_left),
  };
  return SUITE_RUN("decode", tests);
}
