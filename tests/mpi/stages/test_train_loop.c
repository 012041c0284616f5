/* Steps of training, on many ranks and on one alone: the same weights to the last bit, with either kind of products. */
#include "stages/train_loop.h"

#include <string.h>

#include "base/random.h"
#include "data/partition.h"
#include "math/generator.h"
#include "support/mpi_solo.h"
#include "support/mpi_suite.h"

enum { V = 90, N = 7, T = 9, D = 3, LANES = 5, STEPS = 8, WIDTH = 40, LAYERS = 2 };

typedef struct lesson {
  generator_shape shape;
  int32_t input[N][T], target[N][T];
  float facts[N * D];
  float state[LANES][LAYERS * 2 * N * WIDTH]; /* running text: each lane goes on where it was */
  uint32_t step;
  /* the lane at hand, by time steps */
  int32_t lane_input[T * N], lane_target[T * N];
  uint64_t ids[N];
  generator_batch batch;
} lesson;

static void draw(lesson *l, int facts) {
  random_stream r = random_open(3, RANDOM_TEST, 0, 0);
  memset(l, 0, sizeof *l);
  l->shape = (generator_shape){
      .vocabulary = V, .embedding = 36, .hidden = WIDTH, .layers = LAYERS, .facts = facts ? D : 0, .untied = facts};
  for (int n = 0; n < N; n++)
    for (int t = 0; t < T; t++) {
      l->input[n][t] = (int32_t)random_below(&r, V);
      l->target[n][t] = t + 1 == T && n % 3 == 0 ? -1 : (l->input[n][t] * 7 + 1) % V;
    }
  for (int i = 0; i < N * D; i++) l->facts[i] = (float)random_below(&r, 2);
}

static status lane(void *state, int index, const void **batch) {
  lesson *l = state;
  const int first = (int)partition_start(N, LANES, index), count = (int)partition_start(N, LANES, index + 1) - first;
  *batch = NULL;
  if (count == 0) return STATUS_OK;
  for (int n = 0; n < count; n++) {
    l->ids[n] = (uint64_t)(first + n);
    for (int t = 0; t < T; t++) {
      l->lane_input[t * count + n] = l->input[first + n][t];
      l->lane_target[t * count + n] = l->target[first + n][t];
    }
  }
  l->batch = (generator_batch){.sequences = count,
                               .steps = T,
                               .input = l->lane_input,
                               .target = l->lane_target,
                               .dropout = {.token = 0.1F, .input = 0.1F, .output = 0.2F, .recurrent = 0.2F},
                               .seed = 5,
                               .ids = l->ids,
                               .step = l->step,
                               .facts = l->shape.facts > 0 ? l->facts + first * D : NULL,
                               .facts_left = 0.1F,
                               .start = l->state[index],
                               .end = l->state[index]};
  *batch = &l->batch;
  return STATUS_OK;
}

typedef struct learnt {
  float *block;
  int64_t count;
  double first, last; /* losses of steps */
} learnt;

static void learn(const comm *c, int facts, int is_plain, train_method method, arena *a, learnt *out) {
  static lesson l;
  train_loop loop = {0};
  draw(&l, facts);
  CU_ASSERT_EQUAL(train_loop_create(c, &model_generator, &l.shape, LANES, 2, NULL, a, &loop), STATUS_OK);
  loop.is_plain = is_plain;
  for (l.step = 0; l.step < STEPS; l.step++) {
    const train_options options = {.rate = method == TRAIN_SGD ? 2 : 0.01,
                                   .clip = 1,
                                   .units = N * T,
                                   .method = method,
                                   .averaged = method == TRAIN_SGD ? l.step + 1 : 0};
    CU_ASSERT_EQUAL(train_loop_step(&loop, &(train_lanes){&l, lane}, &options, &out->last), STATUS_OK);
    if (l.step == 0) out->first = out->last;
  }
  uint64_t hash = 0;
  CU_ASSERT_EQUAL(train_loop_check(&loop, &hash), STATUS_OK);
  CU_ASSERT_TRUE(train_loop_spent(&loop).overlap >= 0 && train_loop_spent(&loop).overlap <= 1);
  CU_ASSERT_EQUAL(train_loop_spent(&loop).bytes > 0, c->size > 1);
  out->count = loop.count;
  out->block = loop.block;
  train_loop_free(&loop);
}

static void compare(int facts, train_method method) {
  for (int is_plain = 0; is_plain < 2; is_plain++) {
    arena a = {0};
    learnt many = {0}, one = {0};
    learn(mpi_suite_comm, facts, is_plain, method, &a, &many);
    learn(mpi_solo(), facts, is_plain, method, &a, &one);
    CU_ASSERT_EQUAL(memcmp(many.block, one.block, (size_t)one.count * sizeof *one.block), 0);
    CU_ASSERT_EQUAL(many.last, one.last);
    CU_ASSERT_TRUE(one.last < one.first);
    arena_free(&a);
  }
}

static void tied_weights_are_those_of_one_rank(void) { compare(0, TRAIN_ADAM); }
static void untied_weights_with_facts_are_those_of_one_rank(void) { compare(1, TRAIN_SGD); }

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(tied_weights_are_those_of_one_rank),
      TEST(untied_weights_with_facts_are_those_of_one_rank),
  };
  return MPI_SUITE_RUN(argc, argv, "train_loop", tests);
}
