/* Training of the writer as PyTorch's users know it: running text, softmax weights of their own, Adam. */
#include "base/clock.h"
#include "base/hash.h"
#include "data/partition.h"
#include "math/generator.h"
#include "stages/bench.h"
#include "stages/train_loop.h"

enum { STEPS = 35, LANES = 2, LAYERS_MOST = 2 };

typedef struct lesson {
  const bench *b;
  const generator_shape *shape;
  int lanes;
  int32_t *token; /* [users · STEPS + 1] */
  arena arena;
  generator_batch batch;
} lesson;

static status lane(void *state, int index, const void **batch) {
  lesson *l = state;
  const int64_t first = partition_start(l->b->users, l->lanes, index);
  const int count = (int)(partition_start(l->b->users, l->lanes, index + 1) - first);
  l->batch = (generator_batch){
      .sequences = count, .steps = STEPS, .input = l->token + first * STEPS, .target = l->token + first * STEPS + 1};
  *batch = count > 0 ? &l->batch : NULL;
  return STATUS_OK;
}

static status prepare(const bench *b, const generator_shape *shape, lesson *l, train_loop *loop) {
  const int64_t count = b->users * STEPS + 1;
  l->lanes = b->comm->size > LANES ? b->comm->size : LANES;
  TRY(ARENA(&l->arena, count, &l->token));
  for (int64_t i = 0; i < count; i++) l->token[i] = (int32_t)(hash_mix((uint64_t)i) % (uint64_t)shape->vocabulary);
  return train_loop_create(b->comm, &model_generator, shape, l->lanes, 1, NULL, &l->arena, loop);
}

/* Of forward and backward products, for one token. */
static double operations(const generator_shape *s) {
  const double h = s->hidden, e = s->embedding;
  return 3 * (2 * 4 * h * ((e + h) + (s->layers - 1) * 2 * h) + 2 * h * s->vocabulary);
}

/* CPU seconds of a step on the slowest rank. */
static status time_steps(bench *b, lesson *l, train_loop *loop, double *out) {
  const train_options options = {.rate = 1e-3, .clip = 1, .units = (double)b->users * STEPS};
  double seconds[BENCH_REPEATS_MOST];
  for (int r = -1; r < b->repeats; r++) {
    comm_barrier(b->comm);
    const double began = clock_cpu();
    TRY(train_loop_step(loop, &(train_lanes){l, lane}, &options, NULL));
    if (r >= 0) seconds[r] = bench_most(b->comm, clock_cpu() - began);
  }
  *out = bench_median(seconds, b->repeats);
  return STATUS_OK;
}

static status add_names(bench *b, int layers, int is_plain, char **tokens, char **products) {
  const char *name = is_plain ? "f32" : "bf16";
  TRY(arena_print(b->arena, tokens, "learning, %d layer%s, %s", layers, layers > 1 ? "s" : "", name));
  return arena_print(b->arena, products, "its products, %d layer%s, %s", layers, layers > 1 ? "s" : "", name);
}

static status measure(bench *b, int layers, int is_plain, double sgemm) {
  const generator_shape shape = {
      .vocabulary = (int)b->items, .embedding = b->width, .hidden = b->width, .layers = layers, .untied = 1};
  lesson l = {.b = b, .shape = &shape};
  train_loop loop = {0};
  char *tokens_name = NULL, *products_name = NULL;
  double seconds = 0;
  status result = comm_agree(b->comm, prepare(b, &shape, &l, &loop));
  loop.is_plain = is_plain;
  if (result == STATUS_OK) result = comm_agree(b->comm, add_names(b, layers, is_plain, &tokens_name, &products_name));
  if (result == STATUS_OK) result = time_steps(b, &l, &loop, &seconds);
  if (result == STATUS_OK) {
    const double tokens = (double)b->users * STEPS / seconds;
    bench_add(b, &(bench_figure){.name = tokens_name, .unit = "tokens/s", .value = tokens});
    bench_add(b, &(bench_figure){.name = products_name,
                                 .unit = "GFLOP/s",
                                 .value = tokens * operations(&shape) / b->comm->size / 1e9,
                                 .ceiling = sgemm,
                                 .bound = "sgemm"});
    if (b->comm->size > 1 && layers == 1 && is_plain == 0)
      bench_add(b, &(bench_figure){.name = "exchange while the backward pass goes on",
                                   .unit = "%",
                                   .value = 100 * train_loop_spent(&loop).overlap});
  }
  train_loop_free(&loop);
  arena_free(&l.arena);
  return result;
}

status bench_writer(bench *b) {
  double sgemm = 0;
  TRY(bench_sgemm_rate(b->comm, b->repeats, &sgemm));
  const generator_shape any = {.vocabulary = (int)b->items, .embedding = b->width, .hidden = b->width, .layers = 1};
  const int has_packs = generator_pack_count(&any) > 0;
  for (int layers = 1; layers <= LAYERS_MOST; layers++)
    for (int is_plain = has_packs ? 0 : 1; is_plain <= 1; is_plain++) TRY(measure(b, layers, is_plain, sgemm));
  return STATUS_OK;
}
