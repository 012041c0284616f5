/* One record's bytes to UTF-8 fields, in place. */
#ifndef IO_TABLE_FIELDS_H
#define IO_TABLE_FIELDS_H

#include <stddef.h>

#include "base/arena.h"
#include "io/table_reader.h"

typedef struct table_decoder {
  table_encoding encoding;
  void *conversion; /* iconv_t of GB18030 */
  char *text;       /* [capacity] of the decoded record; NULL for UTF-8, which stays where it is */
  size_t capacity;
} table_decoder;

/* For records of up to `most` bytes. Fails: STATUS_BUG. */
status table_decoder_open(table_encoding encoding, size_t most, arena *memory, table_decoder *out);
void table_decoder_close(table_decoder *d);

/* Makes (*text)[0, *length) valid UTF-8 without NUL, in place or in the decoder's own memory. Returns 0 if it is not
 * the encoding. text[*length] may be written to. */
int table_decoder_text(table_decoder *d, char **text, size_t *length);

/* What ends a field of a format. */
char table_fields_separator(table_format format);

/* Cuts text[0, length) into the fields of `row`, each ended with a NUL over its separator; text[length] is overwritten.
 * Sets row->count and row->fault (TABLE_OK, TABLE_TOO_LONG, or TABLE_BAD_COUNT beyond TABLE_COLUMNS_MOST).
 * A list stops when the row is full: *rest is then the text that is left, else NULL. */
void table_fields_split(char *text, size_t length, table_format format, int has_quote, table_row *row, char **rest);

#endif
