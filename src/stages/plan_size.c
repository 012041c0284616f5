#include "stages/plan_size.h"

#include <math.h>

#include "stages/plan_recommender.h"

/* Memory: malloc's own and what the model leaves out. Time: a busy file system, a slower node, an epoch more. */
static const double memory_margin = 1.25, time_margin = 1.5, start_seconds = 30;

plan_cost plan_size_cost(const plan_job *j, int what, int ranks) {
  if (what == PLAN_NIGHT) return plan_model_night(&j->numbers, &j->rates, &j->network, ranks);
  return plan_model_stage(&j->numbers, &j->rates, &j->network, ranks, what);
}

static int fits(const plan_job *j, double memory) { return memory * memory_margin <= j->node_memory; }

/* Ranks that a node takes of so many. What they share stands there once. */
static int together(const plan_job *j, int what, int ranks) {
  const plan_cost c = plan_size_cost(j, what, ranks);
  const double room = floor((j->node_memory / memory_margin - c.shared) / fmax(1, c.memory - c.shared));
  return (int)fmin(fmin(fmax(1, room), j->network.ranks_per_node), ranks);
}

static int nodes_for(const plan_job *j, int what, int ranks) {
  const int here = together(j, what, ranks);
  return (ranks + here - 1) / here;
}

static int next_ranks(int ranks) { return ranks < 4 ? ranks + 1 : ranks % 3 == 0 ? ranks / 3 * 4 : ranks / 2 * 3; }

/* The stage that needs most on `ranks`. */
static int heaviest(const plan_job *j, int what, int ranks) {
  if (what != PLAN_NIGHT) return what;
  int most = 0;
  double memory = 0;
  for (int i = 0; i < PLAN_STAGES; i++) {
    const double one = plan_size_cost(j, i, ranks).memory;
    if (one <= memory) continue;
    memory = one;
    most = i;
  }
  return most;
}

static const double gib = 1024.0 * 1024 * 1024;

/* Where no number of ranks helps: the model that is too large. */
static status refuse_model(const plan_job *j, int ranks) {
  const plan_work w = {&j->numbers, &j->rates, ranks, plan_model_imbalance(j->numbers.user_parts, ranks) / ranks};
  double bytes = 0;
  const char *model = plan_recommender_name(plan_recommender_heaviest(&w, &j->network, &bytes));
  return status_fail(
      STATUS_SETTINGS,
      "factorise: %s needs %.1f GiB on a node with one rank, a node has %.2f (layout.node_memory), and no "
      "number of ranks up to %d helps; leave it out of recommender.models, or take fewer items or a "
      "smaller als.width",
      model, bytes / gib, j->node_memory / gib, PLAN_RANKS_MOST);
}

static status refuse(const plan_job *j, int what, int ranks, double memory) {
  const int most = heaviest(j, what, ranks);
  const char *name = plan_stage_name(most);
  int more = ranks;
  while (more < PLAN_RANKS_MOST && !fits(j, plan_size_cost(j, what, more).memory)) more = next_ranks(more);
  if (fits(j, plan_size_cost(j, what, more).memory))
    return status_fail(STATUS_SETTINGS,
                       "%s needs %.2f GiB a rank on %d rank%s, a node has %.2f (layout.node_memory); it fits from %d "
                       "ranks on %d nodes on",
                       name, memory * memory_margin / gib, ranks, ranks == 1 ? "" : "s", j->node_memory / gib, more,
                       nodes_for(j, what, more));
  if (most == PLAN_FACTORISE) return refuse_model(j, more);
  return status_fail(
      STATUS_SETTINGS,
      "%s needs %.2f GiB a rank on %d rank%s, a node has %.2f (layout.node_memory), and no number of "
      "ranks up to %d helps: what every rank holds is too large; take fewer items, or a smaller als.width or "
      "writer",
      name, memory * memory_margin / gib, ranks, ranks == 1 ? "" : "s", j->node_memory / gib, PLAN_RANKS_MOST);
}

status plan_size_of(const plan_job *j, int what, int ranks, plan_size *out) {
  *out = (plan_size){.ranks = ranks, .cost = plan_size_cost(j, what, ranks)};
  if (!fits(j, out->cost.memory)) return refuse(j, what, ranks, out->cost.memory);
  out->ranks_per_node = together(j, what, ranks);
  out->nodes = nodes_for(j, what, ranks);
  out->efficiency = plan_size_cost(j, what, 1).seconds / out->cost.seconds / ranks;
  out->rank_mebibytes = (int64_t)ceil(out->cost.memory * memory_margin / 1048576);
  out->minutes = (int64_t)fmax(2, ceil((out->cost.seconds * time_margin + start_seconds) / 60));
  return STATUS_OK;
}

status plan_size_suggest(const plan_job *j, int what, plan_size *out) {
  int least = 1;
  while (least < PLAN_RANKS_MOST && !fits(j, plan_size_cost(j, what, least).memory)) least = next_ranks(least);
  if (!fits(j, plan_size_cost(j, what, least).memory)) return plan_size_of(j, what, 1, out);
  const double one = plan_size_cost(j, what, 1).seconds;
  int best = least;
  for (int ranks = next_ranks(least); ranks <= j->numbers.user_parts; ranks = next_ranks(ranks)) {
    if (one / plan_size_cost(j, what, ranks).seconds / ranks < PLAN_EFFICIENCY) break;
    best = ranks;
  }
  return plan_size_of(j, what, best, out);
}
