#include "io/table_fields.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "io/table_record.h"

/* Neither encoding takes more than twice the bytes in UTF-8: Latin-1 goes from 1 to 2, GB18030 from 1, 2 or 4 bytes to
 * 1, 3 or 4. */
enum { GROWTH = 2 };

status table_decoder_open(table_encoding encoding, size_t most, arena *memory, table_decoder *out) {
  *out = (table_decoder){.encoding = encoding, .capacity = GROWTH * most};
  if (encoding == TABLE_UTF8) return STATUS_OK;
  TRY(ARENA(memory, (int64_t)out->capacity + 1, &out->text));
  if (encoding != TABLE_GB18030) return STATUS_OK;
  const iconv_t conversion = iconv_open("UTF-8", "GB18030");
  if (conversion == (iconv_t)-1)
    return status_fail(STATUS_BUG, "this system's iconv does not know GB18030; install the C library's gconv modules");
  out->conversion = conversion;
  return STATUS_OK;
}

void table_decoder_close(table_decoder *d) {
  if (d->conversion != NULL) iconv_close(d->conversion);
  d->conversion = NULL;
}

/* Bytes before the first word of eight that holds a NUL or a byte above 0x7F. */
static size_t plain_prefix(const char *text, size_t length) {
  const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, text + i, 8);
    if ((((word - ones) | word) & tops) != 0) break;
  }
  return i;
}

static size_t from_latin1(const char *text, size_t length, char *out) {
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c < 0x80) {
      out[n++] = (char)c;
    } else {
      out[n++] = (char)(0xC0 | c >> 6);
      out[n++] = (char)(0x80 | (c & 0x3F));
    }
  }
  return n;
}

int table_decoder_text(table_decoder *d, char **text, size_t *length) {
  const size_t plain = plain_prefix(*text, *length);
  char *in = *text + plain;
  size_t left = *length - plain;
  if (left == 0) return 1;
  if (memchr(in, '\0', left) != NULL) return 0;
  if (d->encoding == TABLE_UTF8) return utf8_is_valid(in, left);
  if (*length > d->capacity / GROWTH) return 0;

  memcpy(d->text, *text, plain);
  size_t decoded = plain;
  if (d->encoding == TABLE_LATIN1) {
    decoded += from_latin1(in, left, d->text + plain);
  } else {
    char *out = d->text + plain;
    size_t room = d->capacity - plain;
    iconv(d->conversion, NULL, NULL, NULL, NULL);
    if (iconv(d->conversion, &in, &left, &out, &room) == (size_t)-1) return 0;
    decoded = (size_t)(out - d->text);
  }
  *text = d->text;
  *length = decoded;
  return 1;
}

/* Notes a field; 0 once the row is of no use. */
static int add_field(table_row *row, char *field, size_t length) {
  if (row->count == TABLE_COLUMNS_MOST) row->fault = TABLE_BAD_COUNT;
  if (length > TABLE_FIELD_MOST) row->fault = TABLE_TOO_LONG;
  if (row->fault != TABLE_OK) return 0;
  field[length] = '\0';
  row->field[row->count] = field;
  row->length[row->count++] = (int32_t)length;
  return 1;
}

static void split_plain(char *text, char *end, char separator, table_row *row) {
  for (;;) {
    char *stop = memchr(text, separator, (size_t)(end - text));
    const int is_last = stop == NULL;
    if (is_last) stop = end;
    if (!add_field(row, text, (size_t)(stop - text)) || is_last) return;
    text = stop + 1;
  }
}

/* Takes the quotes off the field at `text`, whose closing quote is known to be there. Returns what follows it. */
static char *unquote(char *text, char *end, size_t *length) {
  char *in = text + 1, *out = text;
  for (;;) {
    char *quote = memchr(in, '"', (size_t)(end - in));
    if (quote == NULL) quote = end;
    const size_t count = (size_t)(quote - in);
    memmove(out, in, count);
    out += count;
    if (quote + 1 >= end || quote[1] != '"') {
      *length = (size_t)(out - text);
      return quote < end ? quote + 1 : end;
    }
    *out++ = '"';
    in = quote + 2;
  }
}

static void split_quoted(char *text, char *end, table_row *row) {
  for (;;) {
    size_t length = 0;
    char *stop = NULL;
    if (text < end && *text == '"') {
      stop = unquote(text, end, &length);
    } else {
      stop = memchr(text, ',', (size_t)(end - text));
      if (stop == NULL) stop = end;
      length = (size_t)(stop - text);
    }
    const int is_last = stop == end; /* asked before add_field ends the field over the separator */
    if (!add_field(row, text, length) || is_last) return;
    text = stop + 1;
  }
}

static void split_blanks(char *text, char *end, table_row *row, char **rest) {
  for (;;) {
    while (text < end && (*text == ' ' || *text == '\t')) text++;
    if (text == end) return;
    if (row->count == TABLE_COLUMNS_MOST) {
      *rest = text;
      return;
    }
    char *stop = text;
    while (stop < end && *stop != ' ' && *stop != '\t') stop++;
    const int is_last = stop == end;
    if (!add_field(row, text, (size_t)(stop - text)) || is_last) return;
    text = stop + 1;
  }
}

char table_fields_separator(table_format format) {
  static const char separators[] = {
      [TABLE_CSV] = ',', [TABLE_TSV] = '\t', [TABLE_PIPE] = '|', [TABLE_LIST] = ' ', [TABLE_LINES] = '\n'};
  return separators[format];
}

void table_fields_split(char *text, size_t length, table_format format, int has_quote, table_row *row, char **rest) {
  char *end = text + length;
  *rest = NULL;
  if (format == TABLE_LIST)
    split_blanks(text, end, row, rest);
  else if (has_quote)
    split_quoted(text, end, row);
  else
    split_plain(text, end, table_fields_separator(format), row);
}
