#include "support/table_twin.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { RECORD_MOST = 65536, FIELD_MOST = 4096 };
enum state { AT_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

/* The first line break at or after `from`, or the end of the text. */
static size_t line_end(const char *text, size_t length, size_t from) {
  while (from < length && text[from] != '\n') from++;
  return from;
}

/* The end of the record that begins at `at`: its line break, or the end of the text. */
static size_t record_end(const char *text, size_t length, size_t at, twin_fault *fault) {
  enum state state = AT_START;
  size_t i = at;
  *fault = TWIN_OK;
  for (; i < length && i < at + RECORD_MOST + 2; i++) {
    const char c = text[i];
    if (state == IN_QUOTES) {
      if (c == '"') state = AFTER_QUOTE;
      continue;
    }
    if (c == '\n') break;
    if (c == '"' && state == AFTER_QUOTE) {
      state = IN_QUOTES;
    } else if (c == '"' && state == AT_START) {
      state = IN_QUOTES;
    } else if (c == ',') {
      state = AT_START;
    } else if (state == AFTER_QUOTE) {
      const int before_break = c == '\r' && (i + 1 == length || i + 1 == at + RECORD_MOST + 2 || text[i + 1] == '\n');
      if (!before_break) {
        *fault = TWIN_BAD_QUOTE;
        return line_end(text, length, at);
      }
    } else {
      state = IN_PLAIN;
    }
  }
  if (state == IN_QUOTES) {
    *fault = TWIN_BAD_QUOTE;
    return line_end(text, length, at);
  }
  if (i - at > RECORD_MOST) *fault = TWIN_TOO_LONG;
  return line_end(text, length, i);
}

static void add(twin_row *row, char *field, size_t length) {
  if (row->count == TWIN_FIELDS_MOST) row->fault = TWIN_BAD_COUNT;
  if (length > FIELD_MOST) row->fault = TWIN_TOO_LONG;
  if (row->fault != TWIN_OK) {
    free(field);
    return;
  }
  field[length] = '\0';
  row->field[row->count++] = field;
}

static void cut(const char *text, size_t length, twin_row *row) {
  size_t i = 0;
  for (;;) {
    char *field = malloc(length + 1);
    size_t n = 0;
    if (i < length && text[i] == '"') {
      for (i++; i < length; i++) {
        if (text[i] == '"' && (i + 1 >= length || text[i + 1] != '"')) break;
        if (text[i] == '"') i++;
        field[n++] = text[i];
      }
      i++;
    } else {
      while (i < length && text[i] != ',') field[n++] = text[i++];
    }
    add(row, field, n);
    if (row->fault != TWIN_OK || i >= length) return;
    i++;
  }
}

int table_twin_next(const char *text, size_t length, int columns, size_t *at, int64_t *line, twin_row *row) {
  if (*at >= length) return 0;
  row->count = 0;
  row->line = *line;
  const size_t begin = *at, end = record_end(text, length, begin, &row->fault);
  for (size_t i = begin; i < end; i++) *line += text[i] == '\n';
  *line += end < length;
  *at = end + 1;
  if (row->fault != TWIN_OK) return 1;
  size_t count = end - begin;
  if (count > 0 && text[end - 1] == '\r') count--;
  if (count == 0) return 1;
  if (!utf8_is_valid(text + begin, count) || memchr(text + begin, '\0', count) != NULL)
    row->fault = TWIN_BAD_ENCODING;
  else
    cut(text + begin, count, row);
  if (row->fault == TWIN_OK && row->count != columns) row->fault = TWIN_BAD_COUNT;
  return 1;
}

void table_twin_clear(twin_row *row) {
  for (int i = 0; i < row->count; i++) free(row->field[i]);
  row->count = 0;
}
