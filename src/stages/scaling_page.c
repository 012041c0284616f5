#include "stages/scaling_page.h"

#include "base/process.h"
#include "comm/comm.h"
#include "io/file.h"
#include "stages/report_page.h"
#include "stages/report_style.h"
#include "stages/scaling_causes.h"
#include "stages/scaling_curves.h"
#include "stages/scaling_paper.h"

static const scaling_series *first_found(const scaling_page *c) {
  return c->series[SCALING_STRONG].found ? &c->series[SCALING_STRONG] : &c->series[SCALING_WEAK];
}

static const char *title_of(scaling_kind kind) { return kind == SCALING_STRONG ? "Strong scaling" : "Weak scaling"; }

static void put_head(report_page *p, const scaling_page *c) {
  report_page_put(p,
                  "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Scaling of ");
  report_page_text(p, first_found(c)->file.job);
  report_page_put(p, "</title><style>%s</style></head>\n<body><main>\n", report_style);
  report_page_put(p, "<header><p class=\"soft\">nightmail %s</p><h1>Scaling of ", process_version());
  report_page_text(p, first_found(c)->file.job);
  report_page_put(p, "</h1></header>\n<div class=\"tiles\">\n");
  for (int k = 0; k < SCALING_KINDS; k++) {
    const scaling_series *s = &c->series[k];
    const int size = scaling_sums_largest(s);
    if (!s->found || size < 0 || size == scaling_sums_base(s)) continue;
    const int ranks = s->file.size[size].ranks;
    const scaling_spread up = scaling_sums_speedup(s, (scaling_kind)k, size, SCALING_TOTAL);
    report_page_put(p, "<div class=\"tile\"><b>%.2f</b><span>%s on %d ranks</span></div>\n", up.median,
                    k == SCALING_STRONG ? "speed-up" : "scaled speed-up", ranks);
    report_page_put(p, "<div class=\"tile\"><b>%.0f %%</b><span>efficiency, %s</span></div>\n", 100 * up.median / ranks,
                    scaling_kind_name[k]);
  }
  report_page_put(p, "</div>\n");
}

static void put_row(report_page *p, const char *name, const char *value) {
  report_page_put(p, "<tr><td>");
  report_page_text(p, name);
  report_page_put(p, "</td><td>");
  report_page_text(p, value);
  report_page_put(p, "</td></tr>\n");
}

static void put_size_of(report_page *p, const scaling_run *r) {
  report_page_count(p, r->rows);
  report_page_put(p, " rows, ");
  report_page_count(p, r->users);
  report_page_put(p, " users, ");
  report_page_count(p, r->items);
  report_page_put(p, " items, ");
  report_page_count(p, r->messages);
  report_page_put(p, " messages");
}

/* Strong: the one problem; weak: the first and the last. */
static void put_problem(report_page *p, const scaling_series *s, scaling_kind kind) {
  const scaling_run *first = NULL, *last = NULL;
  for (int i = 0; i < s->run_count; i++) {
    if (!s->run[i].is_whole) continue;
    if (first == NULL) first = &s->run[i];
    last = &s->run[i];
  }
  if (first == NULL) return;
  report_page_put(p, "<tr><td>problem, %s</td><td>", scaling_kind_name[kind]);
  put_size_of(p, first);
  if (kind == SCALING_WEAK && last->ranks > first->ranks) {
    report_page_put(p, " on %d ranks, to ", first->ranks);
    put_size_of(p, last);
    report_page_put(p, " on %d", last->ranks);
  }
  report_page_put(p, "</td></tr>\n<tr><td>runs, %s</td><td>%d of %d finished; ranks", scaling_kind_name[kind],
                  s->whole_count, s->run_count);
  for (int i = 0; i < s->file.size_count; i++) report_page_put(p, "%s%d", i == 0 ? " " : ", ", s->file.size[i].ranks);
  report_page_put(p, "; %d repeats, in turns", s->file.repeats);
  if (kind == SCALING_STRONG)
    report_page_put(p, "; the shards of all of them are %s",
                    s->same_bytes ? "the same, byte for byte" : "<b>not the same</b>: something is wrong");
  report_page_put(p, "</td></tr>\n");
}

#ifdef __clang__
static const char compiler[] = "clang " __clang_version__;
#else
static const char compiler[] = "gcc " __VERSION__;
#endif

static void put_facts(report_page *p, const scaling_page *c) {
  const series_file *f = &first_found(c)->file;
  report_page_section(p, "measured", "What was measured");
  report_page_put(p, "<div class=\"wide\"><table>\n");
  for (int i = 0; i < f->fact_count; i++) put_row(p, f->fact[i].name, f->fact[i].value);
  char library[COMM_LIBRARY];
  comm_library(library);
  put_row(p, "MPI", library);
  put_row(p, "compiler", compiler);
  for (int k = 0; k < SCALING_KINDS; k++)
    if (c->series[k].found) put_problem(p, &c->series[k], (scaling_kind)k);
  put_row(p, "timed",
          "each stage on its slowest rank, from its start to its commit: reading, computing, communication, writing "
          "and flushing its files; the total is their sum. Starting and ending MPI is not in it.");
  put_row(p, "shown", "medians over the repeats; bars and brackets from the least to the most");
  report_page_put(p, "</table></div>\n");
  report_page_end(p);
}

static void put_measured(report_page *p, const scaling_page *c, scaling_kind kind) {
  const scaling_series *s = &c->series[kind];
  report_page_section(p, scaling_kind_name[kind], title_of(kind));
  report_page_put(p, kind == SCALING_STRONG ? "<p>The same night on more ranks.</p>\n"
                                            : "<p>A night that grows with the ranks: as many users and events for "
                                              "each of them. Items and copy stay, and with them the writer's "
                                              "training.</p>\n");
  scaling_curves_measured(p, s, kind, &c->model[kind]);
  scaling_paper_stages(p, s, &c->model[kind]);
  report_page_end(p);
}

static void put_simulated(report_page *p, const scaling_model *m) {
  report_page_section(p, m->kind == SCALING_STRONG ? "simulated" : "simulated-weak",
                      m->kind == SCALING_STRONG ? "Simulated: strong scaling to 4,096 ranks"
                                                : "Simulated: weak scaling to 4,096 ranks");
  report_page_put(
      p,
      "<p>Calculated, not measured: the model of <code>nightmail plan</code>, its work scaled stage by stage "
      "to what %d ranks took here, on a network by LogGP (Alexandrov et al. 1995) with %.3g µs "
      "from node to node, %.3g GB/s a node, and %d ranks a node "
      "(<code>layout.network_latency</code>, <code>network_bandwidth</code>, <code>ranks_per_node</code>)."
      "</p>\n",
      m->base, 1e6 * m->network.latency, 1e-9 / m->network.byte, m->network.ranks_per_node);
  scaling_curves_simulated(p, m);
  scaling_causes_simulated(p, m);
  scaling_paper_simulated(p, m);
  report_page_end(p);
}

static void put_causes(report_page *p, const scaling_page *c) {
  report_page_section(p, "causes", "Where it stops scaling, and why");
  for (int k = 0; k < SCALING_KINDS; k++)
    if (c->series[k].whole_count > 0) scaling_causes_measured(p, &c->series[k], (scaling_kind)k);
  report_page_end(p);
}

static void compose(report_page *p, const scaling_page *c) {
  int known = 0;
  put_head(p, c);
  put_facts(p, c);
  for (int k = 0; k < SCALING_KINDS; k++)
    if (c->series[k].whole_count > 0) put_measured(p, c, (scaling_kind)k);
  put_causes(p, c);
  for (int k = 0; k < SCALING_KINDS; k++) {
    if (c->model[k].is_known) put_simulated(p, &c->model[k]);
    known |= c->model[k].is_known;
  }
  if (!known && c->why_no_model[0] != '\0') {
    report_page_section(p, "simulated", "No simulation");
    report_page_put(p, "<p>");
    report_page_text(p, c->why_no_model);
    report_page_put(p, "</p>\n");
    report_page_end(p);
  }
  for (int k = 0; k < SCALING_KINDS; k++)
    if (c->series[k].whole_count > 0) scaling_paper_table(p, &c->series[k], (scaling_kind)k);
  report_page_put(p, "</main></body></html>\n");
}

status scaling_page_write(const char *path, const scaling_page *content, arena *a) {
  report_page page = {.arena = a};
  compose(&page, content);
  TRY(page.failed);
  return file_write(path, page.bytes, (size_t)page.used);
}
