#include "stages/scaling_model.h"

#include <math.h>

static plan_cost unscaled(const scaling_model *m, int ranks, int stage) {
  const plan_numbers grown =
      m->kind == SCALING_WEAK ? plan_numbers_scale(&m->numbers, (double)ranks / m->base) : m->numbers;
  return plan_model_stage(&grown, &m->rates, &m->network, ranks, stage);
}

plan_cost scaling_model_at(const scaling_model *m, int ranks, int row) {
  plan_cost sum = {0};
  for (int stage = 0; stage < SCALING_STAGES; stage++) {
    if (row != SCALING_TOTAL && row != stage) continue;
    const plan_cost one = unscaled(m, ranks, stage);
    sum.compute += one.compute * m->factor[stage];
    sum.serial += one.serial * m->factor[stage];
    sum.communication += one.communication;
  }
  sum.seconds = sum.compute + sum.serial + sum.communication;
  return sum;
}

scaling_model scaling_model_fit(const scaling_series *s, scaling_kind kind, const plan_numbers *n, const plan_rates *r,
                                const plan_network *w) {
  const int base = scaling_sums_base(s);
  scaling_model m = {base >= 0, kind, base >= 0 ? s->file.size[base].ranks : 1, *n, *r, *w, {0}};
  for (int stage = 0; stage < SCALING_STAGES && m.is_known; stage++) {
    const double busy = scaling_sums_spread(s, base, stage, SCALING_BUSY_MOST).median;
    const plan_cost cost = unscaled(&m, m.base, stage);
    const double modelled = cost.compute + cost.serial;
    m.factor[stage] = isfinite(busy) && modelled > 0 ? busy / modelled : 1;
  }
  return m;
}

double scaling_model_speedup(const scaling_model *m, int ranks, int row) {
  const double before = scaling_model_at(m, m->base, row).seconds, now = scaling_model_at(m, ranks, row).seconds;
  return (m->kind == SCALING_STRONG ? m->base : ranks) * before / now;
}
