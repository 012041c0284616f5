/* io/table_reader: every format and encoding, plain and .zst, read whole and in ranges, which must give the same rows;
 * and those of the slow twin.
 * Input: format, encoding and header; ranges, packing and repetition; the text. */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "io/table_reader.h"
#include "support/table_twin.h"

enum { FRAME_BYTES = 512, REPEATED_MOST = 1 << 18 };
typedef enum packing { PLAIN, AS_IT_IS, BY_FRAMES } packing;

static const char *const names[] = {"user", "item", "time"};

typedef struct rows {
  status result;
  int64_t count;
  uint64_t hash; /* over all rows, one after another */
} rows;

static void add(rows *all, const table_row *row) {
  FUZZ_HOLDS(row->line >= 1 && (unsigned)row->fault < TABLE_FAULTS);
  all->count++;
  all->hash = hash_bytes(&row->line, sizeof row->line, all->hash ^ (uint64_t)row->fault);
  if (row->fault != TABLE_OK) return;
  FUZZ_HOLDS(row->count >= 1 && row->count <= TABLE_COLUMNS_MOST);
  for (int i = 0; i < row->count; i++) {
    const size_t length = (size_t)row->length[i];
    FUZZ_HOLDS(row->field[i][length] == '\0' && strlen(row->field[i]) == length);
    FUZZ_HOLDS(utf8_is_valid(row->field[i], length));
    all->hash = hash_bytes(row->field[i], length, all->hash);
  }
}

static void read_range(const char *path, const table_options *options, int index, int count, rows *all) {
  table_reader *r = NULL;
  table_row row;
  int more = 0;
  status result = table_reader_open(path, options, index, count, &r);
  if (result == STATUS_OK) {
    arena a = {0};
    FUZZ_HOLDS(table_reader_columns(r, &a) != NULL && table_reader_column(r, "\xFF") < 0);
    arena_free(&a);
    for (result = table_reader_next(r, &row, &more); result == STATUS_OK && more;
         result = table_reader_next(r, &row, &more))
      add(all, &row);
    table_reader_close(r);
  }
  if (result == STATUS_OK) return;
  fuzz_failed(result);
  all->result = result;
}

/* The rows of the twin, in the same order with the same faults. */
static void hold_against_twin(const char *path, const table_options *options, const char *text, size_t length) {
  table_reader *r = NULL;
  table_row row;
  static twin_row twin;
  size_t at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  int64_t line = 1;
  int more = 0;
  if (table_reader_open(path, options, 0, 1, &r) != STATUS_OK) return;
  while (table_twin_next(text, length, options->name_count, &at, &line, &twin)) {
    if (twin.fault == TWIN_BAD_COUNT || twin.count > 0 || twin.fault != TWIN_OK) {
      if (twin.fault == TWIN_BAD_COUNT && twin.count == 0) continue;
      FUZZ_HOLDS(table_reader_next(r, &row, &more) == STATUS_OK && more);
      FUZZ_HOLDS(row.line == twin.line && (int)row.fault == (int)twin.fault);
      for (int i = 0; row.fault == TABLE_OK && i < row.count; i++) FUZZ_HOLDS(strcmp(row.field[i], twin.field[i]) == 0);
    }
    table_twin_clear(&twin);
  }
  table_twin_clear(&twin);
  FUZZ_HOLDS(table_reader_next(r, &row, &more) == STATUS_OK && !more);
  table_reader_close(r);
}

static char *repeat(const uint8_t *bytes, size_t count, size_t times, size_t *length) {
  while (times > 1 && count * times > REPEATED_MOST) times--;
  char *text = malloc(count * times + 1);
  FUZZ_HOLDS(text != NULL);
  for (size_t i = 0; i < times; i++) memcpy(text + i * count, bytes, count);
  *length = count * times;
  return text;
}

/* Many small frames, which pack badly: a file of several pieces out of little text. */
static const char *pack(const char *text, size_t length) {
  const size_t frames = length / FRAME_BYTES + 1, room = ZSTD_compressBound(FRAME_BYTES);
  char *packed = malloc(frames * room);
  FUZZ_HOLDS(packed != NULL);
  size_t used = 0;
  for (size_t at = 0; at < length; at += FRAME_BYTES) {
    const size_t some = length - at < FRAME_BYTES ? length - at : FRAME_BYTES;
    used += ZSTD_compress(packed + used, room, text + at, some, 1);
  }
  const char *path = fuzz_file("table.csv.zst", packed, used);
  free(packed);
  return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  static const uint8_t times[] = {1, 1, 1, 1, 1, 8, 64, 255};
  if (count < 2) return 0;
  table_options options = {.format = (table_format)(bytes[0] % 5),
                           .encoding = (table_encoding)(bytes[0] / 5 % 3),
                           .has_header = bytes[0] / 15 % 2};
  if (options.format == TABLE_LIST) options.has_header = 0;
  if (!options.has_header && options.format != TABLE_LIST) {
    options.names = names;
    options.name_count = options.format == TABLE_LINES ? 1 : 3;
  }
  const int ranges = 1 + bytes[1] % 4;
  const packing packed = (packing)(bytes[1] / 4 % 8 % 3);
  size_t length = 0;
  char *text = repeat(bytes + 2, count - 2, times[bytes[1] / 32], &length);
  const char *path = packed == BY_FRAMES  ? pack(text, length)
                     : packed == AS_IT_IS ? fuzz_file("table.csv.zst", bytes + 2, count - 2)
                                          : fuzz_file("table.csv", text, length);
  rows whole = {0}, parts = {0};
  read_range(path, &options, 0, 1, &whole);
  for (int i = 0; i < ranges; i++) read_range(path, &options, i, ranges, &parts);
  FUZZ_HOLDS((whole.result == STATUS_OK) == (parts.result == STATUS_OK));
  if (whole.result == STATUS_OK) FUZZ_HOLDS(whole.count == parts.count && whole.hash == parts.hash);
  if (packed != AS_IT_IS && options.format == TABLE_CSV && options.encoding == TABLE_UTF8 && !options.has_header)
    hold_against_twin(path, &options, text, length);
  free(text);
  return 0;
}
