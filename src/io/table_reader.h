/* Rows of a delimited text file: CSV (RFC 4180), TSV, pipe-separated or lists; plain or .zst; UTF-8, GB18030 or
 * Latin-1. A file is cut into ranges, each read by one caller: range i of n holds the records that begin in its share
 * of the bytes (of a .zst: of the compressed ones), so that the ranges in order give each row of the file once, for any
 * n.
 *
 * Quoted fields of a CSV may hold line breaks, so where records begin depends on all quotes before: each reader walks
 * the file from its first byte, and only skims what lies before its range. A quote is special at the beginning of a
 * field only. A record with a stray quote (not closed within 64 KiB, or text after the closing one) is its first line
 * alone: it costs one row. LF and CR LF end a line; a byte order mark is skipped. */
#ifndef IO_TABLE_READER_H
#define IO_TABLE_READER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* The first four in the order of the settings; TABLE_LINES: a line is one field, whatever it holds. */
typedef enum table_format { TABLE_CSV, TABLE_TSV, TABLE_PIPE, TABLE_LIST, TABLE_LINES } table_format;
typedef enum table_encoding { TABLE_UTF8, TABLE_GB18030, TABLE_LATIN1 } table_encoding;

/* Why a row was not delivered. Append only. */
typedef enum table_fault {
  TABLE_OK,
  TABLE_BAD_QUOTE,    /* a quote opened and never closed, or text after a closing quote */
  TABLE_BAD_ENCODING, /* bytes that are not the encoding; NUL */
  TABLE_TOO_LONG,     /* a record over 64 KiB (a list: 1 MiB) or a field over 4 KiB */
  TABLE_BAD_COUNT,    /* fewer or more fields than the header */
  TABLE_FAULTS
} table_fault;

const char *table_fault_name(table_fault f); /* "bad_quote", "bad_encoding", … as in the manifest */

enum { TABLE_COLUMNS_MOST = 256 };

typedef struct table_options {
  table_format format;
  table_encoding encoding;
  int has_header;           /* first record names the columns */
  const char *const *names; /* column names where there is no header; NULL with one. A LIST has none. */
  int name_count;
} table_options;

typedef struct table_reader table_reader;

/* Opens range `index` of `count`. The header is read by every range.
 * Fails: STATUS_MISSING (no such file), STATUS_DATA (empty file, broken header, damaged .zst), STATUS_PERMISSION,
 * STATUS_IO. */
status table_reader_open(const char *path, const table_options *options, int index, int count, table_reader **out);
void table_reader_close(table_reader *r);

/* Column of `name`, or -1. */
int table_reader_column(const table_reader *r, const char *name);
/* Names of all columns, for the sentence that says which column is missing. */
const char *table_reader_columns(const table_reader *r, arena *a);

typedef struct table_row {
  int count;                             /* fields */
  const char *field[TABLE_COLUMNS_MOST]; /* NUL-terminated UTF-8, valid until the next call; never NULL */
  int32_t length[TABLE_COLUMNS_MOST];
  int64_t line;      /* 1-based line in the file on which the record begins */
  table_fault fault; /* != TABLE_OK: the fields mean nothing; count the row and go on */
} table_row;

/* Next record of the range; *more is 0 after the last. Empty lines are skipped. A list with more than
 * TABLE_COLUMNS_MOST fields comes as several rows of the same line, its first field (the user) before each.
 * Fails: STATUS_IO, STATUS_DATA (a truncated or damaged .zst: what was cut cannot be known, so the job stops). */
status table_reader_next(table_reader *r, table_row *row, int *more);

#endif
