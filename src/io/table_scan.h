/* Lines of plain text cut into fields, whose ends are found sixty-four bytes at a time: the way most rows take. What
 * comes out is what table_record and table_fields make of the same bytes. */
#ifndef IO_TABLE_SCAN_H
#define IO_TABLE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "io/table_reader.h"

/* Bytes looked at in one go, and so the longest line that can be taken. */
enum { TABLE_SCAN_MOST = 4096 };

typedef struct table_scan {
  char separator, quote;              /* quote '\0': none */
  const char *text;                   /* the marks count from here */
  int marks, next;                    /* those found; those not passed yet begin here */
  uint16_t mark[TABLE_SCAN_MOST + 8]; /* ends of fields and lines, and room to write more than there are */
} table_scan;

/* Before the text is moved, or read by other means. */
void table_scan_forget(table_scan *s);

/* Takes the line at text[0, length) if it is plain, whole, of at most TABLE_COLUMNS_MOST fields, and ended by a line
 * break: fills row->count, field and length, puts a NUL at the end of each field, and returns the bytes of the line
 * with its break. row->count is 0 for an empty line. Returns 0 if it must be read in another way; `text` is then
 * untouched. Plain is what holds no NUL, no byte above 0x7F and no quote. */
size_t table_scan_line(table_scan *s, char *text, size_t length, table_row *row);

#endif
