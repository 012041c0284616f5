#include "io/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

json_writer json_writer_start(arena *a) { return (json_writer){.arena = a, .failed = STATUS_OK}; }

static void grow(json_writer *w, size_t count) {
  char *bytes = NULL;
  const int64_t capacity = 2 * (w->used + (int64_t)count) + 256;
  w->failed = ARENA(w->arena, capacity, &bytes);
  if (w->failed != STATUS_OK) return;
  if (w->used > 0) memcpy(bytes, w->bytes, (size_t)w->used);
  w->bytes = bytes;
  w->capacity = capacity;
}

void json_writer_raw(json_writer *w, const char *bytes, size_t count) {
  if (w->failed == STATUS_OK && w->used + (int64_t)count + 1 > w->capacity) grow(w, count);
  if (w->failed != STATUS_OK) return;
  memcpy(w->bytes + w->used, bytes, count);
  w->used += (int64_t)count;
  w->bytes[w->used] = '\0';
}

static void raw_text(json_writer *w, const char *text) { json_writer_raw(w, text, strlen(text)); }

static void escape(json_writer *w, unsigned char c) {
  char code[8];
  switch (c) {
    case '"': raw_text(w, "\\\""); return;
    case '\\': raw_text(w, "\\\\"); return;
    case '\n': raw_text(w, "\\n"); return;
    case '\r': raw_text(w, "\\r"); return;
    case '\t': raw_text(w, "\\t"); return;
    default: snprintf(code, sizeof code, "\\u%04x", c); raw_text(w, code);
  }
}

void json_writer_quoted(json_writer *w, const char *text) {
  raw_text(w, "\"");
  for (size_t left = strlen(text); left > 0;) {
    const int step = utf8_character(text, left);
    const unsigned char c = (unsigned char)*text;
    if (step == 0)
      raw_text(w, "\xEF\xBF\xBD");
    else if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
      escape(w, c);
    else
      json_writer_raw(w, text, (size_t)step);
    text += step == 0 ? 1 : step;
    left -= step == 0 ? 1 : (size_t)step;
  }
  raw_text(w, "\"");
}

static void indent(json_writer *w) {
  raw_text(w, "\n");
  for (int i = 0; i < w->depth; i++) raw_text(w, "  ");
}

static void begin(json_writer *w, const char *name) {
  if (w->has_before) raw_text(w, ",");
  if (w->depth > 0) indent(w);
  if (name != NULL) {
    json_writer_quoted(w, name);
    raw_text(w, ": ");
  }
  w->has_before = 1;
}

void json_writer_open(json_writer *w, const char *name, char bracket) {
  begin(w, name);
  json_writer_raw(w, &bracket, 1);
  w->depth++;
  w->has_before = 0;
}

void json_writer_close(json_writer *w, char bracket) {
  w->depth--;
  if (w->has_before) indent(w);
  json_writer_raw(w, &bracket, 1);
  w->has_before = 1;
}

void json_writer_text(json_writer *w, const char *name, const char *text) {
  begin(w, name);
  json_writer_quoted(w, text);
}

static void number(json_writer *w, int64_t value) {
  char text[32];
  snprintf(text, sizeof text, "%" PRId64, value);
  raw_text(w, text);
}

void json_writer_integer(json_writer *w, const char *name, int64_t value) {
  begin(w, name);
  number(w, value);
}

static void real(json_writer *w, double value) {
  char text[40];
  snprintf(text, sizeof text, "%.9g", value);
  raw_text(w, isfinite(value) ? text : "null");
}

void json_writer_real(json_writer *w, const char *name, double value) {
  begin(w, name);
  real(w, value);
}

void json_writer_accounts(json_writer *w, const char *name, const accounts *a) {
  json_writer_open(w, name, '{');
  for (int i = 0; i < a->count; i++) json_writer_integer(w, a->entry[i].name, a->entry[i].count);
  json_writer_close(w, '}');
}

void json_writer_integers(json_writer *w, const char *name, const int64_t *values, int count) {
  begin(w, name);
  raw_text(w, "[");
  for (int i = 0; i < count; i++) {
    if (i > 0) raw_text(w, ", ");
    number(w, values[i]);
  }
  raw_text(w, "]");
}

void json_writer_reals(json_writer *w, const char *name, const double *values, int count) {
  begin(w, name);
  raw_text(w, "[");
  for (int i = 0; i < count; i++) {
    if (i > 0) raw_text(w, ", ");
    real(w, values[i]);
  }
  raw_text(w, "]");
}

void json_writer_members(json_writer *w, const char *members) {
  if (members[0] == '\0') return;
  begin(w, NULL);
  raw_text(w, members);
}
