#include "io/table_reader.h"

#include <string.h>

#include "io/table_fields.h"
#include "io/table_record.h"
#include "io/table_scan.h"
#include "io/table_stream.h"

/* Every reader walks the file from its first byte, since whether a line break ends a record depends on all quotes
 * before it; what lies before the range is only skimmed. Fields are cut in place in the read buffer: of a plain UTF-8
 * file no byte is copied except the tail of each buffer.
 *
 * Lines of plain ASCII without quotes, which is most of what there is, are cut where table_scan has found the ends of
 * their fields, some thousand bytes ahead. Any other record goes the long way, which knows all the rules. */
enum { WINDOWS = 4 }; /* in the buffer, which is to stay in a cache near by */

struct table_reader {
  arena memory;
  char *path;
  table_options options;
  table_stream stream;
  table_decoder decoder;
  size_t window;                 /* bytes that must be in sight to tell a record */
  char *buffer;                  /* [capacity + 1] */
  size_t capacity, used, filled; /* buffer[used, filled) is not consumed yet */
  int at_end;                    /* the stream has no more */
  int64_t offset;                /* in the file, of buffer[used] */
  int column_count;              /* 0: any number of fields */
  const char **column;           /* [column_count] */
  table_scan scan;               /* of plain lines ahead */
  char *rest, *rest_end;         /* what is left of a list too long for one row */
  const char *rest_user;
  int32_t rest_user_length;
  int64_t rest_line;
  int64_t line; /* that begins at `offset`. Not beside it: as a pair of words they would be added to through memory */
};

const char *table_fault_name(table_fault f) {
  static const char *const names[TABLE_FAULTS] = {"ok", "bad_quote", "bad_encoding", "too_long", "bad_count"};
  return (unsigned)f < TABLE_FAULTS ? names[f] : "unknown";
}

/* Brings a whole window into sight, or all that is left of the file. */
static status fill(table_reader *r) {
  if (r->filled - r->used >= r->window || r->at_end) return STATUS_OK;
  table_scan_forget(&r->scan);
  memmove(r->buffer, r->buffer + r->used, r->filled - r->used);
  r->filled -= r->used;
  r->used = 0;
  while (r->filled < r->capacity && !r->at_end) {
    size_t got = 0;
    TRY(table_stream_read(&r->stream, r->buffer + r->filled, r->capacity - r->filled, &got));
    r->at_end = got == 0;
    r->filled += got;
  }
  return STATUS_OK;
}

static void consume(table_reader *r, size_t bytes, int64_t lines) {
  r->used += bytes;
  r->offset += (int64_t)bytes;
  r->line += lines;
}

/* Goes to the next line, however far it is. */
static status discard_line(table_reader *r) {
  for (;;) {
    TRY(fill(r));
    const size_t left = r->filled - r->used;
    if (left == 0) return STATUS_OK;
    const char *at = r->buffer + r->used;
    const char *line_end = memchr(at, '\n', left);
    consume(r, line_end != NULL ? (size_t)(line_end - at) + 1 : left, line_end != NULL);
    if (line_end != NULL) return STATUS_OK;
  }
}

/* Takes the next record; *text is NULL after the last one of the file. *text stays in the buffer until the next call.
 */
static status take_record(table_reader *r, char **text, table_record *record) {
  *text = NULL;
  TRY(fill(r));
  size_t window = r->filled - r->used;
  if (window == 0) return STATUS_OK;
  if (window > r->window) window = r->window;
  char *at = r->buffer + r->used;
  *record = table_record_at(at, window, r->options.format);
  *text = at;
  if (record->span > 0) {
    consume(r, record->span, record->lines);
    return STATUS_OK;
  }
  consume(r, window, record->lines);
  return discard_line(r); /* *text is spoilt, but a record of this kind is a fault and not looked at */
}

/* Skims to the first record of the range. */
static status skip_to_start(table_reader *r) {
  for (;;) {
    TRY(fill(r));
    if (r->offset >= r->stream.start || r->filled == r->used) return STATUS_OK;
    size_t length = r->filled - r->used;
    if ((int64_t)length > r->stream.start - r->offset) length = (size_t)(r->stream.start - r->offset);
    const char *at = r->buffer + r->used;
    length = table_record_plain_lines(at, length, r->options.format);
    if (length > 0) {
      consume(r, length, table_record_count_lines(at, length));
    } else {
      char *text = NULL;
      table_record record;
      TRY(take_record(r, &text, &record));
    }
  }
}

/* The rest of a list line, with the user before it again. */
static void next_of_list(table_reader *r, table_row *row) {
  row->line = r->rest_line;
  row->field[0] = r->rest_user;
  row->length[0] = r->rest_user_length;
  row->count = 1;
  row->fault = TABLE_OK;
  char *rest = r->rest;
  table_fields_split(rest, (size_t)(r->rest_end - rest), TABLE_LIST, 0, row, &r->rest);
  if (row->fault != TABLE_OK) r->rest = NULL;
}

/* Decodes and cuts a record. Returns 0 for an empty line, which is no row. */
static int read_row(table_reader *r, char *text, const table_record *record, table_row *row) {
  row->count = 0;
  row->fault = record->fault;
  if (record->fault != TABLE_OK) return 1;
  size_t length = record->length;
  if (length > 0 && text[length - 1] == '\r') length--;
  if (length == 0) return 0;
  if (!table_decoder_text(&r->decoder, &text, &length)) {
    row->fault = TABLE_BAD_ENCODING;
    return 1;
  }
  table_fields_split(text, length, r->options.format, record->has_quote, row, &r->rest);
  if (row->fault != TABLE_OK) {
    r->rest = NULL;
    return 1;
  }
  if (r->rest != NULL) {
    r->rest_end = text + length;
    r->rest_user = row->field[0];
    r->rest_user_length = row->length[0];
    r->rest_line = row->line;
  }
  if (r->column_count > 0 && row->count != r->column_count) row->fault = TABLE_BAD_COUNT;
  return row->count > 0;
}

/* Takes the line at buffer[used] if it is plain; *taken says whether it was. row->count is 0 if it was empty. */
static void take_plain(table_reader *r, table_row *row, int *taken) {
  *taken = 0;
  if (r->options.format == TABLE_LIST) return;
  const size_t span = table_scan_line(&r->scan, r->buffer + r->used, r->filled - r->used, row);
  if (span == 0) return;
  *taken = 1;
  consume(r, span, 1);
  row->fault = r->column_count > 0 && row->count != r->column_count ? TABLE_BAD_COUNT : TABLE_OK;
}

status table_reader_next(table_reader *r, table_row *row, int *more) {
  *more = 1;
  if (r->rest != NULL) {
    next_of_list(r, row);
    return STATUS_OK;
  }
  TRY(skip_to_start(r));
  for (;;) {
    char *text = NULL;
    table_record record;
    TRY(fill(r));
    row->line = r->line;
    if (r->offset >= r->stream.limit) break;
    int taken = 0;
    take_plain(r, row, &taken);
    if (taken && row->count > 0) return STATUS_OK;
    if (taken) continue;
    TRY(take_record(r, &text, &record));
    if (text == NULL) break;
    if (read_row(r, text, &record, row)) return STATUS_OK;
  }
  *more = 0;
  return STATUS_OK;
}

static void skip_mark(table_reader *r) {
  static const char utf8[] = "\xEF\xBB\xBF", gb18030[] = "\x84\x31\x95\x33";
  const char *mark = r->options.encoding == TABLE_GB18030 ? gb18030 : utf8;
  const size_t length = strlen(mark);
  if (r->options.encoding == TABLE_LATIN1 || r->filled - r->used < length) return;
  if (memcmp(r->buffer + r->used, mark, length) == 0) consume(r, length, 0);
}

static status keep_columns(table_reader *r, const char *const *names, int count) {
  r->column_count = count;
  TRY(ARENA(&r->memory, count, &r->column));
  for (int i = 0; i < count; i++) {
    char *name = NULL;
    TRY(arena_text(&r->memory, names[i], strlen(names[i]), &name));
    r->column[i] = name;
  }
  return STATUS_OK;
}

static status read_header(table_reader *r) {
  table_row *row = NULL;
  TRY(ARENA(&r->memory, 1, &row));
  for (;;) {
    char *text = NULL;
    table_record record;
    TRY(take_record(r, &text, &record));
    if (text == NULL) return status_fail(STATUS_DATA, "%s: is empty: there is no header line", r->path);
    if (read_row(r, text, &record, row)) break;
  }
  if (row->fault != TABLE_OK)
    return status_fail(STATUS_DATA, "%s: the header line is broken (%s); is it of another format or encoding?", r->path,
                       table_fault_name(row->fault));
  return keep_columns(r, row->field, row->count);
}

static status open_all(table_reader *r, const char *path, int index, int count) {
  TRY(arena_text(&r->memory, path, strlen(path), &r->path));
  r->window = table_record_most(r->options.format) + 2;
  r->capacity = WINDOWS * r->window;
  TRY(ARENA(&r->memory, (int64_t)r->capacity + 1, &r->buffer));
  TRY(table_decoder_open(r->options.encoding, r->window, &r->memory, &r->decoder));
  TRY(table_stream_open(r->path, index, count, &r->memory, &r->stream));
  TRY(fill(r));
  if (r->filled == 0) return status_fail(STATUS_DATA, "%s: is empty", r->path);
  skip_mark(r);
  if (r->options.format == TABLE_LIST) return STATUS_OK;
  if (r->options.has_header) return read_header(r);
  return keep_columns(r, r->options.names, r->options.name_count);
}

status table_reader_open(const char *path, const table_options *options, int index, int count, table_reader **out) {
  *out = NULL;
  arena memory = {0};
  table_reader *r = NULL;
  TRY(ARENA(&memory, 1, &r));
  r->memory = memory;
  r->options = *options;
  r->stream.fd = -1;
  r->line = 1;
  r->scan = (table_scan){.separator = table_fields_separator(options->format),
                         .quote = options->format == TABLE_CSV ? '"' : '\0'};
  const status opened = open_all(r, path, index, count);
  r->options.names = NULL; /* copied: the caller's may go */
  if (opened != STATUS_OK) {
    table_reader_close(r);
    return opened;
  }
  *out = r;
  return STATUS_OK;
}

void table_reader_close(table_reader *r) {
  if (r == NULL) return;
  table_decoder_close(&r->decoder);
  table_stream_close(&r->stream);
  arena memory = r->memory; /* holds the reader itself */
  arena_free(&memory);
}

int table_reader_column(const table_reader *r, const char *name) {
  for (int i = 0; i < r->column_count; i++)
    if (strcmp(r->column[i], name) == 0) return i;
  return -1;
}

const char *table_reader_columns(const table_reader *r, arena *a) {
  char *text = "";
  for (int i = 0; i < r->column_count; i++)
    if (arena_print(a, &text, "%s%s%s", text, i > 0 ? ", " : "", r->column[i]) != STATUS_OK) return "";
  return text;
}
