/* Writing with the writer: rows of texts with random weights, none of which ends before its time. */
#include "base/clock.h"
#include "math/decode.h"
#include "stages/bench.h"

enum { STEPS = 21, SHORT = 1500, LAYERS_MOST = 2 }; /* tokens of a text, </s> among them */

static const float temperature = 0.8f;
static const double messages_of_account = 1e8;

typedef struct writing {
  generator_shape shape;
  decode_vocabulary vocabulary;
  decode_model model;
  decode_list whole, some; /* all tokens; SHORT of them, as a category uses */
  decode_request *request;
  decode_result *result;
  float *scratch;
} writing;

static status make_list(const writing *w, int count, arena *a, decode_list *out) {
  const int size = w->shape.vocabulary;
  float *memory = NULL;
  int32_t *token = NULL;
  TRY(ARENA(a, count, &token));
  TRY(ARENA(a, decode_list_floats(&w->shape, &w->vocabulary, count), &memory));
  for (int i = 0; i < count; i++) token[i] = (int32_t)((int64_t)i * size / count);
  decode_list_prepare(&w->model, token, count, memory, out);
  return STATUS_OK;
}

static status prepare(const bench *b, int layers, arena *a, writing *w) {
  const int size = (int)b->items;
  float *block = NULL, *memory = NULL;
  int16_t *slot_of = NULL;
  w->shape =
      (generator_shape){.vocabulary = size, .embedding = b->width, .hidden = b->width, .layers = layers, .untied = 1};
  TRY(ARENA(a, size, &slot_of));
  TRY(ARENA(a, generator_count(&w->shape), &block));
  TRY(ARENA(a, decode_model_floats(&w->shape), &memory));
  TRY(ARENA(a, b->users, &w->request));
  TRY(ARENA(a, b->users, &w->result));
  for (int i = 0; i < size; i++) slot_of[i] = -1;
  w->vocabulary = (decode_vocabulary){.begin = 0, .end = 1, .slot = slot_of};
  TRY(ARENA(a, decode_scratch(&w->shape, &w->vocabulary, size), &w->scratch));
  generator_initialise(&w->shape, 1, block);
  generator_at(&w->shape, block).output_bias[w->vocabulary.end] = -30;
  decode_model_prepare(&w->shape, block, &w->vocabulary, memory, &w->model);
  TRY(make_list(w, size, a, &w->whole));
  return make_list(w, size < SHORT ? size : SHORT, a, &w->some);
}

/* Tokens in a CPU second of the slowest rank. */
static double rate(const bench *b, writing *w, const decode_list *list, int is_greedy) {
  double seconds[BENCH_REPEATS_MOST];
  for (int64_t i = 0; i < b->users; i++)
    w->request[i] = (decode_request){
        .list = list, .max_tokens = STEPS, .temperature = is_greedy ? 0 : temperature, .id = (uint64_t)i};
  for (int r = -1; r < b->repeats; r++) {
    comm_barrier(b->comm);
    const double began = clock_cpu();
    decode_batch(&w->model, 1, w->request, (int)b->users, w->result, w->scratch);
    if (r >= 0) seconds[r] = bench_most(b->comm, clock_cpu() - began);
  }
  return (double)b->users * STEPS / bench_median(seconds, b->repeats);
}

/* Of the products that are left: recurrent, of later layers, of the softmax. */
static double operations(const generator_shape *s, int positions) {
  const double h = s->hidden;
  return 2 * 4 * h * (h + (s->layers - 1) * 2 * h) + 2 * h * positions;
}

static status add(bench *b, int layers, const char *way, const char *unit, double value, double sgemm) {
  char *name = NULL;
  TRY(arena_print(b->arena, &name, "%s, %d layer%s", way, layers, layers > 1 ? "s" : ""));
  bench_add(b, &(bench_figure){.name = name,
                               .unit = unit,
                               .value = value,
                               .ceiling = sgemm,
                               .bound = "sgemm",
                               .less_is_better = unit[0] == 'h'});
  return STATUS_OK;
}

static status add_all(bench *b, int layers, writing *w, double sgemm) {
  const double sampled = rate(b, w, &w->whole, 0), greedy = rate(b, w, &w->whole, 1);
  const double few = rate(b, w, &w->some, 0), few_greedy = rate(b, w, &w->some, 1);
  TRY(add(b, layers, "writing, sampled", "tokens/s", sampled, 0));
  TRY(add(b, layers, "writing, greedy", "tokens/s", greedy, 0));
  TRY(add(b, layers, "writing, sampled from 1,500", "tokens/s", few, 0));
  TRY(add(b, layers, "writing, greedy among 1,500", "tokens/s", few_greedy, 0));
  TRY(add(b, layers, "its products, sampled", "GFLOP/s", sampled * operations(&w->shape, w->whole.count) / 1e9, sgemm));
  if (layers > 1) return STATUS_OK;
  TRY(add(b, layers, "messages, sampled", "messages/s", sampled / STEPS, 0));
  TRY(add(b, layers, "messages, sampled from 1,500", "messages/s", few / STEPS, 0));
  TRY(add(b, layers, "100 million messages", "hours of a core", messages_of_account * STEPS / sampled / 3600, 0));
  return add(b, layers, "100 million, from 1,500", "hours of a core", messages_of_account * STEPS / few / 3600, 0);
}

status bench_decode(bench *b) {
  double sgemm = 0;
  TRY(bench_sgemm_rate(b->comm, b->repeats, &sgemm));
  for (int layers = 1; layers <= LAYERS_MOST; layers++) {
    arena own = {0};
    writing w = {0};
    TRY_ALL(b->comm, prepare(b, layers, &own, &w));
    const status result = comm_agree(b->comm, add_all(b, layers, &w, sgemm));
    arena_free(&own);
    if (result != STATUS_OK) return result;
  }
  return STATUS_OK;
}
