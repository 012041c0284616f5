#include "stages/report_volume.h"

#include <stdio.h>
#include <string.h>

static int64_t number(const report_night *n, const char *name) { return accounts_get(&n->generate.numbers, name); }

static int64_t messages_of(const report_night *n) { return accounts_total(&n->manifest.sources); }

static void share_text(char out[32], int64_t part, int64_t whole) {
  snprintf(out, 32, "%.1f %%", whole > 0 ? 100.0 * (double)part / (double)whole : 0.0);
}

static void tile_count(report_page *p, const char *caption, int64_t value) {
  report_page_put(p, "<div class=\"tile\"><b>");
  report_page_count(p, value);
  report_page_put(p, "</b><span>%s</span></div>\n", caption);
}

void report_volume_head(report_page *p, const report_night *n) {
  const manifest *m = &n->manifest;
  const int64_t messages = messages_of(n);
  char share[32];
  report_page_put(p, "<header><p class=\"soft\">nightmail %s</p><h1>", m->version);
  report_page_text(p, m->job);
  report_page_put(p, ", night of ");
  report_page_text(p, m->night);
  report_page_put(p, "</h1></header>\n<div class=\"tiles\">\n");
  tile_count(p, "messages", messages);
  tile_count(p, "users known", m->users_known);
  share_text(share, accounts_get(&m->sources, source_name(SOURCE_GENERATED)), messages);
  report_page_tile(p, "written by the model", share);
  share_text(share, number(n, "templates_distinct"), messages);
  report_page_tile(p, "texts unlike all others", share);
  double seconds = 0, peak = 0;
  for (int i = 0; i < m->stage_count; i++) {
    seconds += m->stages[i].seconds;
    peak = (double)m->stages[i].peak_bytes > peak ? (double)m->stages[i].peak_bytes : peak;
  }
  report_page_put(p, "<div class=\"tile\"><b>");
  report_page_seconds(p, seconds);
  report_page_put(p, "</b><span>for the night</span></div>\n<div class=\"tile\"><b>");
  report_page_bytes(p, peak);
  report_page_put(p, "</b><span>largest rank</span></div>\n</div>\n");
}

static void accounts_as_bars(report_page *p, const accounts *a, int64_t total) {
  for (int i = 0; i < a->count; i++)
    if (a->entry[i].count > 0) report_page_bar(p, a->entry[i].name, a->entry[i].count, total);
}

void report_volume_flow(report_page *p, const report_night *n) {
  const manifest *m = &n->manifest;
  report_page_section(p, "flow", "From rows to messages");
  report_page_put(p, "<div class=\"columns\"><div><h3>");
  report_page_count(p, m->rows_read);
  report_page_put(p, " rows read</h3>\n");
  accounts_as_bars(p, &m->rows, m->rows_read);
  report_page_put(p, "</div><div><h3>");
  report_page_count(p, m->users_known);
  report_page_put(p, " users known</h3>\n");
  accounts_as_bars(p, &m->users, m->users_known);
  if (accounts_total(&m->reasons) > 0) {
    report_page_put(p, "<h3>Why some got none</h3>\n");
    accounts_as_bars(p, &m->reasons, m->users_known);
  }
  report_page_put(p,
                  "</div></div>\n<p class=\"soft\">Both accounts balance: every row and every user is in exactly one "
                  "line.</p>\n");
  report_page_end(p);
}

/* Members of numbers called GROUP.NAME. */
static void group_as_bars(report_page *p, const report_night *n, const char *title, const char *group, int64_t total) {
  const accounts *a = &n->generate.numbers;
  const size_t length = strlen(group);
  report_page_put(p, "<div><h3>%s</h3>\n", title);
  for (int i = 0; i < a->count; i++)
    if (strncmp(a->entry[i].name, group, length) == 0 && a->entry[i].name[length] == '.' && a->entry[i].count > 0)
      report_page_bar(p, a->entry[i].name + length + 1, a->entry[i].count, total);
  report_page_put(p, "</div>\n");
}

void report_volume_messages(report_page *p, const report_night *n) {
  const int64_t messages = messages_of(n);
  report_page_section(p, "messages", "The messages");
  report_page_put(p, "<div class=\"columns\">\n");
  group_as_bars(p, n, "Rung of the ladder", "source", messages);
  group_as_bars(p, n, "Language", "language", messages);
  group_as_bars(p, n, "Tone", "tone", messages);
  group_as_bars(p, n, "Domain", "domain", messages);
  report_page_put(p, "</div>\n<p>");
  report_page_count(p, number(n, "reasons"));
  report_page_put(p, " messages name a reason. The longest takes %lld columns, the mean is %.0f.</p>\n",
                  (long long)number(n, "columns_most"),
                  messages > 0 ? (double)number(n, "columns") / (double)messages : 0.0);
  report_page_end(p);
}

/* Rows of the `most` items written about most, best first. */
static int top_items(const report_night *n, int most, item_row *out) {
  int count = 0;
  for (item_row i = 0; i < n->items.count; i++) {
    if (n->item_messages[i] == 0) continue;
    int at = count;
    while (at > 0 && n->item_messages[out[at - 1]] < n->item_messages[i]) at--;
    if (at == most) continue;
    if (count < most) count++;
    for (int k = count - 1; k > at; k--) out[k] = out[k - 1];
    out[at] = i;
  }
  return count;
}

void report_volume_items(report_page *p, const report_night *n) {
  enum { TOP = 10 };
  item_row top[TOP];
  const int count = top_items(n, TOP, top);
  int64_t used = 0, available = 0, on_top = 0;
  for (item_row i = 0; i < n->items.count; i++) {
    used += n->item_messages[i] > 0;
    available += n->items.available[i] != 0;
  }
  for (int i = 0; i < count; i++) on_top += n->item_messages[top[i]];
  report_page_section(p, "items", "The catalogue");
  report_page_put(p, "<p>");
  report_page_count(p, used);
  report_page_put(p, " of ");
  report_page_count(p, available);
  report_page_put(p,
                  " available items were written about (%.1f %%). The %d items below took %.1f %% of the messages."
                  "</p>\n",
                  available > 0 ? 100.0 * (double)used / (double)available : 0.0, count,
                  messages_of(n) > 0 ? 100.0 * (double)on_top / (double)messages_of(n) : 0.0);
  for (int i = 0; i < count; i++) {
    const language l = strings_length(&n->items.title[LANGUAGE_EN], top[i]) > 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    report_page_bar(p, catalogue_title(&n->items, top[i], l), n->item_messages[top[i]], messages_of(n));
  }
  report_page_end(p);
}

/* How evenly the ranks worked, and what share of their time went into waiting and into moving bytes. */
static void use_cells(report_page *p, const stage_done *d) {
  double waited = 0, moved = 0, all = 0;
  for (int r = 0; d->use != NULL && r < d->ranks; r++) {
    waited += d->use[r].waited;
    moved += d->use[r].moved;
    all += d->use[r].seconds;
  }
  if (all > 0)
    report_page_put(p, "<td class=\"n\">%.2f</td><td class=\"n\">%.1f %%</td><td class=\"n\">%.1f %%</td>",
                    stage_done_imbalance(d), 100 * waited / all, 100 * moved / all);
  else
    report_page_put(p, "<td></td><td></td><td></td>");
}

void report_volume_machine(report_page *p, const report_night *n) {
  const manifest *m = &n->manifest;
  double longest = 0;
  for (int i = 0; i < m->stage_count; i++) longest = m->stages[i].seconds > longest ? m->stages[i].seconds : longest;
  report_page_section(p, "machine", "Time and memory");
  report_page_put(p,
                  "<div class=\"wide\"><table><tr><th>stage</th><th class=\"n\">ranks</th><th class=\"n\">time</th>"
                  "<th style=\"width:20%%\"></th><th class=\"n\">imbalance</th><th class=\"n\">waiting</th><th "
                  "class=\"n\">moving</th>"
                  "<th class=\"n\">largest rank</th><th class=\"n\">all ranks</th></tr>\n");
  for (int i = 0; i < m->stage_count; i++) {
    const stage_done *d = &m->stages[i];
    report_page_put(p, "<tr><td>");
    report_page_text(p, d->stage);
    report_page_put(p, "</td><td class=\"n\">%d</td><td class=\"n\">", d->ranks);
    report_page_seconds(p, d->seconds);
    report_page_put(p,
                    "</td><td><span class=\"track\" style=\"display:block\"><i style=\"width:%.1f%%\"></i></span></td>",
                    longest > 0 ? 100 * d->seconds / longest : 0.0);
    use_cells(p, d);
    report_page_put(p, "<td class=\"n\">");
    report_page_bytes(p, (double)d->peak_bytes);
    report_page_put(p, "</td><td class=\"n\">");
    report_page_bytes(p, (double)d->peak_bytes_sum);
    report_page_put(p, "</td></tr>\n");
  }
  report_page_put(p,
                  "</table></div>\n<p class=\"soft\">Imbalance: time busy of the busiest rank over the mean. Waiting: "
                  "for other ranks "
                  "to arrive; moving: in calls that carry bytes, mean over ranks. Memory is peak resident size; pages "
                  "that ranks of a node share are "
                  "counted once per rank.</p>\n");
  report_page_end(p);
}
