#include "io/table_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/random.h"
#include "io/file.h"
#include "support/suite.h"

static table_row row;

static const char *path_of(const char *name) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", suite_folder(), name);
  return path;
}

static int says(const char *words) { return strstr(status_text(), words) != NULL; }

static table_reader *open_bytes(const char *text, size_t count, table_options options, int index, int ranges) {
  table_reader *r = NULL;
  const char *path = path_of("table.txt");
  if (file_write(path, text, count) != STATUS_OK) abort();
  table_reader_open(path, &options, index, ranges, &r);
  return r;
}

static table_reader *open_text(const char *text, table_options options) {
  return open_bytes(text, strlen(text), options, 0, 1);
}

/* The next row as "line:field|field|", or "line:fault", or "" after the last. */
static const char *next(table_reader *r) {
  static char text[1 << 16];
  int more = 0;
  text[0] = '\0';
  if (r == NULL || table_reader_next(r, &row, &more) != STATUS_OK) return "failed";
  if (!more) return "";
  size_t n = (size_t)sprintf(text, "%lld:", (long long)row.line);
  if (row.fault != TABLE_OK) sprintf(text + n, "%s", table_fault_name(row.fault));
  for (int i = 0; row.fault == TABLE_OK && i < row.count; i++) n += (size_t)sprintf(text + n, "%s|", row.field[i]);
  return text;
}

static void a_header_names_the_columns(void) {
  arena a = {0};
  table_reader *r =
      open_text("\xEF\xBB\xBF\r\nuser,\"item, sold\",price\r\n1,2,3\r\n\r\n4,,\n5,6\n7,8,9,\n10,11,\"12\"",
                (table_options){.format = TABLE_CSV, .has_header = 1});
  CU_ASSERT_PTR_NOT_NULL_FATAL(r);
  CU_ASSERT_EQUAL(table_reader_column(r, "user"), 0);
  CU_ASSERT_EQUAL(table_reader_column(r, "item, sold"), 1);
  CU_ASSERT_EQUAL(table_reader_column(r, "Price"), -1);
  CU_ASSERT_STRING_EQUAL(table_reader_columns(r, &a), "user, item, sold, price");
  CU_ASSERT_STRING_EQUAL(next(r), "3:1|2|3|");
  CU_ASSERT_STRING_EQUAL(next(r), "5:4|||");
  CU_ASSERT_STRING_EQUAL(next(r), "6:bad_count");
  CU_ASSERT_STRING_EQUAL(next(r), "7:bad_count");
  CU_ASSERT_STRING_EQUAL(next(r), "8:10|11|12|");
  CU_ASSERT_STRING_EQUAL(next(r), "");
  CU_ASSERT_STRING_EQUAL(next(r), "");
  table_reader_close(r);
  arena_free(&a);
}

static void tabs_and_pipes_know_no_quotes(void) {
  static const char *const names[] = {"a", "b"};
  table_reader *r = open_text("\"x\t1\n\"y\"\t2\n", (table_options){TABLE_TSV, TABLE_UTF8, 0, names, 2});
  CU_ASSERT_STRING_EQUAL(next(r), "1:\"x|1|");
  CU_ASSERT_STRING_EQUAL(next(r), "2:\"y\"|2|");
  CU_ASSERT_STRING_EQUAL(next(r), "");
  table_reader_close(r);
  r = open_text("1|a \"b\"\n|\n", (table_options){TABLE_PIPE, TABLE_UTF8, 0, names, 2});
  CU_ASSERT_STRING_EQUAL(next(r), "1:1|a \"b\"|");
  CU_ASSERT_STRING_EQUAL(next(r), "2:||");
  table_reader_close(r);
}

static void lists_are_cut_at_blanks_and_long_ones_repeat_the_user(void) {
  char text[8000];
  size_t n = (size_t)sprintf(text, "  u1  7\t8 \r\n \t \nu2\nuser");
  for (int i = 0; i < 600; i++) n += (size_t)sprintf(text + n, " %d", i);
  table_reader *r = open_bytes(text, n, (table_options){.format = TABLE_LIST}, 0, 1);
  CU_ASSERT_STRING_EQUAL(next(r), "1:u1|7|8|");
  CU_ASSERT_STRING_EQUAL(next(r), "3:u2|");
  int items = 0, rows = 0, in_order = 1;
  while (strcmp(next(r), "") != 0) {
    rows++;
    CU_ASSERT_EQUAL_FATAL(row.fault, TABLE_OK);
    CU_ASSERT_STRING_EQUAL(row.field[0], "user");
    CU_ASSERT_EQUAL(row.line, 4);
    for (int i = 1; i < row.count; i++) in_order = in_order && atoi(row.field[i]) == items++;
  }
  CU_ASSERT_TRUE(in_order);
  CU_ASSERT_EQUAL(items, 600);
  CU_ASSERT_EQUAL(rows, 3);
  table_reader_close(r);
}

static void latin_1_becomes_utf_8(void) {
  static const char *const names[] = {"a", "b"};
  table_reader *r =
      open_text("1|Mis\xe9rables, Les\n2|\xff\x80\n", (table_options){TABLE_PIPE, TABLE_LATIN1, 0, names, 2});
  CU_ASSERT_STRING_EQUAL(next(r), "1:1|Mis\xc3\xa9rables, Les|");
  CU_ASSERT_STRING_EQUAL(next(r), "2:2|\xc3\xbf\xc2\x80|");
  CU_ASSERT_STRING_EQUAL(next(r), "");
  table_reader_close(r);
}

/* Characters whose second byte is a pipe (0x7C) or of whose four bytes two are digits must not be taken apart. */
static void gb18030_becomes_utf_8_and_is_never_cut_inside_a_character(void) {
  static const char *const names[] = {"a", "b"};
  const table_options pipes = {TABLE_PIPE, TABLE_GB18030, 0, names, 2};
  const table_options commas = {TABLE_CSV, TABLE_GB18030, 0, names, 2};
  /* 0x81 0x7C is U+4E85; 0x95 0x32 0x82 0x36 is U+20000 */
  table_reader *r = open_text("\x84\x31\x95\x33\x81\x7c|\x95\x32\x82\x36\n\xca\xe9|x\n\x81|x\nok|\x80\n", pipes);
  CU_ASSERT_STRING_EQUAL(next(r), "1:\xe4\xba\x85|\xf0\xa0\x80\x80|");
  CU_ASSERT_STRING_EQUAL(next(r), "2:\xe4\xb9\xa6|x|");
  CU_ASSERT_STRING_EQUAL(next(r), "3:bad_count"); /* 0x81 took the pipe for its second byte */
  CU_ASSERT_STRING_EQUAL(next(r), "4:bad_encoding");
  CU_ASSERT_STRING_EQUAL(next(r), "");
  table_reader_close(r);
  static char text[200000];
  size_t n = 0;
  for (int i = 0; i < 5000; i++) n += (size_t)sprintf(text + n, "%d,\"\xca\xe9\n\x81\x7c\"\r\n", i);
  for (int ranges = 1; ranges <= 9; ranges++) {
    int rows = 0, good = 1;
    for (int i = 0; i < ranges; i++) {
      r = open_bytes(text, n, commas, i, ranges);
      for (int more = 1; table_reader_next(r, &row, &more) == STATUS_OK && more; rows++)
        good = good && row.fault == TABLE_OK && atoi(row.field[0]) == rows && row.line == 2 * rows + 1 &&
               strcmp(row.field[1], "\xe4\xb9\xa6\n\xe4\xba\x85") == 0;
      table_reader_close(r);
    }
    CU_ASSERT_TRUE(good);
    CU_ASSERT_EQUAL(rows, 5000);
  }
}

static void a_stray_quote_costs_one_row(void) {
  static const char *const names[] = {"a", "b"};
  const size_t bytes = 5 << 20;
  char *text = malloc(bytes + 100);
  size_t n = (size_t)sprintf(text, "1,\"never closed\n2,\"b\" c\n");
  int written = 2;
  for (; n < bytes; written++) n += (size_t)sprintf(text + n, "%d,x\n", written + 1);
  table_reader *r = open_bytes(text, n, (table_options){TABLE_CSV, TABLE_UTF8, 0, names, 2}, 0, 1);
  CU_ASSERT_STRING_EQUAL(next(r), "1:bad_quote");
  CU_ASSERT_STRING_EQUAL(next(r), "2:bad_quote");
  int rows = 2, good = 1;
  for (int more = 1; table_reader_next(r, &row, &more) == STATUS_OK && more; rows++)
    good = good && row.fault == TABLE_OK && atoi(row.field[0]) == rows + 1;
  CU_ASSERT_TRUE(good);
  CU_ASSERT_EQUAL(rows, written);
  table_reader_close(r);
  free(text);
}

static void what_cannot_be_a_table_is_said_at_once(void) {
  const table_options headed = {.format = TABLE_CSV, .has_header = 1};
  table_reader *r = NULL;
  CU_ASSERT_EQUAL(table_reader_open(path_of("absent.csv"), &headed, 0, 1, &r), STATUS_MISSING);
  CU_ASSERT_TRUE(says("absent.csv"));
  CU_ASSERT_EQUAL(table_reader_open(suite_folder(), &headed, 0, 1, &r), STATUS_IO);
  static const struct {
    const char *name, *text, *words;
  } wrong[] = {
      {"e.csv", "", "e.csv: is empty"},
      {"e.csv", "\n\r\n\n", "e.csv: is empty"},
      {"e.csv", "\xEF\xBB\xBF", "e.csv: is empty"},
      {"e.csv", "a,\"b\nc,d\n", "header line is broken (bad_quote)"},
      {"e.csv", "a,\xe9\n", "header line is broken (bad_encoding)"},
      {"e.csv.zst", "", "is empty"},
      {"e.csv.zst", "a,b\n1,2\n", "the .zst is damaged"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *path = path_of(wrong[i].name);
    file_write(path, wrong[i].text, strlen(wrong[i].text));
    CU_ASSERT_EQUAL(table_reader_open(path, &headed, 0, 1, &r), STATUS_DATA);
    CU_ASSERT_TRUE(says(wrong[i].words));
    CU_ASSERT_PTR_NULL(r);
  }
}

/* Reads all ranges; the worst that happened. */
static status read_all(const char *path, int ranges) {
  const table_options headed = {.format = TABLE_CSV, .has_header = 1};
  for (int i = 0; i < ranges; i++) {
    table_reader *r = NULL;
    status result = table_reader_open(path, &headed, i, ranges, &r);
    for (int more = 1; result == STATUS_OK && more;) result = table_reader_next(r, &row, &more);
    table_reader_close(r);
    if (result != STATUS_OK) return result;
  }
  return STATUS_OK;
}

static void a_cut_or_damaged_zst_is_never_read_as_if_it_were_whole(void) {
  static char text[300000], packed[400000];
  random_stream s = random_open(9, RANDOM_TEST, 1, 0);
  size_t n = (size_t)sprintf(text, "a,b\n");
  while (n < sizeof text - 100)
    n += (size_t)sprintf(text + n, "%x,%x\n", (unsigned)random_u32(&s), (unsigned)random_u32(&s));
  ZSTD_CCtx *context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t bytes = ZSTD_compress2(context, packed, sizeof packed, text, n);
  ZSTD_freeCCtx(context);
  const char *path = path_of("cut.csv.zst");
  file_write(path, packed, bytes);
  CU_ASSERT_EQUAL(read_all(path, 1), STATUS_OK);
  CU_ASSERT_EQUAL(read_all(path, 3), STATUS_OK);
  for (size_t left = 1; left < bytes; left = left * 2 < bytes ? left * 2 : left < bytes - 1 ? bytes - 1 : bytes) {
    file_write(path, packed, left);
    CU_ASSERT_EQUAL(read_all(path, 1), STATUS_DATA);
    CU_ASSERT_EQUAL(read_all(path, 3), STATUS_DATA);
    CU_ASSERT_TRUE(says("cut.csv.zst: ") && says("cut off"));
  }
  packed[bytes / 2] = (char)(packed[bytes / 2] ^ 4);
  file_write(path, packed, bytes);
  CU_ASSERT_EQUAL(read_all(path, 2), STATUS_DATA);
  CU_ASSERT_TRUE(says("damaged"));
}

static void memory_that_runs_out_is_a_failure_and_not_a_leak(void) {
  const table_options options = {.format = TABLE_CSV, .encoding = TABLE_GB18030, .has_header = 1};
  const char *path = path_of("memory.csv.zst");
  char packed[200];
  file_write(path, packed, ZSTD_compress(packed, sizeof packed, "a,b\n1,2\n", 8, 1));
  int failures = 0;
  for (; failures < 100; failures++) {
    table_reader *r = NULL;
    arena_fail_after(failures);
    const status result = table_reader_open(path, &options, 0, 1, &r);
    arena_fail_after(-1);
    if (result == STATUS_OK) {
      CU_ASSERT_STRING_EQUAL(next(r), "2:1|2|");
      table_reader_close(r);
      break;
    }
    CU_ASSERT_EQUAL(result, STATUS_BUG);
    CU_ASSERT_PTR_NULL(r);
  }
  CU_ASSERT_TRUE(failures > 5 && failures < 100);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_header_names_the_columns),
      TEST(tabs_and_pipes_know_no_quotes),
      TEST(lists_are_cut_at_blanks_and_long_ones_repeat_the_user),
      TEST(latin_1_becomes_utf_8),
      TEST(gb18030_becomes_utf_8_and_is_never_cut_inside_a_character),
      TEST(a_stray_quote_costs_one_row),
      TEST(what_cannot_be_a_table_is_said_at_once),
      TEST(a_cut_or_damaged_zst_is_never_read_as_if_it_were_whole),
      TEST(memory_that_runs_out_is_a_failure_and_not_a_leak),
  };
  return SUITE_RUN("table_reader", tests);
}
