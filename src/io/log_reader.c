#include "io/log_reader.h"

#include <math.h>
#include <string.h>

#include "io/file.h"
#include "io/json_reader.h"

static status copy_text(const json_t *object, const char *name, arena *a, const char **out) {
  const char *text = json_string_value(json_object_get(object, name));
  char *own = NULL;
  TRY(arena_text(a, text != NULL ? text : "", text != NULL ? strlen(text) : 0, &own));
  *out = own;
  return STATUS_OK;
}

static status copy_value(const char *name, const json_t *value, arena *a, log_value *out) {
  char *own = NULL;
  TRY(arena_text(a, name, strlen(name), &own));
  *out = (log_value){.name = own, .number = NAN, .text = ""};
  if (json_is_string(value)) {
    out->is_text = 1;
    TRY(arena_text(a, json_string_value(value), json_string_length(value), &own));
    out->text = own;
  } else if (json_is_number(value)) {
    out->number = json_number_value(value);
  } else if (json_is_boolean(value)) {
    out->number = json_is_true(value);
  }
  return STATUS_OK;
}

static int is_head(const char *name) {
  return strcmp(name, "time") == 0 || strcmp(name, "stage") == 0 || strcmp(name, "event") == 0;
}

static status copy_entry(json_t *object, arena *a, log_entry *out) {
  TRY(copy_text(object, "time", a, &out->time));
  TRY(copy_text(object, "stage", a, &out->stage));
  TRY(copy_text(object, "event", a, &out->event));
  TRY(ARENA(a, (int64_t)json_object_size(object), &out->value));
  const char *name = NULL;
  json_t *value = NULL;
  json_object_foreach(object, name, value) {
    if (!is_head(name)) TRY(copy_value(name, value, a, &out->value[out->count++]));
  }
  return STATUS_OK;
}

/* *entry stays empty (no stage) where the line is not ours. */
static status read_line(const char *line, size_t length, arena *a, log_entry *entry) {
  *entry = (log_entry){.time = "", .stage = "", .event = ""};
  json_t *object = NULL;
  status result = json_reader_load("a line of the log", line, length, &object);
  if (result == STATUS_DATA) return STATUS_OK;
  if (json_is_object(object)) result = copy_entry(object, a, entry);
  json_decref(object);
  return result;
}

status log_reader_read(const char *path, arena *a, log_entries *out) {
  *out = (log_entries){0};
  if (!file_exists(path)) return STATUS_OK;
  char *text = NULL;
  int64_t bytes = 0, lines = 0;
  TRY(file_read(path, a, &text, &bytes));
  for (int64_t i = 0; i < bytes; i++) lines += text[i] == '\n';
  TRY(ARENA(a, lines, &out->entry));
  const char *at = text, *last = text + bytes;
  /* By memchr: where the power failed there may be zeros between two lines. */
  for (const char *end; (end = memchr(at, '\n', (size_t)(last - at))) != NULL; at = end + 1) {
    log_entry *e = &out->entry[out->count];
    TRY(read_line(at, (size_t)(end - at), a, e));
    if (e->stage[0] != '\0' && e->event[0] != '\0') out->count++;
  }
  return STATUS_OK;
}

status log_reader_members(const char *members, arena *a, log_entry *out) {
  char *object = NULL;
  TRY(arena_print(a, &object, "{%s}", members));
  return read_line(object, strlen(object), a, out);
}

static const log_value *find(const log_entry *e, const char *name) {
  for (int i = 0; i < e->count; i++)
    if (strcmp(e->value[i].name, name) == 0) return &e->value[i];
  return NULL;
}

double log_reader_number(const log_entry *e, const char *name, double otherwise) {
  const log_value *v = find(e, name);
  return v != NULL && !v->is_text ? v->number : otherwise;
}

const char *log_reader_text(const log_entry *e, const char *name) {
  const log_value *v = find(e, name);
  return v != NULL ? v->text : "";
}
