#include "io/settings_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "io/file.h"

enum { PATH_SIZE = 256, DEPTH_MOST = 16 };

/* The file is read event by event, so that every key is known with its place, and one wrong key does not hide the
 * next. */
typedef struct reader {
  yaml_parser_t parser;
  yaml_event_t event; /* the one at hand */
  int has_event;
  const char *file, *text;
  int64_t bytes;
  const char *only; /* prefix of the keys that the file may set; NULL: all */
  settings *s;
  arena memory;
  char path[PATH_SIZE]; /* of the value at hand */
  char faults[STATUS_TEXT_SIZE];
  size_t used;
  int count;
} reader;

__attribute__((format(printf, 2, 3))) static void add_fault(reader *r, const char *format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  const size_t length = strlen(line);
  r->count++;
  /* Room is left for the closing line. */
  if (r->used + length + 64 > sizeof r->faults) return;
  r->used += (size_t)snprintf(r->faults + r->used, sizeof r->faults - r->used, "%s%s", r->used > 0 ? "\n" : "", line);
}

static int lines_of(const char *text) {
  int n = text[0] != '\0';
  for (; *text != '\0'; text++) n += *text == '\n';
  return n;
}

static status all_faults(reader *r) {
  if (r->count == 0) return STATUS_OK;
  const int shown = lines_of(r->faults);
  if (shown < r->count)
    snprintf(r->faults + r->used, sizeof r->faults - r->used, "\n%s: and %d more faults", r->file, r->count - shown);
  return status_fail(STATUS_SETTINGS, "%s", r->faults);
}

static void place(const reader *r, yaml_mark_t mark, char out[PATH_SIZE]) {
  snprintf(out, PATH_SIZE, "%.200s:%zu:%zu", r->file, mark.line + 1, mark.column + 1);
}

/* libyaml gives bytes that are not UTF-8 by their offset only. */
static yaml_mark_t mark_at(const reader *r, size_t offset) {
  yaml_mark_t mark = {.index = offset, .line = 0, .column = 0};
  for (size_t i = 0; i < offset && i < (size_t)r->bytes; i++) {
    mark.column++;
    if (r->text[i] != '\n') continue;
    mark.line++;
    mark.column = 0;
  }
  return mark;
}

static status syntax_fault(reader *r) {
  const yaml_parser_t *p = &r->parser;
  if (p->error == YAML_MEMORY_ERROR) return status_fail(STATUS_BUG, "%s: out of memory", r->file);
  char where[PATH_SIZE];
  place(r, p->error == YAML_READER_ERROR ? mark_at(r, p->problem_offset) : p->problem_mark, where);
  add_fault(r, "%s: not valid YAML: %s%s%s", where, p->problem != NULL ? p->problem : "cannot be read",
            p->context != NULL ? " " : "", p->context != NULL ? p->context : "");
  return all_faults(r);
}

/* Moves to the next event. */
static status step(reader *r) {
  if (r->has_event) yaml_event_delete(&r->event);
  r->has_event = 0;
  if (!yaml_parser_parse(&r->parser, &r->event)) return syntax_fault(r);
  r->has_event = 1;
  return STATUS_OK;
}

/* Leaves the value at hand unread, however deep it is, and stands on its last event. */
static status skip(reader *r) {
  int depth = 0;
  for (;;) {
    const yaml_event_type_t type = r->event.type;
    depth += type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT;
    depth -= type == YAML_MAPPING_END_EVENT || type == YAML_SEQUENCE_END_EVENT;
    if (depth == 0) return STATUS_OK;
    TRY(step(r));
  }
}

/* Hands a value to the table; a fault is kept, and reading goes on. */
static status give(reader *r, const char *value, yaml_mark_t mark) {
  char where[PATH_SIZE];
  place(r, mark, where);
  if (r->only != NULL && strncmp(r->path, r->only, strlen(r->only)) != 0) {
    add_fault(r, "%s: %s: does not belong here; a partition file sets %s* only", where, r->path, r->only);
    return STATUS_OK;
  }
  const status set = settings_set(r->s, r->path, value, where, r->only != NULL);
  if (set == STATUS_SETTINGS) {
    add_fault(r, "%s", status_text());
    return STATUS_OK;
  }
  return set;
}

typedef struct seen_key {
  const char *name;
  size_t line;
  struct seen_key *before;
} seen_key;

/* Notes the key at hand. *line is that of an earlier one of the same name, or 0. */
static status note_key(reader *r, seen_key **seen, size_t *line) {
  const char *name = (const char *)r->event.data.scalar.value;
  *line = 0;
  for (const seen_key *k = *seen; k != NULL; k = k->before)
    if (strcmp(k->name, name) == 0) *line = k->line;
  seen_key *key = NULL;
  char *copy = NULL;
  TRY(ARENA(&r->memory, 1, &key));
  TRY(arena_text(&r->memory, name, strlen(name), &copy));
  *key = (seen_key){.name = copy, .line = r->event.start_mark.line + 1, .before = *seen};
  *seen = key;
  return STATUS_OK;
}

static status read_value(reader *r, yaml_mark_t mark, int depth);

/* A key and its value; stands on the key, and afterwards on the value's last event. */
static status read_pair(reader *r, seen_key **seen, int depth) {
  char where[PATH_SIZE];
  const yaml_mark_t mark = r->event.start_mark;
  place(r, mark, where);
  if (r->event.type != YAML_SCALAR_EVENT) {
    add_fault(r, "%s: a key must be a plain word", where);
    TRY(skip(r));
    TRY(step(r));
    return skip(r);
  }
  size_t earlier = 0;
  TRY(note_key(r, seen, &earlier));
  const size_t base = strlen(r->path);
  const int length =
      snprintf(r->path + base, PATH_SIZE - base, "%s%s", base > 0 ? "." : "", (const char *)r->event.data.scalar.value);
  status result = step(r);
  if (result == STATUS_OK) {
    if (length >= (int)(PATH_SIZE - base)) {
      add_fault(r, "%s: the key is too long to be known", where);
      result = skip(r);
    } else if (earlier > 0) {
      add_fault(r, "%s: %s: given twice; the first is in line %zu", where, r->path, earlier);
      result = skip(r);
    } else {
      result = read_value(r, mark, depth);
    }
  }
  r->path[base] = '\0';
  return result;
}

static status read_map(reader *r, int depth) {
  seen_key *seen = NULL;
  TRY(step(r));
  while (r->event.type != YAML_MAPPING_END_EVENT) {
    TRY(read_pair(r, &seen, depth));
    TRY(step(r));
  }
  return STATUS_OK;
}

static status read_sequence(reader *r, yaml_mark_t mark, int depth) {
  const size_t base = strlen(r->path);
  int index = 0;
  TRY(step(r));
  while (r->event.type != YAML_SEQUENCE_END_EVENT) {
    snprintf(r->path + base, PATH_SIZE - base, "[%d]", index++);
    TRY(read_value(r, r->event.start_mark, depth));
    r->path[base] = '\0';
    TRY(step(r));
  }
  /* An empty list of texts replaces the default; an empty list of maps is as if it were not there. */
  return index == 0 && !settings_is_section(r->path) ? give(r, "", mark) : STATUS_OK;
}

static status read_scalar(reader *r, yaml_mark_t mark) {
  const char *text = (const char *)r->event.data.scalar.value;
  if (strlen(text) != r->event.data.scalar.length) text = "\x01"; /* a NUL inside: refused as a control character */
  const int is_plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  const int is_null = is_plain && (strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
  return give(r, is_null ? "" : text, mark);
}

static status read_value(reader *r, yaml_mark_t mark, int depth) {
  char where[PATH_SIZE];
  place(r, mark, where);
  if (r->event.type == YAML_SCALAR_EVENT) return read_scalar(r, mark);
  if (r->event.type == YAML_ALIAS_EVENT)
    add_fault(r, "%s: %s: aliases are not used here; write the value out", where, r->path);
  else if (depth >= DEPTH_MOST)
    add_fault(r, "%s: %s: nested too deep", where, r->path);
  else if (r->event.type == YAML_SEQUENCE_START_EVENT)
    return read_sequence(r, mark, depth + 1);
  else
    return read_map(r, depth + 1);
  return skip(r);
}

static status read_document(reader *r) {
  TRY(step(r)); /* start of the stream */
  TRY(step(r));
  if (r->event.type == YAML_STREAM_END_EVENT) return all_faults(r);
  TRY(step(r));
  char where[PATH_SIZE];
  place(r, r->event.start_mark, where);
  if (r->event.type == YAML_MAPPING_START_EVENT) {
    TRY(read_map(r, 1));
  } else {
    add_fault(r, "%s: `key: value` lines are wanted", where);
    TRY(skip(r));
  }
  TRY(step(r)); /* end of the document */
  TRY(step(r));
  if (r->event.type != YAML_STREAM_END_EVENT) {
    place(r, r->event.start_mark, where);
    add_fault(r, "%s: a second document begins; one file holds one", where);
  }
  return all_faults(r);
}

static status read_file(reader *r) {
  char *text = NULL;
  TRY(file_read(r->file, &r->memory, &text, &r->bytes));
  r->text = text;
  if (!yaml_parser_initialize(&r->parser)) return status_fail(STATUS_BUG, "%s: out of memory", r->file);
  yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, (size_t)r->bytes);
  const status result = read_document(r);
  if (r->has_event) yaml_event_delete(&r->event);
  yaml_parser_delete(&r->parser);
  return result;
}

static status read_only(const char *path, const char *only, settings *s) {
  reader r = {.file = path, .only = only, .s = s};
  const status result = read_file(&r);
  arena_free(&r.memory);
  return result;
}

status settings_file_read(const char *path, settings *s) { return read_only(path, NULL, s); }

status settings_file_read_partition(const char *path, settings *s) { return read_only(path, "layout.", s); }
