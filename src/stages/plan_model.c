#include "stages/plan_model.h"

#include <math.h>
#include <stddef.h>

#include "stages/plan_memory.h"
#include "stages/plan_time.h"

static const char *const names[PLAN_STAGES] = {"ingest", "profile",  "factorise", "train",
                                               "decide", "generate", "report"};

const char *plan_stage_name(int stage) { return names[stage]; }

double plan_model_imbalance(int pieces, int ranks) {
  const double even = (double)pieces / ranks;
  return ceil(even) / even;
}

int plan_model_useful_ranks(const plan_numbers *n, int stage) {
  if (stage == PLAN_TRAIN) return n->lanes;
  if (stage == PLAN_REPORT) return 1;
  return n->user_parts;
}

plan_cost plan_model_stage(const plan_numbers *n, const plan_rates *r, const plan_network *w, int ranks, int stage) {
  static void (*const times[PLAN_STAGES])(const plan_work *, plan_traffic *, plan_cost *) = {
      plan_time_ingest, plan_time_profile,  plan_time_factorise, plan_time_train,
      plan_time_decide, plan_time_generate, plan_time_report};
  const plan_work work = {n, r, ranks, plan_model_imbalance(n->user_parts, ranks) / ranks};
  plan_traffic t = plan_network_start(w, ranks);
  plan_cost cost = {0};
  times[stage](&work, &t, &cost);
  plan_network_agree(&t, 4);
  plan_network_gather(&t, 2, 64); /* stage_commit */
  cost.serial += r->file;
  cost.communication = t.seconds;
  cost.sent = t.sent;
  cost.messages = t.messages;
  cost.memory = r->base_bytes + plan_memory_stage(&work, w, stage, &cost.shared);
  cost.seconds = cost.compute + cost.serial + cost.communication;
  return cost;
}

plan_cost plan_model_night(const plan_numbers *n, const plan_rates *r, const plan_network *w, int ranks) {
  plan_cost all = {0};
  for (int i = 0; i < PLAN_STAGES; i++) {
    const plan_cost one = plan_model_stage(n, r, w, ranks, i);
    all.compute += one.compute;
    all.serial += one.serial;
    all.communication += one.communication;
    all.seconds += one.seconds;
    all.sent += one.sent;
    all.messages += one.messages;
    if (one.memory > all.memory) all.shared = one.shared;
    all.memory = fmax(all.memory, one.memory);
  }
  return all;
}

plan_numbers plan_numbers_scale(const plan_numbers *n, double factor) {
  plan_numbers out = *n;
  double *const grow[] = {&out.rows,       &out.events, &out.pairs,   &out.users,   &out.user_rows,
                          &out.suppressed, &out.judged, &out.targets, &out.messages};
  for (size_t i = 0; i < sizeof grow / sizeof *grow; i++) *grow[i] *= factor;
  return out;
}
