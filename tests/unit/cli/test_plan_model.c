/* The cost model: collectives against sums by hand, how costs grow, what is refused. */
#include <math.h>
#include <string.h>

#include "stages/plan_network.h"
#include "stages/plan_recommender.h"
#include "stages/plan_size.h"
#include "stages/plan_sketch.h"
#include "support/suite.h"

/* Round numbers: a message takes 10 s between nodes and 1 s inside, a byte 4 s and 2 s. */
static const plan_network two_a_node = {2, 10, 4, 1, 2};

static void nobody_waits_alone(void) {
  plan_traffic t = plan_network_start(&two_a_node, 1);
  plan_network_agree(&t, 3);
  plan_network_exchange(&t, 1, 100);
  plan_network_tree(&t, 1, 100, 8, PLAN_CUT_EVEN);
  CU_ASSERT_EQUAL(t.seconds, 0);
  CU_ASSERT_EQUAL(t.messages, 0);
  CU_ASSERT_EQUAL(t.sent, 0);
}

static void a_broadcast_goes_down_a_tree_of_nodes_and_ranks(void) {
  plan_traffic inside = plan_network_start(&two_a_node, 2), across = plan_network_start(&two_a_node, 8);
  plan_network_broadcast(&inside, 1, 100);
  CU_ASSERT_DOUBLE_EQUAL(inside.seconds, 1 * 1 + 100 * 2, 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(inside.sent, 100.0 / 2, 1e-9); /* by one of two ranks */
  plan_network_broadcast(&across, 1, 100);
  CU_ASSERT_DOUBLE_EQUAL(across.seconds, (2 * 10 + 1 * 1) + 100 * (4 + 2), 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(across.messages, 3, 1e-9);
}

static void a_sum_goes_out_and_back(void) {
  plan_traffic t = plan_network_start(&two_a_node, 8);
  plan_network_reduce(&t, 2, 100);
  CU_ASSERT_DOUBLE_EQUAL(t.seconds, 2 * (2 * 21 + 2 * 100 * 6), 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(t.sent, 200, 1e-9);
}

/* Four ranks on two nodes: of three partners two are far, and both ranks of a node share its link. */
static void an_exchange_takes_a_step_for_every_partner(void) {
  plan_traffic t = plan_network_start(&two_a_node, 4), small = plan_network_start(&two_a_node, 4);
  plan_network_exchange(&t, 1, 400);
  plan_network_exchange(&small, 1, 0);
  CU_ASSERT_DOUBLE_EQUAL(t.seconds - small.seconds, 2 * (100 * 4 * 2) + 1 * (100 * 2), 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(t.sent, 300, 1e-9);
}

static void trees_bring_whole_subtrees(void) {
  CU_ASSERT_EQUAL(plan_network_depth(8, 1, PLAN_CUT_EVEN).mean, 1);
  CU_ASSERT_EQUAL(plan_network_depth(8, 2, PLAN_CUT_EVEN).mean, 1);
  CU_ASSERT_EQUAL(plan_network_depth(8, 8, PLAN_CUT_EVEN).most, 1);
  CU_ASSERT_DOUBLE_EQUAL(plan_network_depth(8, 3, PLAN_CUT_EVEN).mean, 5.0 / 3, 1e-9); /* 0-1, 2-3 4, 5 6-7 */
  CU_ASSERT_EQUAL(plan_network_depth(8, 3, PLAN_CUT_EVEN).most, 2);
  CU_ASSERT_DOUBLE_EQUAL(plan_network_depth(4, 8, PLAN_CUT_EVEN).mean, 0.5, 1e-9);
  CU_ASSERT_EQUAL(plan_network_depth(1, 1, PLAN_CUT_EVEN).held, 1);
  CU_ASSERT_EQUAL(plan_network_depth(2, 1, PLAN_CUT_EVEN).held, 2);
  CU_ASSERT_EQUAL(plan_network_depth(64, 1, PLAN_CUT_EVEN).held, 7);
}

/* Of 64 leaves on two ranks, work may put 31 on the first: 16, 8, 4, 2 and 1 of them. */
static void cuts_by_work_break_subtrees(void) {
  const plan_depth even = plan_network_depth(64, 2, PLAN_CUT_EVEN),
                   worked = plan_network_depth(64, 2, PLAN_CUT_BY_WORK);
  CU_ASSERT_EQUAL(even.most, 1);
  CU_ASSERT_EQUAL(worked.most, 5);
  CU_ASSERT(worked.mean > 2 && worked.mean < 4);
  CU_ASSERT(worked.held >= even.held);
  CU_ASSERT_EQUAL(plan_network_depth(64, 1, PLAN_CUT_BY_WORK).most, 1);
}

/* A tree over two ranks: half of the vector to the other, then the finished half to all. */
static void a_tree_sends_a_vector(void) {
  plan_traffic t = plan_network_start(&two_a_node, 2);
  plan_network_tree(&t, 1, 1000, 4, PLAN_CUT_EVEN);
  CU_ASSERT_DOUBLE_EQUAL(t.sent, 500 + 500, 1e-9);
}

static void what_is_dealt_out_unevenly_takes_longer(void) {
  CU_ASSERT_EQUAL(plan_model_imbalance(64, 16), 1);
  CU_ASSERT_DOUBLE_EQUAL(plan_model_imbalance(64, 48), 1.5, 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(plan_model_imbalance(4, 8), 2, 1e-9);
}

static plan_job some_job(void) {
  plan_job j = {.node_memory = 64.0 * (1 << 30), .network = {32, 2e-6, 1e-10, 7e-7, 2e-10}};
  j.numbers = (plan_numbers){.rows = 3e7, .row_bytes = 40, .events = 2.9e7, .pairs = 2e7, .users = 1e6, .user_name = 9};
  plan_numbers *n = &j.numbers;
  n->items = 1e5, n->item_text = 80, n->item_words = 6, n->words = 2e4, n->judged = 5e5, n->targets = 2e6;
  n->catalogue_bytes = 1e7, n->copy_bytes = 4e5, n->lines = 4000, n->train_lines = 3700, n->validation_lines = 300;
  n->tokens = 16, n->tokens_most = 40, n->lane_steps = 18, n->user_parts = 1024, n->item_parts = 16;
  n->segments = 8, n->iterations = 20, n->width = n->stride = 64, n->rating_stride = 80, n->steps = 3;
  n->sweeps = n->refit_sweeps = 10, n->exact_share = 0.5, n->lanes = 4, n->batch = 32, n->epochs = 16, n->rounds = 12;
  n->round_texts = 64, n->rollouts = 2, n->judge_steps = 300, n->candidates = 8, n->messages = 9.5e5;
  n->asked = 1.1, n->kept = 0.6, n->drawn = 0.1;
  n->models = 1 << PLAN_ALS | 1 << PLAN_EASE | 1 << PLAN_SPECTRAL | 1 << PLAN_ITEM_NEIGHBOURS;
  n->spread = 2.7, n->ease_items = 1e6, n->spectral_oversampling = 32, n->spectral_iterations = 12;
  n->spectral_sharpen = 2.5, n->neighbours = 100;
  n->writer = (generator_shape){.vocabulary = 2000, .embedding = 256, .hidden = 256, .layers = 1, .condition = 160};
  n->judge = (discriminator_shape){2000, 32, 48, 48, 160};
  j.rates = (plan_rates){.row = 1e-6,
                         .skim = 2e-10,
                         .sort = 8e-9,
                         .catalogue = 1e-8,
                         .title = 1e-5,
                         .centre = 3e-8,
                         .copy = 1e-10,
                         .file = 2e-3,
                         .byte = 2e-9,
                         .als_event = 1e-8,
                         .als_row = 1e-7,
                         .als_item = 1e-8,
                         .eigen = 1e-3,
                         .exact = 2e-5,
                         .score = 2e-9,
                         .gemm = 1e-11,
                         .panel = 1e-10,
                         .product = 2e-10,
                         .pair = 2e-9,
                         .lane_token = 7e-5,
                         .judge_token = 2e-5,
                         .adam = 6e-10,
                         .add = 2e-10,
                         .decode_step = 1.5e-3,
                         .decode_row = 1e-5,
                         .judge_text = 5e-7,
                         .judge_learn = 8e-7,
                         .check_text = 4e-5,
                         .tokeniser = 0.2,
                         .base_bytes = 2e7};
  return j;
}

static void more_of_anything_never_costs_less(void) {
  const plan_job j = some_job();
  for (int ranks = 1; ranks <= 1024; ranks *= 4)
    for (int what = 0; what < PLAN_STAGES; what++) {
      const plan_numbers twice = plan_numbers_scale(&j.numbers, 2);
      plan_numbers wide = j.numbers;
      wide.items *= 2, wide.catalogue_bytes *= 2;
      const plan_cost one = plan_model_stage(&j.numbers, &j.rates, &j.network, ranks, what),
                      more = plan_model_stage(&twice, &j.rates, &j.network, ranks, what),
                      wider = plan_model_stage(&wide, &j.rates, &j.network, ranks, what);
      CU_ASSERT(one.seconds > 0 && one.memory > j.rates.base_bytes);
      CU_ASSERT(more.seconds >= one.seconds && more.memory >= one.memory && more.sent >= one.sent);
      CU_ASSERT(wider.seconds >= one.seconds && wider.memory >= one.memory && wider.sent >= one.sent);
    }
}

static void more_ranks_share_work_and_memory(void) {
  const plan_job j = some_job();
  for (int what = 0; what < PLAN_STAGES; what++) {
    plan_cost before = plan_size_cost(&j, what, 1);
    for (int ranks = 2; ranks <= plan_model_useful_ranks(&j.numbers, what); ranks *= 2) {
      const plan_cost c = plan_size_cost(&j, what, ranks);
      CU_ASSERT(c.compute <= before.compute);
      /* Serial work and communication stay or grow, and an exchange needs room of its own. */
      CU_ASSERT(c.serial >= 0.5 * before.serial);
      CU_ASSERT(c.memory <= 1.25 * before.memory);
      before = c;
    }
  }
  CU_ASSERT(plan_size_cost(&j, PLAN_GENERATE, 16).seconds < plan_size_cost(&j, PLAN_GENERATE, 1).seconds / 12);
}

static void lanes_bound_training(void) {
  const plan_job j = some_job();
  const plan_cost four = plan_size_cost(&j, PLAN_TRAIN, 4), many = plan_size_cost(&j, PLAN_TRAIN, 64);
  CU_ASSERT_EQUAL(plan_model_useful_ranks(&j.numbers, PLAN_TRAIN), 4);
  CU_ASSERT(many.seconds > 0.7 * four.seconds);
}

static void the_night_is_the_sum_of_its_stages(void) {
  const plan_job j = some_job();
  const plan_cost night = plan_size_cost(&j, PLAN_NIGHT, 8);
  double seconds = 0, memory = 0;
  for (int what = 0; what < PLAN_STAGES; what++) {
    seconds += plan_size_cost(&j, what, 8).seconds;
    memory = fmax(memory, plan_size_cost(&j, what, 8).memory);
  }
  CU_ASSERT_DOUBLE_EQUAL(night.seconds, seconds, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(night.memory, memory, 1);
}

static void a_node_takes_as_many_ranks_as_its_memory_holds(void) {
  plan_job j = some_job();
  plan_size s;
  j.node_memory = 1e15;
  CU_ASSERT_EQUAL(plan_size_of(&j, PLAN_NIGHT, 64, &s), STATUS_OK);
  CU_ASSERT_EQUAL(s.ranks_per_node, 32);
  CU_ASSERT_EQUAL(s.nodes, 2);
  j.node_memory = (s.cost.shared + 4.5 * (s.cost.memory - s.cost.shared)) * 1.25;
  CU_ASSERT_EQUAL(plan_size_of(&j, PLAN_NIGHT, 64, &s), STATUS_OK);
  CU_ASSERT_EQUAL(s.ranks_per_node, 4);
  CU_ASSERT_EQUAL(s.nodes, 16);
  CU_ASSERT((double)s.rank_mebibytes * 1048576 >= s.cost.memory);
  CU_ASSERT(s.minutes >= 2 && (double)s.minutes * 60 > s.cost.seconds);
}

static void what_does_not_fit_is_refused_with_what_would(void) {
  plan_job j = some_job();
  plan_size s;
  j.node_memory = plan_size_cost(&j, PLAN_NIGHT, 8).memory * 1.3;
  CU_ASSERT_EQUAL(plan_size_of(&j, PLAN_NIGHT, 1, &s), STATUS_SETTINGS);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "it fits from "));
  CU_ASSERT_EQUAL(plan_size_suggest(&j, PLAN_NIGHT, &s), STATUS_OK);
  CU_ASSERT(s.ranks > 1 && s.cost.memory * 1.25 <= j.node_memory);
  j.node_memory = 1e7;
  CU_ASSERT_EQUAL(plan_size_suggest(&j, PLAN_NIGHT, &s), STATUS_SETTINGS);
  CU_ASSERT_PTR_NOT_NULL(strstr(status_text(), "no number of ranks"));
  CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
}

static void what_is_suggested_pays(void) {
  const plan_job j = some_job();
  plan_size s;
  for (int what = 0; what <= PLAN_NIGHT; what++) {
    CU_ASSERT_EQUAL(plan_size_suggest(&j, what, &s), STATUS_OK);
    CU_ASSERT(s.efficiency >= PLAN_EFFICIENCY);
    CU_ASSERT(s.ranks >= 1 && s.ranks <= j.numbers.user_parts);
  }
}

static void sketches_count_what_differs(void) {
  static plan_sketch s;
  static const int64_t sizes[] = {10, 1000, 100000, 3000000};
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    memset(&s, 0, sizeof s);
    for (int64_t i = 0; i < 2 * sizes[k]; i++) {
      uint64_t x = (uint64_t)(i % sizes[k]) * 0x9E3779B97F4A7C15u + 1;
      x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
      x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
      plan_sketch_add(&s, x ^ (x >> 31));
    }
    CU_ASSERT_DOUBLE_EQUAL(plan_sketch_count(&s), (double)sizes[k], 0.03 * (double)sizes[k] + 1);
  }
}

static void growth_is_a_power(void) {
  CU_ASSERT_DOUBLE_EQUAL(plan_sketch_extrapolate(500, 1000, 10, 80), 8000, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(plan_sketch_extrapolate(1000, 1000, 10, 80), 1000, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(plan_sketch_extrapolate(1000 / sqrt(2), 1000, 10, 40), 2000, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(plan_sketch_extrapolate(500, 1000, 10, 10), 1000, 1e-6);
}

int main(void) {
  const suite_test tests[] = {
      TEST(nobody_waits_alone),
      TEST(a_broadcast_goes_down_a_tree_of_nodes_and_ranks),
      TEST(a_sum_goes_out_and_back),
      TEST(an_exchange_takes_a_step_for_every_partner),
      TEST(trees_bring_whole_subtrees),
      TEST(cuts_by_work_break_subtrees),
      TEST(a_tree_sends_a_vector),
      TEST(what_is_dealt_out_unevenly_takes_longer),
      TEST(more_of_anything_never_costs_less),
      TEST(more_ranks_share_work_and_memory),
      TEST(lanes_bound_training),
      TEST(the_night_is_the_sum_of_its_stages),
      TEST(a_node_takes_as_many_ranks_as_its_memory_holds),
      TEST(what_does_not_fit_is_refused_with_what_would),
      TEST(what_is_suggested_pays),
      TEST(sketches_count_what_differs),
      TEST(growth_is_a_power),
  };
  return SUITE_RUN("plan_model", tests);
}
