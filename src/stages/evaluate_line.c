#include "stages/evaluate_line.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 64 };

static void put(json_writer *w, const char *text) { json_writer_raw(w, text, strlen(text)); }

static void put_name(json_writer *w, const char *name) {
  put(w, ", ");
  json_writer_quoted(w, name);
  put(w, ": ");
}

void evaluate_line_open(json_writer *w, const char *model, const char *data) {
  put(w, "{\"model\": ");
  json_writer_quoted(w, model);
  put_name(w, "data");
  json_writer_quoted(w, data);
}

void evaluate_line_real(json_writer *w, const char *name, double value) {
  char text[64];
  snprintf(text, sizeof text, "%.6f", value);
  put_name(w, name);
  put(w, text);
}

void evaluate_line_integer(json_writer *w, const char *name, int64_t value) {
  char text[32];
  snprintf(text, sizeof text, "%lld", (long long)value);
  put_name(w, name);
  put(w, text);
}

static void put_mean(json_writer *w, const char *metric, int k, const verdict_mean *m) {
  char name[NAME];
  snprintf(name, sizeof name, "%s@%d", metric, k);
  evaluate_line_real(w, name, m->mean);
  if (m->low >= m->high) return;
  snprintf(name, sizeof name, "%s@%d_low", metric, k);
  evaluate_line_real(w, name, m->low);
  snprintf(name, sizeof name, "%s@%d_high", metric, k);
  evaluate_line_real(w, name, m->high);
}

void evaluate_line_verdict(json_writer *w, int k, const verdict *v) {
  const struct {
    const char *name;
    double value;
  } whole[] = {{"coverage", v->coverage}, {"gini", v->gini}, {"novelty", v->novelty}};
  put_mean(w, "recall", k, &v->recall);
  put_mean(w, "ndcg", k, &v->ndcg);
  put_mean(w, "hit_rate", k, &v->hit_rate);
  put_mean(w, "map", k, &v->map);
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    char name[NAME];
    snprintf(name, sizeof name, "%s@%d", whole[i].name, k);
    evaluate_line_real(w, name, whole[i].value);
  }
  evaluate_line_integer(w, "users", v->judged);
  evaluate_line_integer(w, "targets", v->targets);
}

/* Weights span many powers of ten, as the models' scores do. */
static void put_object(json_writer *w, const char *name, const ensemble *e, int exponents) {
  put_name(w, name);
  for (int i = 0; i < e->terms; i++) {
    char text[64];
    snprintf(text, sizeof text, ": %.6g", exponents ? e->term[i].exponent : e->term[i].weight);
    put(w, i == 0 ? "{" : ", ");
    json_writer_quoted(w, e->term[i].kind->name);
    put(w, text);
  }
  put(w, "}");
}

void evaluate_line_weights(json_writer *w, const ensemble *e) {
  put_object(w, "weights", e, 0);
  put_object(w, "exponents", e, 1);
}

void evaluate_line_close(json_writer *w) { put(w, "}\n"); }
