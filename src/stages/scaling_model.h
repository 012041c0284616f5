/* The cost model of `nightmail plan` beside a series: what it says at the sizes that were measured, and at those that
 * were not. Its work is scaled, stage by stage, to what the base of the series took; its network is LogGP with the
 * latency and bandwidth of the settings. All it says is calculated. */
#ifndef STAGES_SCALING_MODEL_H
#define STAGES_SCALING_MODEL_H

#include "stages/plan_model.h"
#include "stages/scaling_sums.h"

enum { SCALING_MODEL_POINTS = 13 }; /* 1, 2, 4, … 4,096 ranks */

typedef struct scaling_model {
  int is_known;
  scaling_kind kind;
  int base; /* ranks of the base of the series */
  plan_numbers numbers;
  plan_rates rates;
  plan_network network;
  double factor[SCALING_STAGES]; /* seconds busy at the base, measured over modelled */
} scaling_model;

/* `numbers` are those of the base. */
scaling_model scaling_model_fit(const scaling_series *s, scaling_kind kind, const plan_numbers *n, const plan_rates *r,
                                const plan_network *w);

/* compute, serial, communication and seconds of a stage, or of all (SCALING_TOTAL). */
plan_cost scaling_model_at(const scaling_model *m, int ranks, int row);

/* Speed-up over the model's own base, as scaling_sums_speedup. */
double scaling_model_speedup(const scaling_model *m, int ranks, int row);

#endif
