/* Where records end, in memory. A record is a pure function of the bytes from its first one on, faults and all: readers
 * of different ranges that walk the same file from its beginning agree on every record.
 *
 * Quotes are special in CSV only, and there only at the beginning of a field (RFC 4180). A record with a quote that is
 * not closed within the cap, or with text after a closing quote, is taken to be its first line alone, so that one
 * stray quote costs one row. This walks the undecoded bytes, which is right for UTF-8 and Latin-1, and for GB18030 too:
 * the later bytes of its characters are 0x30-0x39, 0x40-0x7E or 0x80-0xFE, none of them a line break, quote or comma.
 */
#ifndef IO_TABLE_RECORD_H
#define IO_TABLE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "io/table_reader.h"

enum { TABLE_RECORD_MOST = 65536, TABLE_LIST_MOST = 1 << 20, TABLE_FIELD_MOST = 4096 };

typedef struct table_record {
  size_t length; /* bytes of the record, without its line break */
  size_t span;   /* bytes to the next record; 0: it goes on to the first line break after `window` bytes */
  int64_t lines; /* line breaks inside span */
  int has_quote;
  table_fault fault; /* TABLE_OK, TABLE_BAD_QUOTE or TABLE_TOO_LONG */
} table_record;

/* The longest record of a format. */
size_t table_record_most(table_format format);

/* The record at text[0, window). The window is table_record_most + 2 bytes, or fewer where the file ends with it. */
table_record table_record_at(const char *text, size_t window, table_format format);

int64_t table_record_count_lines(const char *text, size_t length);

/* Bytes of text[0, length) that are whole lines without a quote (in CSV), each a record; 0 if there are none. */
size_t table_record_plain_lines(const char *text, size_t length, table_format format);

#endif
