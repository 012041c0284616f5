#include "stages/scaling_paper.h"

#include <math.h>

static void number(report_page *p, const char *before, int digits, double value, const char *after) {
  if (isfinite(value))
    report_page_put(p, "%s%.*f%s", before, digits, value, after);
  else
    report_page_put(p, "%s–%s", before, after);
}

/* Two digits where there are few before the point. */
static int digits_of(double seconds) { return seconds < 10 ? 2 : 1; }

static void stage_cell(report_page *p, const scaling_series *s, int size, int row, const scaling_model *m) {
  const scaling_spread t = scaling_sums_spread(s, size, row, SCALING_SECONDS);
  number(p, "<td class=\"n\">", digits_of(t.median), t.median, "");
  if (t.count > 1) {
    number(p, "<br><small>", digits_of(t.least), t.least, "");
    number(p, "–", digits_of(t.most), t.most, "</small>");
  }
  if (m->is_known) {
    const double calculated = scaling_model_at(m, s->file.size[size].ranks, row).seconds;
    number(p, "<br><small>model ", digits_of(calculated), calculated, "</small>");
  }
  report_page_put(p, "</td>");
}

void scaling_paper_stages(report_page *p, const scaling_series *s, const scaling_model *m) {
  int unfair = 0;
  report_page_put(p, "<h3>Seconds of the stages</h3>\n<div class=\"wide\"><table><tr><th class=\"n\">ranks</th>");
  for (int row = 0; row < SCALING_ROWS; row++) report_page_put(p, "<th class=\"n\">%s</th>", scaling_row_name[row]);
  report_page_put(p, "</tr>\n");
  for (int i = 0; i < s->file.size_count; i++) {
    const int fair = scaling_sums_is_fair(s, i);
    unfair |= !fair;
    report_page_put(p, "<tr><td class=\"n\">%d%s</td>", s->file.size[i].ranks, fair ? "" : "†");
    for (int row = 0; row < SCALING_ROWS; row++) stage_cell(p, s, i, row, m);
    report_page_put(p, "</tr>\n");
  }
  report_page_put(p, "</table></div>\n");
  if (unfair)
    report_page_put(p,
                    "<p class=\"soft\">† More ranks than cores: that the night is right, and what it sends; not how "
                    "fast it is. Such sizes stand in no curve.</p>\n");
}

void scaling_paper_simulated(report_page *p, const scaling_model *m) {
  report_page_put(p,
                  "<div class=\"wide\"><table><tr><th class=\"n\">ranks</th><th class=\"n\">seconds</th>"
                  "<th class=\"n\">divided work</th><th class=\"n\">work not divided</th>"
                  "<th class=\"n\">communication</th><th class=\"n\">efficiency</th></tr>\n");
  for (int i = 0; i < SCALING_MODEL_POINTS; i++) {
    const int ranks = 1 << i;
    const plan_cost c = scaling_model_at(m, ranks, SCALING_TOTAL);
    report_page_put(p, "<tr><td class=\"n\">%d</td>", ranks);
    number(p, "<td class=\"n\">", 2, c.seconds, "</td>");
    number(p, "<td class=\"n\">", 2, c.compute, "</td>");
    number(p, "<td class=\"n\">", 2, c.serial, "</td>");
    number(p, "<td class=\"n\">", 2, c.communication, "</td>");
    number(p, "<td class=\"n\">", 3, scaling_model_speedup(m, ranks, SCALING_TOTAL) / ranks, "</td></tr>\n");
  }
  report_page_put(p, "</table></div>\n");
}

/* The job's name as TeX may read it. */
static void put_tex(report_page *p, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '_' || *text == '%' || *text == '&' || *text == '#' || *text == '$') report_page_put(p, "\\");
    report_page_text(p, (char[]){*text, '\0'});
  }
}

static void tex_row(report_page *p, const scaling_series *s, scaling_kind kind, int size) {
  const scaling_spread t = scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_SECONDS);
  const int ranks = s->file.size[size].ranks, fair = scaling_sums_is_fair(s, size);
  if (t.count == 0) return;
  report_page_put(p, "%d%s &amp; %d &amp; %.1f &amp; [%.1f, %.1f] &amp; ", ranks, fair ? "" : "$^\\dagger$",
                  s->file.size[size].nodes, t.median, t.least, t.most);
  number(p, "", 2, fair ? scaling_sums_speedup(s, kind, size, SCALING_TOTAL).median : (double)NAN, " &amp; ");
  number(p, "", 2, fair ? scaling_sums_efficiency(s, kind, size, SCALING_TOTAL).median : (double)NAN, " &amp; ");
  number(p, "", 1, 100 * scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_WAITED).median / t.median, " &amp; ");
  number(p, "", 1, 100 * scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_MOVED).median / t.median, " &amp; ");
  number(p, "", 2, scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_IMBALANCE).median, " &amp; ");
  number(p, "", 2, scaling_sums_spread(s, size, SCALING_TOTAL, SCALING_SENT).median / 1e9, " \\\\\n");
}

void scaling_paper_table(report_page *p, const scaling_series *s, scaling_kind kind) {
  report_page_section(p, kind == SCALING_STRONG ? "paper" : "paper-weak",
                      kind == SCALING_STRONG ? "For a paper: strong scaling" : "For a paper: weak scaling");
  report_page_put(p,
                  "<pre>%% needs booktabs\n\\begin{tabular}{rrrcrrrrrr}\n\\toprule\nRanks &amp; Nodes &amp; Time (s) "
                  "&amp; [min, max] &amp; %s &amp; Efficiency &amp; Waiting (\\%%) &amp; Moving (\\%%) &amp; Imbalance "
                  "&amp; Sent (GB) \\\\\n\\midrule\n",
                  kind == SCALING_STRONG ? "Speed-up" : "Scaled speed-up");
  for (int i = 0; i < s->file.size_count; i++) tex_row(p, s, kind, i);
  report_page_put(p, "\\bottomrule\n\\end{tabular}\n%% %s scaling of ", scaling_kind_name[kind]);
  put_tex(p, s->file.job);
  report_page_put(p,
                  "; medians of %d repeats; waiting and moving: share of the time, mean over ranks;\n%% dagger: more "
                  "ranks than cores</pre>\n",
                  s->file.repeats);
  report_page_end(p);
}
