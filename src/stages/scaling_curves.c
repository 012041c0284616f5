#include "stages/scaling_curves.h"

#include <math.h>

#include "stages/report_svg.h"

int scaling_curves_is_large(const scaling_series *s, int stage) {
  const int base = scaling_sums_base(s);
  return scaling_sums_spread(s, base, stage, SCALING_SECONDS).median >=
         0.01 * scaling_sums_spread(s, base, SCALING_TOTAL, SCALING_SECONDS).median;
}

/* Room for the points of one curve. */
static report_series new_curve(report_page *p, const char *name, int count, int is_dashed, double **x, double **y) {
  *x = *y = NULL;
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, count, x);
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, count, y);
  return (report_series){
      .name = name, .count = p->failed == STATUS_OK ? count : 0, .x = *x, .y = *y, .is_dashed = is_dashed};
}

static void add(report_chart *c, report_series curve) {
  if (curve.count > 0) c->series[c->series_count++] = curve;
}

typedef enum quantity { TIME, SPEEDUP, EFFICIENCY } quantity;

static scaling_spread measured(const scaling_series *s, scaling_kind kind, int size, int row, quantity q) {
  return q == TIME      ? scaling_sums_spread(s, size, row, SCALING_SECONDS)
         : q == SPEEDUP ? scaling_sums_speedup(s, kind, size, row)
                        : scaling_sums_efficiency(s, kind, size, row);
}

/* Sizes on which each rank had a core; with a bar from the least to the most where there are several repeats. */
static void add_measured(report_page *p, const scaling_series *s, scaling_kind kind, int row, quantity q,
                         const char *name, report_chart *c) {
  double *x, *y, *low = NULL, *high = NULL;
  report_series curve = new_curve(p, name, s->file.size_count, 0, &x, &y);
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, s->file.size_count, &low);
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, s->file.size_count, &high);
  if (p->failed != STATUS_OK) return;
  curve.count = 0;
  for (int i = 0; i < s->file.size_count; i++) {
    const scaling_spread one = measured(s, kind, i, row, q);
    if (!scaling_sums_is_fair(s, i) || one.count == 0) continue;
    x[curve.count] = s->file.size[i].ranks;
    y[curve.count] = one.median;
    low[curve.count] = one.count > 1 ? one.least : (double)NAN;
    high[curve.count++] = one.most;
  }
  curve.low = low;
  curve.high = high;
  add(c, curve);
}

static double ideal(scaling_kind kind, double base, double before, double ranks, quantity q) {
  if (q == EFFICIENCY) return 1;
  if (q == SPEEDUP) return ranks;
  return kind == SCALING_STRONG ? before * base / ranks : before;
}

static void add_ideal(report_page *p, const scaling_series *s, scaling_kind kind, quantity q, report_chart *c) {
  double *x, *y;
  report_series curve = new_curve(p, "ideal", s->file.size_count, 1, &x, &y);
  const int base = scaling_sums_base(s);
  const double before = scaling_sums_spread(s, base, SCALING_TOTAL, SCALING_SECONDS).median;
  for (int i = 0; i < curve.count; i++) {
    x[i] = s->file.size[i].ranks;
    y[i] = ideal(kind, s->file.size[base].ranks, before, x[i], q);
  }
  add(c, curve);
}

static double modelled(const scaling_model *m, int ranks, int row, quantity q) {
  if (q == TIME) return scaling_model_at(m, ranks, row).seconds;
  const double up = scaling_model_speedup(m, ranks, row);
  return q == SPEEDUP ? up : up / ranks;
}

static void add_modelled(report_page *p, const scaling_series *s, const scaling_model *m, quantity q, report_chart *c) {
  double *x, *y;
  if (!m->is_known) return;
  report_series curve = new_curve(p, "model of the plan", s->file.size_count, 1, &x, &y);
  for (int i = 0; i < curve.count; i++) {
    x[i] = s->file.size[i].ranks;
    y[i] = modelled(m, s->file.size[i].ranks, SCALING_TOTAL, q);
  }
  add(c, curve);
}

static void draw(report_page *p, const scaling_series *s, scaling_kind kind, const scaling_model *m, quantity q,
                 const char *title) {
  report_chart c = {.title = title, .x_name = "ranks", .is_log_x = 1, .is_log_y = q != EFFICIENCY};
  add_measured(p, s, kind, SCALING_TOTAL, q, "measured", &c);
  add_ideal(p, s, kind, q, &c);
  add_modelled(p, s, m, q, &c);
  c.is_from_zero = q == EFFICIENCY;
  report_svg_lines(p, &c);
}

void scaling_curves_measured(report_page *p, const scaling_series *s, scaling_kind kind, const scaling_model *m) {
  draw(p, s, kind, m, TIME, "Time of the night, seconds");
  draw(p, s, kind, m, SPEEDUP, kind == SCALING_STRONG ? "Speed-up" : "Scaled speed-up");
  draw(p, s, kind, m, EFFICIENCY, "Efficiency");
  report_chart stages = {.title = "Efficiency of the stages", .x_name = "ranks", .is_log_x = 1, .is_from_zero = 1};
  for (int stage = 0; stage < SCALING_STAGES; stage++)
    if (scaling_curves_is_large(s, stage))
      add_measured(p, s, kind, stage, EFFICIENCY, scaling_row_name[stage], &stages);
  report_svg_lines(p, &stages);
}

typedef enum part { COMPUTE, SERIAL, COMMUNICATION, ALL } part;

static double part_of(const plan_cost *c, part what) {
  return what == COMPUTE         ? c->compute
         : what == SERIAL        ? c->serial
         : what == COMMUNICATION ? c->communication
                                 : c->seconds;
}

static void add_simulated(report_page *p, const scaling_model *m, int row, part what, const char *name,
                          report_chart *c) {
  double *x, *y;
  const report_series curve = new_curve(p, name, SCALING_MODEL_POINTS, 1, &x, &y);
  for (int i = 0; i < curve.count; i++) {
    const plan_cost cost = scaling_model_at(m, 1 << i, row);
    x[i] = 1 << i;
    y[i] = part_of(&cost, what);
  }
  add(c, curve);
}

void scaling_curves_simulated(report_page *p, const scaling_model *m) {
  report_chart whole = {
      .title = "Simulated: time of the night, seconds", .x_name = "ranks", .is_log_x = 1, .is_log_y = 1};
  add_simulated(p, m, SCALING_TOTAL, ALL, "all", &whole);
  add_simulated(p, m, SCALING_TOTAL, COMPUTE, "divided work", &whole);
  add_simulated(p, m, SCALING_TOTAL, SERIAL, "work not divided", &whole);
  add_simulated(p, m, SCALING_TOTAL, COMMUNICATION, "communication", &whole);
  report_svg_lines(p, &whole);
  report_chart stages = {
      .title = "Simulated: time of the stages, seconds", .x_name = "ranks", .is_log_x = 1, .is_log_y = 1};
  for (int stage = 0; stage < SCALING_STAGES; stage++)
    add_simulated(p, m, stage, ALL, scaling_row_name[stage], &stages);
  report_svg_lines(p, &stages);
  double *x, *y;
  report_chart share = {.title = "Simulated: efficiency", .x_name = "ranks", .is_log_x = 1, .is_from_zero = 1};
  const report_series curve = new_curve(p, "all", SCALING_MODEL_POINTS, 1, &x, &y);
  for (int i = 0; i < curve.count; i++) {
    x[i] = 1 << i;
    y[i] = modelled(m, 1 << i, SCALING_TOTAL, EFFICIENCY);
  }
  add(&share, curve);
  report_svg_lines(p, &share);
}
