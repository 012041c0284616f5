#include "stages/report_models.h"

#include <math.h>
#include <string.h>

#include "stages/report_svg.h"

static int is_event(const log_entry *e, const char *of_stage, const char *event) {
  return strcmp(e->stage, of_stage) == 0 && strcmp(e->event, event) == 0;
}

/* The last event of its kind, or NULL. */
static const log_entry *last_event(const report_night *n, const char *of_stage, const char *event) {
  for (int64_t i = n->log.count - 1; i >= 0; i--)
    if (is_event(&n->log.entry[i], of_stage, event)) return &n->log.entry[i];
  return NULL;
}

static double number_of(const log_entry *e, const char *name) {
  return e != NULL ? log_reader_number(e, name, NAN) : NAN;
}

/* Adds a curve of one number over another in all events of a kind; nothing where there are none. */
static void add_curve(report_page *p, const report_night *n, const char *of_stage, const char *event, const char *x,
                      const char *y, const char *name, report_chart *c) {
  double *xs = NULL, *ys = NULL;
  int count = 0;
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, n->log.count, &xs);
  if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, n->log.count, &ys);
  if (p->failed != STATUS_OK) return;
  for (int64_t i = 0; i < n->log.count; i++) {
    if (!is_event(&n->log.entry[i], of_stage, event)) continue;
    xs[count] = number_of(&n->log.entry[i], x);
    ys[count] = number_of(&n->log.entry[i], y);
    /* Steps that were done again after a job was killed say the same once more. */
    int is_new = isfinite(xs[count]);
    for (int k = 0; k < count && is_new; k++) is_new = xs[k] != xs[count] || ys[k] != ys[count];
    count += is_new;
  }
  if (count > 0) c->series[c->series_count++] = (report_series){.name = name, .count = count, .x = xs, .y = ys};
}

static void add_level(report_chart *c, const char *name, double y) {
  if (isfinite(y)) c->level[c->level_count++] = (report_level){.name = name, .y = y};
}

/* What a stage left for the report. */
static void read_figures(report_page *p, const report_night *n, const char *of_stage, log_entry *out) {
  const stage_done *d = report_night_stage(n, of_stage);
  *out = (log_entry){0};
  if (d != NULL && d->summary != NULL && p->failed == STATUS_OK)
    p->failed = log_reader_members(d->summary, p->arena, out);
}

static void figures_table(report_page *p, const log_entry *figures) {
  if (figures->count == 0) return;
  report_page_put(p, "<div class=\"wide\"><table>\n");
  for (int i = 0; i < figures->count; i++) {
    const log_value *v = &figures->value[i];
    report_page_put(p, "<tr><td>");
    for (const char *c = v->name; *c != '\0'; c++) report_page_text(p, (char[]){*c == '_' ? ' ' : *c, '\0'});
    report_page_put(p, "</td><td class=\"n\">");
    if (v->is_text)
      report_page_text(p, v->text);
    else if (isfinite(v->number))
      report_page_put(p, "%.5g", v->number);
    report_page_put(p, "</td></tr>\n");
  }
  report_page_put(p, "</table></div>\n");
}

/* What was said last of a model, where `e` is that; a stage that was done again has said more. */
static int is_last_of_model(const report_night *n, const log_entry *e) {
  for (const log_entry *later = e + 1; later < n->log.entry + n->log.count; later++)
    if (is_event(later, "factorise", "weight") &&
        strcmp(log_reader_text(later, "model"), log_reader_text(e, "model")) == 0)
      return 0;
  return 1;
}

static void models_table(report_page *p, const report_night *n) {
  const log_entry *blend = last_event(n, "factorise", "blend"), *popular = last_event(n, "factorise", "popularity");
  if (blend == NULL) return;
  report_page_put(p,
                  "<div class=\"wide\"><table>\n<tr><th>model</th><th>NDCG@20 alone</th><th>share</th>"
                  "<th>exponent</th></tr>\n");
  for (const log_entry *e = n->log.entry; e < n->log.entry + n->log.count; e++) {
    if (!is_event(e, "factorise", "weight") || !is_last_of_model(n, e)) continue;
    report_page_put(p, "<tr><td>");
    report_page_text(p, log_reader_text(e, "model"));
    report_page_put(p, "</td><td class=\"n\">%.4f</td><td class=\"n\">%.3f</td><td class=\"n\">%.1f</td></tr>\n",
                    number_of(e, "ndcg@20_alone"), number_of(e, "share"), number_of(e, "exponent"));
  }
  report_page_put(p,
                  "<tr><td><b>blend</b></td><td class=\"n\"><b>%.4f</b></td><td></td><td></td></tr>\n</table></div>\n",
                  number_of(blend, "ndcg@20"));
  report_page_put(
      p,
      "<p class=\"soft\">Weights were learned from %.0f users whose later events are known; a model of share "
      "0 was of no use beside the others.</p>\n",
      number_of(blend, "users"));
  const double base = number_of(popular, "ndcg@20");
  if (base > 0)
    report_page_put(p, "<p>NDCG@20 of the blend is %.2f times that of showing everybody what is popular.</p>\n",
                    number_of(blend, "ndcg@20") / base);
}

void report_models_recommender(report_page *p, const report_night *n) {
  const log_entry *popular = last_event(n, "factorise", "popularity");
  report_chart quality = {.title = "Ranking by ALS alone, on the validation cut", .x_name = "sweep"};
  add_curve(p, n, "factorise", "sweep", "sweep", "recall@20", "recall@20", &quality);
  add_curve(p, n, "factorise", "sweep", "sweep", "ndcg@20", "NDCG@20", &quality);
  add_level(&quality, "popularity, recall@20", number_of(popular, "recall@20"));
  add_level(&quality, "popularity, NDCG@20", number_of(popular, "ndcg@20"));
  report_chart loss = {.title = "Loss", .x_name = "sweep"};
  add_curve(p, n, "factorise", "sweep", "sweep", "loss", "loss", &loss);
  report_chart ratings = {.title = "Error of predicted ratings", .x_name = "sweep"};
  add_curve(p, n, "factorise", "rating_sweep", "sweep", "rmse", "RMSE", &ratings);
  report_page_section(p, "recommender", "What users like");
  log_entry figures;
  read_figures(p, n, "factorise", &figures);
  models_table(p, n);
  report_svg_lines(p, &quality);
  report_svg_lines(p, &loss);
  report_svg_lines(p, &ratings);
  figures_table(p, &figures);
  const double recall = log_reader_number(&figures, "recall@20", NAN), base = number_of(popular, "recall@20");
  if (isfinite(recall) && base > 0)
    report_page_put(p, "<p>Recall@20 of ALS alone is %.2f times that of showing everybody what is popular.</p>\n",
                    recall / base);
  else
    report_page_put(p, "<p class=\"soft\">There were no later events to judge the ranking by.</p>\n");
  report_page_end(p);
}

/* Perplexity is what the log says, or exp of the loss. */
static void add_perplexity(report_page *p, const report_night *n, report_chart *c) {
  add_curve(p, n, "train", "epoch", "epoch", "train_loss", "training", c);
  for (int s = 0; s < c->series_count; s++) {
    double *y = NULL;
    if (p->failed == STATUS_OK) p->failed = ARENA(p->arena, c->series[s].count, &y);
    if (p->failed != STATUS_OK) return;
    for (int i = 0; i < c->series[s].count; i++) y[i] = exp(c->series[s].y[i]);
    c->series[s].y = y;
  }
  add_curve(p, n, "train", "epoch", "epoch", "perplexity", "validation", c);
}

/* The plane in which the tuned writer is held against the learned one's own temperatures. */
static void draw_gate(report_page *p, const report_night *n) {
  report_chart rounds = {.title = "Adversarial tuning", .x_name = "round"};
  add_curve(p, n, "train", "adversarial", "round", "reward", "reward", &rounds);
  add_curve(p, n, "train", "adversarial", "round", "accuracy", "accuracy of the discriminator", &rounds);
  report_chart gate = {.title = "The gate: quality (log-likelihood under a trigram)",
                       .x_name = "diversity (distinct-2)"};
  add_curve(p, n, "train", "curve", "distinct-2", "quality", "learned, over temperatures", &gate);
  add_curve(p, n, "train", "gate", "distinct-2", "quality", "tuned", &gate);
  report_svg_lines(p, &rounds);
  report_svg_lines(p, &gate);
  const log_entry *verdict = last_event(n, "train", "gate");
  if (verdict == NULL) return;
  const int is_tuned = strcmp(log_reader_text(verdict, "shipped"), "gan") == 0;
  report_page_put(
      p, "<p><b>%s</b> %s</p>\n",
      is_tuned ? "The adversarially tuned writer wrote this night." : "The learned writer wrote this night.",
      is_tuned ? "At equal diversity it lost no quality against the learned one."
               : "The tuned one lost quality at equal diversity, so the gate kept it back.");
}

void report_models_writer(report_page *p, const report_night *n) {
  report_chart learning = {.title = "Perplexity of the writer", .x_name = "epoch"};
  log_entry figures;
  read_figures(p, n, "train", &figures);
  report_page_section(p, "writer", "How the platform writes");
  add_perplexity(p, n, &learning);
  add_level(&learning, "trigram", log_reader_number(&figures, "trigram_perplexity", NAN));
  report_svg_lines(p, &learning);
  draw_gate(p, n);
  figures_table(p, &figures);
  report_page_end(p);
}
