#include "decode_example.h"

static const generator_shape tied = {.vocabulary = V, .embedding = 16, .hidden = 24, .layers = 2, .condition = C};
static const generator_shape with_facts = {
    .vocabulary = V, .embedding = 20, .hidden = 36, .layers = 1, .condition = C, .facts = D, .untied = 1};

enum { ASKED = 60, WIDTH = 8, BEST = 6 };

static void search(example *x, const decode_beam *b, int count, decode_result *results) {
  decode_beam_search(&x->model, b, x->requests, count, results, x->scratch);
}

static double log_p_of(const example *x, const decode_request *q, const decode_result *r) {
  double sum = 0, log_p[V];
  for (int t = 0; t <= r->count; t++) {
    example_next(x, q, r->token, t, log_p);
    sum += log_p[t == r->count ? END : r->token[t]];
  }
  return sum;
}

static void texts_are_ranked_and_differ(void) {
  static decode_result results[ASKED * BEST], alone[BEST];
  const decode_beam b = {.width = WIDTH, .groups = 1, .length_power = 0.7f, .best = BEST};
  for (int s = 0; s < 2; s++) {
    example *x = example_open(s == 0 ? tied : with_facts);
    int written = 0;
    search(x, &b, ASKED, results);
    for (int i = 0; i < ASKED; i++) {
      const decode_result *r = results + i * BEST;
      double last = 0;
      for (int k = 0; k < BEST && r[k].count > 0; k++, written++) {
        const double rank = (double)r[k].log_probability * (r[k].count + 1) / pow(r[k].count + 1, 0.7);
        CU_ASSERT_TRUE(k == 0 || rank <= last + 1e-5);
        last = rank;
        for (int j = 0; j < k; j++) CU_ASSERT_FALSE(example_same(&r[j], &r[k]));
        uint64_t seen = 0;
        for (int t = 0; t < r[k].count; t++)
          if (x->slot[r[k].token[t]] >= 0) seen |= (uint64_t)1 << x->slot[r[k].token[t]];
        CU_ASSERT_EQUAL(seen, x->requests[i].required);
      }
      if (i % 13 != 0) continue;
      if (r[0].count > 0)
        CU_ASSERT_TRUE(suite_close(log_p_of(x, &x->requests[i], r) / (r[0].count + 1), (double)r[0].log_probability,
                                   example_tolerance()));
      decode_beam_search(&x->model, &b, &x->requests[i], 1, alone, x->scratch);
      for (int k = 0; k < BEST; k++) CU_ASSERT_TRUE(example_same(&r[k], &alone[k]));
    }
    CU_ASSERT_TRUE(written > ASKED * BEST / 2);
    example_close(x);
  }
}

/* Over a dozen tokens all texts of one and two of them can be tried. */
static void the_best_is_the_best_of_all(void) {
  example *x = example_open(tied);
  int32_t few[12];
  decode_list list;
  float *memory = calloc((size_t)decode_list_floats(&x->shape, &x->vocabulary, 12), sizeof *memory);
  for (int i = 0; i < 12; i++) few[i] = 60 + 7 * i;
  decode_list_prepare(&x->model, few, 12, memory, &list);
  for (int i = 1; i < 8; i++) {
    decode_request q = {.condition = x->requests[i].condition, .list = &list, .max_tokens = 3};
    const decode_beam b = {.width = 32, .groups = 1, .best = 1};
    decode_result found, r = {0};
    double best = -1e9;
    for (int one = 0; one < 12; one++)
      for (int two = -1; two < 12; two++) {
        r.count = two < 0 ? 1 : 2;
        r.token[0] = few[one];
        r.token[1] = two < 0 ? 0 : few[two];
        best = fmax(best, log_p_of(x, &q, &r));
      }
    decode_beam_search(&x->model, &b, &q, 1, &found, x->scratch);
    CU_ASSERT_TRUE((double)found.log_probability * (found.count + 1) >= best - 3 * example_tolerance());
  }
  free(memory);
  example_close(x);
}

static void groups_begin_differently(void) {
  static decode_result results[ASKED * BEST];
  example *x = example_open(tied);
  int different[2] = {0};
  for (int kind = 0; kind < 2; kind++) {
    const decode_beam b = {
        .width = BEST, .groups = kind == 0 ? 1 : BEST, .diversity = 4, .length_power = 1, .best = BEST};
    search(x, &b, ASKED, results);
    for (int i = 0; i < ASKED; i++)
      for (int k = 0; k < BEST && results[i * BEST + k].count > 0; k++) {
        int is_new = 1;
        for (int j = 0; j < k; j++) is_new = is_new && results[i * BEST + j].token[0] != results[i * BEST + k].token[0];
        different[kind] += is_new;
      }
  }
  CU_ASSERT_TRUE(different[1] > different[0] + ASKED / 2);
  example_close(x);
}

static int next(const void *context, const void *state, const int32_t *tokens, int count, int token, void *after) {
  (void)context;
  (void)state;
  (void)after;
  return token == END || count == 0 || token % 3 != tokens[count - 1] % 3;
}

static void a_guard_is_obeyed(void) {
  static const decode_guard guard = {.next = next};
  static decode_result results[ASKED * BEST];
  const decode_beam b = {.width = WIDTH, .groups = 2, .diversity = 1, .length_power = 1, .best = BEST};
  example *x = example_open(tied);
  for (int i = 0; i < ASKED; i++) x->requests[i].guard = &guard;
  search(x, &b, ASKED, results);
  int written = 0;
  for (int i = 0; i < ASKED * BEST; i++) {
    written += results[i].count > 0;
    for (int t = 1; t < results[i].count; t++) CU_ASSERT_TRUE(results[i].token[t] % 3 != results[i].token[t - 1] % 3);
  }
  CU_ASSERT_TRUE(written > ASKED);
  example_close(x);
}

int main(void) {
  const suite_test tests[] = {
      TEST(texts_are_ranked_and_differ),
      TEST(the_best_is_the_best_of_all),
      TEST(groups_begin_differently),
      TEST(a_guard_is_obeyed),
  };
  return SUITE_RUN("decode_beam", tests);
}
