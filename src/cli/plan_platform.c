#include "cli/plan_platform.h"

#include <math.h>
#include <stdio.h>

#include "stages/plan_recommender.h"

static void print_platform(const plan_platform *platform, const plan_answer *p) {
  char users[PLAN_PRINT_TEXT], items[PLAN_PRINT_TEXT], events[PLAN_PRINT_TEXT];
  plan_print_count(platform->users, users);
  plan_print_count(platform->items, items);
  plan_print_count(platform->events, events);
  printf("%s users, %s items, %s events; factors of %d numbers, %d partitions of users\n", users, items, events,
         p->about.numbers.width, p->about.numbers.user_parts);
}

static void print_model(const plan_work *w, const plan_answer *p, int which) {
  const plan_numbers *n = w->n;
  const plan_fitted m = plan_recommender_cost(w, &p->about.network, which, n->sweeps);
  char fit[PLAN_PRINT_TEXT], rank[PLAN_PRINT_TEXT], waits[PLAN_PRINT_TEXT], own[PLAN_PRINT_TEXT],
      shared[PLAN_PRINT_TEXT], sent[PLAN_PRINT_TEXT];
  plan_print_seconds(m.fit, fit);
  plan_print_seconds(m.panels + m.score, rank);
  plan_print_seconds(m.fitting.seconds + m.ranking.seconds, waits);
  plan_print_bytes(m.memory + m.peak, own);
  plan_print_bytes(m.shared, shared);
  plan_print_bytes(m.fitting.sent + m.ranking.sent, sent);
  printf("  %-10s%10s%10s%15s%14s%14s%14s", plan_recommender_name(which), fit, rank, waits, own, shared, sent);
  if (which == PLAN_ALS)
    printf("   %.0f sweeps, %s", n->sweeps, plan_recommender_is_stationary(n) ? "stationary users" : "rows to nodes");
  printf("\n");
}

static void print_models(const plan_work *w, const plan_answer *p) {
  char matrix[PLAN_PRINT_TEXT];
  printf("\n  one fit         fit   ranking  communication   memory/rank        a node     sent/rank\n");
  for (int i = 0; i < PLAN_RECOMMENDERS; i++)
    if ((p->about.numbers.models >> i & 1) != 0) print_model(w, p, i);
  if (p->about.dropped != NULL)
    printf("  without %s: the catalogue is too large for it (ease.items)\n", p->about.dropped);
  if (!plan_recommender_needs_matrix(p->about.numbers.models)) return;
  plan_print_bytes(plan_recommender_matrix(&p->about.numbers), matrix);
  printf("  interactions in both orders, once a node: %s\n", matrix);
}

void plan_platform_print(const plan_platform *platform, const plan_answer *p) {
  static const int stages[] = {PLAN_INGEST, PLAN_FACTORISE};
  const plan_size *s = &p->night;
  const plan_numbers *n = &p->about.numbers;
  const plan_work w = {n, &p->about.rates, s->ranks, plan_model_imbalance(n->user_parts, s->ranks) / s->ranks};
  char used[PLAN_PRINT_TEXT], has[PLAN_PRINT_TEXT];
  print_platform(platform, p);
  plan_print_head(s->ranks);
  for (int i = 0; i < 2; i++) {
    const plan_cost c = plan_size_cost(&p->about, stages[i], s->ranks);
    plan_print_cost(plan_stage_name(stages[i]), &c);
  }
  print_models(&w, p);
  plan_print_bytes((s->cost.memory - s->cost.shared) * s->ranks_per_node + s->cost.shared, used);
  plan_print_bytes(p->about.node_memory, has);
  printf("\n  %d node%s of %d rank%s, %s of %s a node\n", s->nodes, s->nodes == 1 ? "" : "s", s->ranks_per_node,
         s->ranks_per_node == 1 ? "" : "s", used, has);
}
