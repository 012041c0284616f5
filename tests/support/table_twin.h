/* The slow, obvious reader of delimited text: one byte at a time over a whole file in memory. */
#ifndef SUPPORT_TABLE_TWIN_H
#define SUPPORT_TABLE_TWIN_H

#include <stddef.h>
#include <stdint.h>

enum { TWIN_FIELDS_MOST = 256 };

typedef enum twin_fault { TWIN_OK, TWIN_BAD_QUOTE, TWIN_BAD_ENCODING, TWIN_TOO_LONG, TWIN_BAD_COUNT } twin_fault;

typedef struct twin_row {
  int64_t line;
  twin_fault fault;
  int count;
  char *field[TWIN_FIELDS_MOST]; /* malloc; NUL-terminated */
} twin_row;

/* Reads the record of UTF-8 CSV that begins at text[*at], and moves *at and *line past it. `columns` is the wanted
 * number of fields. Returns 0 at the end; empty lines are rows without fields. Free the fields with table_twin_clear.
 */
int table_twin_next(const char *text, size_t length, int columns, size_t *at, int64_t *line, twin_row *row);
void table_twin_clear(twin_row *row);

#endif
