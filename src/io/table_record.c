#include "io/table_record.h"

#include <string.h>

size_t table_record_most(table_format format) { return format == TABLE_LIST ? TABLE_LIST_MOST : TABLE_RECORD_MOST; }

/* Eight bytes at a time: `ones` collects, byte by byte, how many line breaks there were, up to 255 words long. */
int64_t table_record_count_lines(const char *text, size_t length) {
  const uint64_t low = 0x7F7F7F7F7F7F7F7Fu, lines = 0x0A0A0A0A0A0A0A0Au, pairs = 0x00FF00FF00FF00FFu;
  int64_t count = 0;
  while (length >= 8) {
    uint64_t ones = 0;
    for (int i = 0; i < 255 && length >= 8; i++, text += 8, length -= 8) {
      uint64_t word;
      memcpy(&word, text, 8);
      word ^= lines;
      ones += ~(((word & low) + low) | word | low) >> 7;
    }
    const uint64_t sums = (ones & pairs) + ((ones >> 8) & pairs);
    count += (int64_t)(sums * 0x0001000100010001u >> 48);
  }
  for (; length > 0; text++, length--) count += *text == '\n';
  return count;
}

size_t table_record_plain_lines(const char *text, size_t length, table_format format) {
  if (format == TABLE_CSV) {
    const char *quote = memchr(text, '"', length);
    if (quote != NULL) length = (size_t)(quote - text);
  }
  while (length > 0 && text[length - 1] != '\n') length--;
  return length;
}

/* How a walk over fields with quotes came out. */
typedef enum walk_end { WALK_CLOSED, WALK_BROKEN, WALK_EDGE } walk_end;

/* From the opening quote to what follows the closing one; NULL if it is not closed before the edge. */
static const char *after_quoted(const char *at, const char *edge) {
  for (at++; at < edge; at += 2) {
    at = memchr(at, '"', (size_t)(edge - at));
    if (at == NULL) return NULL;
    if (at + 1 == edge || at[1] != '"') return at + 1;
  }
  return NULL;
}

static int ends_field(const char *at, const char *edge) {
  if (at == edge || *at == ',' || *at == '\n') return 1;
  return *at == '\r' && (at + 1 == edge || at[1] == '\n');
}

/* Walks field by field; *end is the record's line break, or the edge. `whole` says that the file ends at the edge. */
static walk_end walk(const char *text, const char *edge, int whole, const char **end) {
  const char *line_end = memchr(text, '\n', (size_t)(edge - text));
  for (const char *at = text;; at++) {
    if (at < edge && *at == '"') {
      at = after_quoted(at, edge);
      if (at == NULL || !ends_field(at, edge)) return WALK_BROKEN;
      if (line_end != NULL && line_end < at) line_end = memchr(at, '\n', (size_t)(edge - at));
    }
    const char *stop = line_end != NULL ? line_end : edge;
    const char *comma = memchr(at, ',', (size_t)(stop - at));
    if (comma == NULL) {
      *end = stop;
      return line_end != NULL || whole ? WALK_CLOSED : WALK_EDGE;
    }
    at = comma;
  }
}

/* The first line alone. */
static table_record first_line(const char *text, const char *line_end, size_t window, int whole, table_fault fault) {
  table_record r = {.fault = fault, .length = line_end != NULL ? (size_t)(line_end - text) : window};
  if (line_end != NULL) {
    r.span = r.length + 1;
    r.lines = 1;
  } else if (whole) {
    r.span = window;
  }
  return r;
}

table_record table_record_at(const char *text, size_t window, table_format format) {
  const size_t most = table_record_most(format);
  const int whole = window < most + 2;
  const char *line_end = memchr(text, '\n', window);
  const size_t length = line_end != NULL ? (size_t)(line_end - text) : window;
  if (format != TABLE_CSV || memchr(text, '"', length) == NULL)
    return first_line(text, line_end, window, whole, length > most ? TABLE_TOO_LONG : TABLE_OK);

  const char *end = NULL;
  const walk_end how = walk(text, text + window, whole, &end);
  if (how == WALK_BROKEN) return first_line(text, line_end, window, whole, TABLE_BAD_QUOTE);
  if (how == WALK_EDGE) {
    const int64_t lines = table_record_count_lines(text, window);
    return (table_record){.length = window, .lines = lines, .has_quote = 1, .fault = TABLE_TOO_LONG};
  }
  table_record r = {.length = (size_t)(end - text), .has_quote = 1};
  r.span = r.length + (end < text + window);
  r.lines = table_record_count_lines(text, r.span);
  if (r.length > most) r.fault = TABLE_TOO_LONG;
  return r;
}
