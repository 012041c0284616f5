#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/random.h"
#include "io/file.h"
#include "io/table_reader.h"
#include "support/suite.h"
#include "support/table_twin.h"

enum { FILE_MOST = 3 << 20 };

static const char *const names[] = {"a", "b", "c"};
static const table_options three_columns = {.format = TABLE_CSV, .names = names, .name_count = 3};

static const char *path_of(const char *name) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  return path;
}

/* Good rows in all shapes, and now and then something that hurts. */
static size_t nasty_text(uint64_t id, uint32_t harm, size_t most, char *out) {
  static const char *const good[] = {
      "",         "1",          "word",         "\"quoted\"",   "\"a,b\"", "\"two\nlines\"",
      "5\" tall", "\"x\"\"y\"", "\"\r\n\r\n\"", "\xe4\xb9\xa6", "\"\"",    "  blank "};
  static const char *const bad[] = {"\"open", "\"a\"b",   "\xff", "\"",       "\"\"\"", "one,two,three,four",
                                    "\r",     "\n\"\n\"", "\r\n", "\xc0\x80", "\n\n",   "\"\r"};
  random_stream r = random_open(7, RANDOM_TEST, id, 0);
  size_t n = 0;
  while (n + 100000 < most) {
    for (int field = 0; field < 3; field++) {
      const char *text = good[random_below(&r, sizeof good / sizeof *good)];
      if (random_below(&r, 1000) < harm) text = bad[random_below(&r, sizeof bad / sizeof *bad)];
      n += (size_t)sprintf(out + n, "%s%s", field > 0 ? "," : "", text);
      if (random_below(&r, 4) == 0) n += (size_t)sprintf(out + n, ",%x", (unsigned)random_u32(&r));
      if (random_below(&r, 200000) < harm) out[n++] = '\0';
      if (random_below(&r, 200000) < harm) {
        const size_t count = 4000 + random_below(&r, 70000);
        if (random_below(&r, 2) == 0) out[n++] = '"';
        memset(out + n, 'z', count);
        n += count;
      }
    }
    n += (size_t)sprintf(out + n, "%s", random_below(&r, 3) == 0 ? "\r\n" : "\n");
  }
  if (random_below(&r, 2) == 0) n--; /* a last line without its break */
  return n;
}

static int same_row(const table_row *row, const twin_row *twin) {
  if (row->line != twin->line || (int)row->fault != (int)twin->fault) return 0;
  if (row->fault != TABLE_OK) return 1;
  if (row->count != twin->count) return 0;
  for (int i = 0; i < row->count; i++)
    if (strcmp(row->field[i], twin->field[i]) != 0 || strlen(twin->field[i]) != (size_t)row->length[i]) return 0;
  return 1;
}

/* Reads the file in `count` ranges one after the other and holds every row against the twin's. Returns the rows, or -1
 * after the first difference. */
static int64_t compare(const char *path, const char *text, size_t length, int count, int *faults) {
  static table_row row;
  static twin_row twin;
  size_t at = 0;
  int64_t line = 1, rows = 0;
  int same = 1;
  for (int i = 0; i < count && same; i++) {
    table_reader *r = NULL;
    int more = 0;
    if (table_reader_open(path, &three_columns, i, count, &r) != STATUS_OK) return -1;
    while (same && table_reader_next(r, &row, &more) == STATUS_OK && more) {
      do {
        table_twin_clear(&twin);
        same = table_twin_next(text, length, 3, &at, &line, &twin);
      } while (same && twin.fault == TWIN_OK && twin.count == 0);
      same = same && same_row(&row, &twin);
      rows++;
      faults[row.fault]++;
    }
    if (!same)
      fprintf(stderr, "range %d of %d, line %lld: fault %d, twin %d\n", i, count, (long long)row.line, (int)row.fault,
              (int)twin.fault);
    table_reader_close(r);
  }
  do {
    table_twin_clear(&twin);
  } while (same && table_twin_next(text, length, 3, &at, &line, &twin) && twin.fault == TWIN_OK && twin.count == 0);
  if (at < length) same = 0;
  table_twin_clear(&twin);
  return same ? rows : -1;
}

static void ranges_of_any_number_give_the_rows_of_the_twin(void) {
  char *text = malloc(FILE_MOST);
  int faults[TABLE_FAULTS] = {0};
  static const size_t sizes[] = {100300, 130000, 400000, 2500000};
  static const uint32_t harms[] = {0, 2, 30, 300};
  for (uint64_t id = 0; id < 16; id++) {
    const size_t length = nasty_text(id, harms[id / 4], sizes[id % 4], text);
    const char *path = path_of("nasty.csv");
    CU_ASSERT_EQUAL_FATAL(file_write(path, text, length), STATUS_OK);
    for (int count = 1; count <= 9; count++) CU_ASSERT_TRUE(compare(path, text, length, count, faults) > 0);
  }
  for (int f = 0; f < TABLE_FAULTS; f++) CU_ASSERT_TRUE(faults[f] > 0); /* the files were nasty enough */
  free(text);
}

static void ranges_of_a_zst_do_too(void) {
  char *text = malloc(FILE_MOST), *packed = malloc(ZSTD_compressBound(FILE_MOST) + 64);
  int faults[TABLE_FAULTS] = {0};
  for (uint64_t id = 0; id < 6; id++) {
    const size_t length = nasty_text(20 + id, 20, id < 3 ? 150000 : 2500000, text);
    /* Of two frames, as `cat a.zst b.zst` makes them. */
    const size_t half = length / 3;
    size_t bytes = ZSTD_compress(packed, ZSTD_compressBound(half), text, half, 1);
    bytes += ZSTD_compress(packed + bytes, ZSTD_compressBound(length - half), text + half, length - half, 1);
    const char *path = path_of("nasty.csv.zst");
    CU_ASSERT_EQUAL_FATAL(file_write(path, packed, bytes), STATUS_OK);
    for (int count = 1; count <= 9; count++) CU_ASSERT_TRUE(compare(path, text, length, count, faults) > 0);
  }
  free(text);
  free(packed);
}

static void more_ranges_than_bytes_are_allowed(void) {
  int faults[TABLE_FAULTS] = {0};
  static const char text[] = "1,2,3\n4,\"5\n\",6\n";
  const char *path = path_of("small.csv");
  file_write(path, text, sizeof text - 1);
  CU_ASSERT_EQUAL(compare(path, text, sizeof text - 1, 40, faults), 2);
}

/* Long records around the cap to the byte, plain and with quotes, at the end of the file and before another row. */
static void the_cap_holds_to_the_byte(void) {
  char *text = malloc(FILE_MOST);
  int faults[TABLE_FAULTS] = {0};
  for (size_t length = 65532; length < 65542; length++)
    for (int shape = 0; shape < 8; shape++) {
      static const char *const begins[] = {"1,2,", "\"1\",2,", "1,2,\"\n", "1,2,\""};
      static const char *const ends[] = {"", "", "x\"", "x"};
      const char *begin = begins[shape / 2], *end = ends[shape / 2];
      memset(text, 'z', length);
      for (size_t i = 1000; i < 65000; i += 1000) text[i] = ','; /* below the cap: only the count is wrong */
      memcpy(text, begin, strlen(begin));
      memcpy(text + length - strlen(end), end, strlen(end));
      size_t n = length;
      if (shape % 2 == 1) n += (size_t)sprintf(text + n, "\n1,2,3\n");
      const char *path = path_of("cap.csv");
      file_write(path, text, n);
      for (int count = 1; count <= 3; count++) CU_ASSERT_TRUE(compare(path, text, n, count, faults) > 0);
    }
  CU_ASSERT_TRUE(faults[TABLE_BAD_QUOTE] > 0 && faults[TABLE_BAD_COUNT] > 0 && faults[TABLE_TOO_LONG] > 0);
  free(text);
}

int main(void) {
  const suite_test tests[] = {
      TEST(ranges_of_any_number_give_the_rows_of_the_twin),
      TEST(ranges_of_a_zst_do_too),
      TEST(more_ranges_than_bytes_are_allowed),
      TEST(the_cap_holds_to_the_byte),
  };
  return SUITE_RUN("table_ranges", tests);
}
