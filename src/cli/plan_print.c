#include "cli/plan_print.h"

#include <stdio.h>
#include <string.h>

#include "io/json_writer.h"

void plan_print_count(double value, char out[PLAN_PRINT_TEXT]) {
  if (value < 1e5)
    snprintf(out, PLAN_PRINT_TEXT, "%.0f", value);
  else if (value < 1e8)
    snprintf(out, PLAN_PRINT_TEXT, "%.2f M", value / 1e6);
  else
    snprintf(out, PLAN_PRINT_TEXT, "%.2f G", value / 1e9);
}

void plan_print_bytes(double value, char out[PLAN_PRINT_TEXT]) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  int unit = 0;
  for (; value >= 1024 && unit < 5; unit++) value /= 1024;
  snprintf(out, PLAN_PRINT_TEXT, value < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void plan_print_seconds(double value, char out[PLAN_PRINT_TEXT]) {
  if (value < 120)
    snprintf(out, PLAN_PRINT_TEXT, "%.1f s", value);
  else if (value < 7200)
    snprintf(out, PLAN_PRINT_TEXT, "%.0f min", value / 60);
  else
    snprintf(out, PLAN_PRINT_TEXT, "%.1f h", value / 3600);
}

static void print_number(const char *name, double value, int is_estimated, const char *more) {
  char text[32];
  plan_print_count(value, text);
  printf("  %-9s%10s%s%s\n", name, text, is_estimated ? "  estimated" : "", more);
}

static void print_numbers(const plan_answer *p) {
  const plan_numbers *n = &p->about.numbers;
  const plan_inputs *f = &p->about.found;
  print_number("rows", n->rows, f->rows_estimated, "");
  print_number("events", n->events, f->rows_estimated, "");
  print_number("users", n->users, f->users_estimated, "");
  print_number("items", n->items, f->items_estimated, "");
  print_number("pairs", n->pairs, 1, "");
  print_number("lines", n->lines, 0, "");
}

void plan_print_cost(const char *name, const plan_cost *c) {
  char time[32], waits[32], memory[32], sent[32];
  plan_print_seconds(c->seconds, time);
  plan_print_seconds(c->communication, waits);
  plan_print_bytes(c->memory, memory);
  plan_print_bytes(c->sent, sent);
  printf("  %-10s%10s%10.0f %%%15s%14s%14s\n", name, time, c->seconds > 0 ? 100 * c->serial / c->seconds : 0, waits,
         memory, sent);
}

void plan_print_head(int ranks) {
  printf("\n  on %d rank%s     time    serial  communication   memory/rank     sent/rank\n", ranks,
         ranks == 1 ? "" : "s");
}

static void print_stages(const plan_answer *p) {
  plan_print_head(p->night.ranks);
  for (int i = 0; i < PLAN_STAGES; i++) {
    const plan_cost c = plan_size_cost(&p->about, i, p->night.ranks);
    plan_print_cost(plan_stage_name(i), &c);
  }
  plan_print_cost("night", &p->night.cost);
}

static void print_bounds(const plan_answer *p) {
  const plan_numbers *n = &p->about.numbers;
  if (p->about.earlier != NULL)
    printf("\n  as in %s: %.0f epochs, %.0f and %.0f sweeps, %.2f texts asked for one\n", p->about.earlier, n->epochs,
           n->sweeps, n->refit_sweeps, n->asked);
  else
    printf("\n  at most: %.0f epochs and %.0f sweeps, where training may stop earlier; no earlier night of the job\n",
           n->epochs, n->sweeps);
}

static void print_nodes(const plan_answer *p) {
  const plan_size *s = &p->night;
  char used[32], has[32];
  plan_print_bytes((s->cost.memory - s->cost.shared) * s->ranks_per_node + s->cost.shared, used);
  plan_print_bytes(p->about.node_memory, has);
  printf("  a node: %d rank%s, %s of %s\n", s->ranks_per_node, s->ranks_per_node == 1 ? "" : "s", used, has);
}

static void print_size(const plan_answer *p) {
  const plan_size *s = &p->night;
  printf("  %s: %d rank%s on %d node%s, %lld MiB a rank, time limit %lld min\n",
         p->asked > 0 ? "as asked" : "suggested", s->ranks, s->ranks == 1 ? "" : "s", s->nodes,
         s->nodes == 1 ? "" : "s", (long long)s->rank_mebibytes, (long long)s->minutes);
  if (p->asked > 0)
    printf("  efficiency %.0f %%\n", 100 * s->efficiency);
  else if (s->ranks >= p->about.numbers.user_parts)
    printf("  because: there are %d partitions of users, and a rank needs one (efficiency %.0f %%)\n",
           p->about.numbers.user_parts, 100 * s->efficiency);
  else
    printf("  because: efficiency is %.0f %%, and falls below %.0f %% with more\n", 100 * s->efficiency,
           100 * PLAN_EFFICIENCY);
}

void plan_print_table(const plan_answer *p) {
  printf("%s: job %s\n", p->path, p->job);
  print_numbers(p);
  print_stages(p);
  print_bounds(p);
  if (p->about.dropped != NULL)
    printf("  without %s: the catalogue is too large for it (ease.items)\n", p->about.dropped);
  print_nodes(p);
  print_size(p);
}

static void print_line(const char *name, const plan_size *s) {
  printf("%s %d %d %lld %lld\n", name, s->ranks, s->nodes, (long long)s->rank_mebibytes, (long long)s->minutes);
}

void plan_print_sizes(const plan_answer *p) {
  print_line("night", &p->night);
  for (int i = 0; i < PLAN_STAGES; i++) print_line(plan_stage_name(i), &p->stage[i]);
}

static void write_cost(json_writer *w, const plan_cost *c) {
  json_writer_real(w, "seconds", c->seconds);
  json_writer_real(w, "compute_seconds", c->compute);
  json_writer_real(w, "serial_seconds", c->serial);
  json_writer_real(w, "communication_seconds", c->communication);
  json_writer_real(w, "bytes_sent", c->sent);
  json_writer_real(w, "messages", c->messages);
  json_writer_real(w, "peak_bytes", c->memory);
  json_writer_real(w, "shared_bytes", c->shared);
}

static void write_size(json_writer *w, const char *name, const plan_size *s) {
  json_writer_open(w, name, '{');
  json_writer_integer(w, "ranks", s->ranks);
  json_writer_integer(w, "nodes", s->nodes);
  json_writer_integer(w, "ranks_per_node", s->ranks_per_node);
  json_writer_integer(w, "mebibytes_per_rank", s->rank_mebibytes);
  json_writer_integer(w, "minutes", s->minutes);
  json_writer_real(w, "efficiency", s->efficiency);
  write_cost(w, &s->cost);
  json_writer_close(w, '}');
}

static void write_numbers(json_writer *w, const plan_answer *p) {
  const plan_numbers *n = &p->about.numbers;
  const struct {
    const char *name;
    double value;
  } all[] = {{"rows", n->rows},     {"events", n->events},     {"users", n->users},   {"items", n->items},
             {"pairs", n->pairs},   {"lines", n->lines},       {"tokens", n->tokens}, {"words", n->words},
             {"epochs", n->epochs}, {"messages", n->messages}, {"judged", n->judged}, {"sweeps", n->sweeps},
             {"asked", n->asked}};
  json_writer_open(w, "numbers", '{');
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) json_writer_real(w, all[i].name, all[i].value);
  json_writer_integer(w, "rows_estimated", p->about.found.rows_estimated);
  json_writer_integer(w, "users_estimated", p->about.found.users_estimated);
  json_writer_integer(w, "items_estimated", p->about.found.items_estimated);
  json_writer_close(w, '}');
}

static void write_rates(json_writer *w, const plan_rates *r) {
  const struct {
    const char *name;
    double value;
  } all[] = {{"row", r->row},
             {"copy", r->copy},
             {"sort", r->sort},
             {"file", r->file},
             {"byte", r->byte},
             {"als_event", r->als_event},
             {"als_item", r->als_item},
             {"als_row", r->als_row},
             {"exact", r->exact},
             {"score", r->score},
             {"lane_token", r->lane_token},
             {"judge_token", r->judge_token},
             {"adam", r->adam},
             {"decode_step", r->decode_step},
             {"decode_row", r->decode_row},
             {"judge_text", r->judge_text},
             {"judge_learn", r->judge_learn},
             {"check_text", r->check_text},
             {"tokeniser", r->tokeniser}};
  json_writer_open(w, "rates", '{');
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) json_writer_real(w, all[i].name, all[i].value);
  json_writer_close(w, '}');
}

status plan_print_json(const plan_answer *p, arena *a) {
  json_writer w = json_writer_start(a);
  json_writer_open(&w, NULL, '{');
  json_writer_text(&w, "job", p->job);
  write_numbers(&w, p);
  write_rates(&w, &p->about.rates);
  json_writer_real(&w, "node_bytes", p->about.node_memory);
  json_writer_integer(&w, "cores_per_node", p->about.network.ranks_per_node);
  if (p->about.earlier != NULL) json_writer_text(&w, "earlier", p->about.earlier);
  write_size(&w, "night", &p->night);
  json_writer_open(&w, "stages", '[');
  for (int i = 0; i < PLAN_STAGES; i++) {
    const plan_cost c = plan_size_cost(&p->about, i, p->night.ranks);
    json_writer_open(&w, NULL, '{');
    json_writer_text(&w, "stage", plan_stage_name(i));
    write_cost(&w, &c);
    write_size(&w, "alone", &p->stage[i]);
    json_writer_close(&w, '}');
  }
  json_writer_close(&w, ']');
  json_writer_close(&w, '}');
  TRY(w.failed);
  printf("%.*s\n", (int)w.used, w.bytes);
  return STATUS_OK;
}
