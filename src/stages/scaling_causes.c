#include "stages/scaling_causes.h"

#include <math.h>

/* The largest part of what was lost. */
typedef struct culprit {
  int stage;
  const char *what;
  double seconds;
} culprit;

static void blame(culprit *worst, int stage, const char *what, double seconds) {
  if (seconds > worst->seconds) *worst = (culprit){stage, what, seconds};
}

static culprit find_culprit(const scaling_series *s, scaling_kind kind, int size) {
  culprit worst = {-1, "", 0};
  for (int stage = 0; stage < SCALING_STAGES; stage++) {
    const scaling_loss l = scaling_sums_loss(s, kind, size, stage);
    blame(&worst, stage, "work that is repeated, or slower than alone", l.work);
    blame(&worst, stage, "waiting for other ranks", l.waited);
    blame(&worst, stage, "moving bytes between ranks", l.moved);
  }
  return worst;
}

/* A number, or a dash where it is not known. */
static void cell(report_page *p, int digits, double value) {
  if (isfinite(value))
    report_page_put(p, "<td class=\"n\">%.*f</td>", digits, value);
  else
    report_page_put(p, "<td class=\"n\">–</td>");
}

static void loss_row(report_page *p, const scaling_series *s, scaling_kind kind, int size, int row) {
  const scaling_loss l = scaling_sums_loss(s, kind, size, row);
  const int ranks = s->file.size[size].ranks;
  const double all = ranks * scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_SECONDS).median;
  const double up = scaling_sums_speedup(s, kind, size, row).median;
  report_page_put(p, "<tr><td>%s</td>", scaling_row_name[row]);
  cell(p, 1, l.lost);
  cell(p, 1, 100 * l.lost / all);
  cell(p, 1, l.work);
  cell(p, 1, l.waited);
  cell(p, 1, l.moved);
  cell(p, 2, scaling_sums_spread(s, size, row, SCALING_IMBALANCE).median);
  cell(p, 3, kind == SCALING_STRONG ? scaling_sums_serial(up, ranks) : (double)NAN);
  report_page_put(p, "</tr>\n");
}

static void loss_table(report_page *p, const scaling_series *s, scaling_kind kind, int size) {
  report_page_put(p,
                  "<div class=\"wide\"><table><tr><th>stage</th><th class=\"n\">lost, core-s</th>"
                  "<th class=\"n\">of all, %%</th><th class=\"n\">in work</th><th class=\"n\">waiting</th>"
                  "<th class=\"n\">moving</th><th class=\"n\">imbalance</th><th class=\"n\">serial share</th></tr>\n");
  for (int row = 0; row < SCALING_ROWS; row++) loss_row(p, s, kind, size, row);
  report_page_put(
      p,
      "</table></div>\n<p class=\"soft\">Lost: ranks × seconds, less what the base took for the same work. In work: "
      "done by several ranks alike, or slower because cores share caches and memory. Waiting: at agreements and "
      "barriers. Moving: in all other calls between ranks. Imbalance: seconds busy of the busiest rank over the mean. "
      "Serial share: the part that is not divided, which this speed-up would follow from (Karp and Flatt 1990).</p>\n");
}

static void tell_loss(report_page *p, const scaling_series *s, scaling_kind kind, int size) {
  const int ranks = s->file.size[size].ranks;
  const double seconds = scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_SECONDS).median;
  const double efficiency = scaling_sums_efficiency(s, kind, size, SCALING_TOTAL).median;
  const scaling_loss all = scaling_sums_loss(s, kind, size, SCALING_TOTAL);
  const culprit worst = find_culprit(s, kind, size);
  report_page_put(
      p, "<p>On %d ranks, the most that had a core each, the night takes %.1f s, at an efficiency of %.2f: ", ranks,
      seconds, efficiency);
  if (all.lost <= 0 || worst.stage < 0) {
    report_page_put(p, "nothing is lost.</p>\n");
    return;
  }
  report_page_put(p, "of %.1f core-seconds %.1f are lost. The largest part, %.1f, is %s in <b>%s</b>.</p>\n",
                  ranks * seconds, all.lost, worst.seconds, worst.what, scaling_row_name[worst.stage]);
}

/* The largest size that has a whole run, fair or not. */
static int widest(const scaling_series *s) {
  int last = -1;
  for (int i = 0; i < s->file.size_count; i++)
    if (scaling_sums_spread(s, i, SCALING_TOTAL, SCALING_CPU).count > 0) last = i;
  return last;
}

/* CPU seconds are told from polling, so that they say something where ranks had to share cores, too. */
static void tell_repeated(report_page *p, const scaling_series *s, scaling_kind kind) {
  const int size = widest(s), base = scaling_sums_base(s);
  if (size < 0 || size == base) return;
  report_page_put(p,
                  "<p>CPU seconds of the ranks' own work, all ranks together, on %d ranks over those on %d%s "
                  "(1: nothing is done twice):</p>\n<div class=\"wide\"><table><tr>",
                  s->file.size[size].ranks, s->file.size[base].ranks,
                  kind == SCALING_WEAK ? ", for the same work" : "");
  for (int row = 0; row < SCALING_ROWS; row++) report_page_put(p, "<th class=\"n\">%s</th>", scaling_row_name[row]);
  report_page_put(p, "</tr><tr>");
  for (int row = 0; row < SCALING_ROWS; row++) cell(p, 2, scaling_sums_repeated(s, kind, size, row));
  report_page_put(p, "</tr></table></div>\n");
}

void scaling_causes_measured(report_page *p, const scaling_series *s, scaling_kind kind) {
  const int size = scaling_sums_largest(s), base = scaling_sums_base(s);
  report_page_put(p, "<h3>%s scaling</h3>\n", kind == SCALING_STRONG ? "Strong" : "Weak");
  if (size > base) {
    tell_loss(p, s, kind, size);
    loss_table(p, s, kind, size);
  } else {
    report_page_put(p, "<p>No size but the first gave each rank a core: nothing can be said about speed.</p>\n");
  }
  tell_repeated(p, s, kind);
}

static const char bound[] = "work that no more ranks can share";

/* What most of a modelled time consists of. */
static void tell_parts(report_page *p, const scaling_model *m, int ranks) {
  culprit worst = {-1, "", 0};
  for (int stage = 0; stage < SCALING_STAGES; stage++) {
    const plan_cost c = scaling_model_at(m, ranks, stage);
    blame(&worst, stage, ranks > plan_model_useful_ranks(&m->numbers, stage) ? bound : "divided work", c.compute);
    blame(&worst, stage, "work that is not divided", c.serial);
    blame(&worst, stage, "communication", c.communication);
  }
  if (worst.stage >= 0)
    report_page_put(p, "; there the largest part of %.2f s, %.2f s, is %s of <b>%s</b>",
                    scaling_model_at(m, ranks, SCALING_TOTAL).seconds, worst.seconds, worst.what,
                    scaling_row_name[worst.stage]);
  if (worst.what == bound)
    report_page_put(p, " (%d can: lanes of a minibatch, partitions of the users)",
                    plan_model_useful_ranks(&m->numbers, worst.stage));
}

void scaling_causes_simulated(report_page *p, const scaling_model *m) {
  int half = 0, fastest = 1;
  for (int i = 0; i < SCALING_MODEL_POINTS; i++) {
    const int ranks = 1 << i;
    if (half == 0 && scaling_model_speedup(m, ranks, SCALING_TOTAL) < 0.5 * ranks) half = ranks;
    if (scaling_model_at(m, ranks, SCALING_TOTAL).seconds < scaling_model_at(m, fastest, SCALING_TOTAL).seconds)
      fastest = ranks;
  }
  report_page_put(p, "<p>By the model, efficiency ");
  if (half > 0) {
    report_page_put(p, "is below one half from %d ranks on", half);
    tell_parts(p, m, half);
  } else {
    report_page_put(p, "stays above one half up to 4,096 ranks");
  }
  if (m->kind == SCALING_STRONG) {
    report_page_put(p, ". The night is shortest on %d ranks", fastest);
    tell_parts(p, m, fastest);
  }
  report_page_put(p, ".</p>\n");
}
