#include "io/corpus_file.h"

#include <string.h>

#include "io/file.h"
#include "io/json_reader.h"
#include "io/table_reader.h"

/* Rows that become more. */
typedef struct rows {
  arena *arena;
  int64_t room;
  corpus_file *file;
} rows;

static status add(rows *r, const char *meaning, const char *text) {
  corpus_file *f = r->file;
  if (f->count == r->room) {
    corpus_row *larger = NULL;
    r->room = 2 * r->room + 256;
    TRY(ARENA(r->arena, r->room, &larger));
    if (f->count > 0) memcpy(larger, f->row, (size_t)f->count * sizeof *larger);
    f->row = larger;
  }
  corpus_row *row = &f->row[f->count++];
  if (meaning != NULL) TRY(arena_text(r->arena, meaning, strlen(meaning), &row->meaning));
  return arena_text(r->arena, text, strlen(text), &row->text);
}

static status read_table(const char *path, table_reader *t, const char *meaning, const char *text, rows *r) {
  const int from = meaning != NULL ? table_reader_column(t, meaning) : -1, to = table_reader_column(t, text);
  if (to < 0 || (meaning != NULL && from < 0))
    return status_fail(STATUS_DATA, "%s: there is no column %s; look at inputs.corpus.format", path,
                       to < 0 ? text : meaning);
  for (int more = 1; more;) {
    table_row row;
    TRY(table_reader_next(t, &row, &more));
    if (!more) break;
    if (row.fault == TABLE_OK)
      TRY(add(r, from >= 0 ? row.field[from] : NULL, row.field[to]));
    else
      r->file->left_out++;
  }
  return STATUS_OK;
}

static status read_csv(const char *path, const char *meaning, const char *text, rows *r) {
  const table_options options = {.format = TABLE_CSV, .encoding = TABLE_UTF8, .has_header = 1};
  table_reader *t = NULL;
  TRY(table_reader_open(path, &options, 0, 1, &t));
  const status result = read_table(path, t, meaning, text, r);
  table_reader_close(t);
  return result;
}

/* A member that must be a text. */
static status text_of(const char *path, const json_t *value, const char *what, const char **out) {
  *out = json_string_value(value);
  if (*out != NULL) return STATUS_OK;
  return status_fail(STATUS_DATA, "%s: %s is no text; look at inputs.corpus.format", path, what);
}

static status add_list(const char *path, const json_t *list, rows *r) {
  size_t i;
  const json_t *entry;
  json_array_foreach(list, i, entry) {
    const char *act = NULL, *sentence = NULL;
    TRY(text_of(path, json_array_get(entry, 0), "an act", &act));
    TRY(text_of(path, json_array_get(entry, 1), "a sentence", &sentence));
    TRY(add(r, act, sentence));
  }
  return STATUS_OK;
}

/* The comment lines become empty ones, so that places in sentences of faults stay right. */
static status read_list(const char *path, rows *r) {
  char *bytes = NULL;
  int64_t count = 0;
  json_t *list = NULL;
  TRY(file_read(path, r->arena, &bytes, &count));
  for (char *at = bytes; *at == '#'; at += *at != '\0')
    for (; *at && *at != '\n'; at++) *at = ' ';
  TRY(json_reader_load(path, bytes, (size_t)count, &list));
  const status result = add_list(path, list, r);
  json_decref(list);
  return result;
}

static status add_object(const char *path, const char *line, rows *r) {
  json_t *object = NULL;
  const char *content = NULL, *summary = NULL;
  TRY(json_reader_load(path, line, strlen(line), &object));
  status result = text_of(path, json_object_get(object, "content"), "content", &content);
  if (result == STATUS_OK) result = text_of(path, json_object_get(object, "summary"), "summary", &summary);
  if (result == STATUS_OK) result = add(r, content, summary);
  json_decref(object);
  return result;
}

static status read_lines(const char *path, corpus_format format, rows *r) {
  char *at = NULL;
  int64_t count = 0;
  TRY(file_read(path, r->arena, &at, &count));
  while (*at) {
    const size_t length = strcspn(at, "\r\n");
    const int is_last = at[length] == '\0';
    at[length] = '\0';
    if (length > 0) TRY(format == CORPUS_PTB ? add(r, NULL, at) : add_object(path, at, r));
    at += length + !is_last;
  }
  return STATUS_OK;
}

status corpus_file_read(const char *path, corpus_format format, const char *column, arena *a, corpus_file *out) {
  *out = (corpus_file){0};
  rows r = {a, 0, out};
  switch (format) {
    case CORPUS_E2E: TRY(read_csv(path, "mr", "ref", &r)); break;
    case CORPUS_REVIEWS: TRY(read_csv(path, NULL, column, &r)); break;
    case CORPUS_RNNLG: TRY(read_list(path, &r)); break;
    case CORPUS_PTB:
    case CORPUS_ADVERTISEGEN: TRY(read_lines(path, format, &r)); break;
  }
  return out->count > 0 ? STATUS_OK : status_fail(STATUS_DATA, "%s: there is no text in it", path);
}
