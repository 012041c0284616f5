/* Lines taken by scanning against the obvious: one byte at a time. */
#include "io/table_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "support/suite.h"

enum { MOST = 9000 };

static table_scan scan;
static table_row row;

static void start(char separator, char quote) {
  scan.separator = separator;
  scan.quote = quote;
  table_scan_forget(&scan);
}

static void a_line_is_cut_into_fields(void) {
  char text[] = "a,bc,,d\r\n\r\n\nlast";
  start(',', '"');
  CU_ASSERT_EQUAL(table_scan_line(&scan, text, strlen(text), &row), 9);
  CU_ASSERT_EQUAL(row.count, 4);
  CU_ASSERT_STRING_EQUAL(row.field[1], "bc");
  CU_ASSERT_EQUAL(row.length[2], 0);
  CU_ASSERT_STRING_EQUAL(row.field[3], "d");
  CU_ASSERT_EQUAL(table_scan_line(&scan, text + 9, 7, &row), 2); /* empty, with a CR */
  CU_ASSERT_EQUAL(row.count, 0);
  CU_ASSERT_EQUAL(table_scan_line(&scan, text + 11, 5, &row), 1);
  CU_ASSERT_EQUAL(row.count, 0);
  CU_ASSERT_EQUAL(table_scan_line(&scan, text + 12, 4, &row), 0); /* no line break: who knows what follows */
}

static void what_is_not_plain_is_left_alone(void) {
  static const char *const lines[] = {"a,\"b\"\n", "a,\xC3\xA9\n", "\x80\n"};
  char nul[] = {'a', ',', '\0', '\n'};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    char text[16];
    strcpy(text, lines[i]);
    start(',', '"');
    CU_ASSERT_EQUAL(table_scan_line(&scan, text, strlen(text), &row), 0);
    CU_ASSERT_STRING_EQUAL(text, lines[i]);
  }
  start(',', '"');
  CU_ASSERT_EQUAL(table_scan_line(&scan, nul, sizeof nul, &row), 0);
  char quoted[] = "a\t\"b\"\n";
  start('\t', '\0'); /* quotes mean nothing between tabs */
  CU_ASSERT_EQUAL(table_scan_line(&scan, quoted, strlen(quoted), &row), 6);
  CU_ASSERT_STRING_EQUAL(row.field[1], "\"b\"");
}

static void lines_and_rows_have_their_limits(void) {
  static char text[MOST];
  memset(text, 'x', sizeof text);
  start(',', '"');
  text[TABLE_SCAN_MOST] = '\n';
  CU_ASSERT_EQUAL(table_scan_line(&scan, text, sizeof text, &row), 0);
  start(',', '"');
  text[TABLE_SCAN_MOST - 1] = '\n';
  CU_ASSERT_EQUAL(table_scan_line(&scan, text, sizeof text, &row), TABLE_SCAN_MOST);
  start(',', '"');
  memset(text, ',', sizeof text);
  text[TABLE_COLUMNS_MOST - 1] = '\n';
  text[2 * TABLE_COLUMNS_MOST] = '\n';
  CU_ASSERT_EQUAL(table_scan_line(&scan, text, sizeof text, &row), TABLE_COLUMNS_MOST);
  CU_ASSERT_EQUAL(row.count, TABLE_COLUMNS_MOST);
  CU_ASSERT_EQUAL(table_scan_line(&scan, text + TABLE_COLUMNS_MOST, sizeof text - TABLE_COLUMNS_MOST, &row), 0);
}

/* The line at text[0, length) byte by byte: its span, or 0. */
static size_t plain(const char *text, size_t length, char fields[][64], int *count) {
  size_t at = 0, used = 0;
  *count = 0;
  for (; at < length; at++) {
    const unsigned char c = (unsigned char)text[at];
    if (c == '"' || c == 0 || c > 0x7F) return 0;
    if (c != ',' && c != '\n') {
      fields[*count][used++] = text[at];
      continue;
    }
    if (c == '\n' && used > 0 && fields[*count][used - 1] == '\r') used--;
    fields[(*count)++][used] = '\0';
    used = 0;
    if (c == '\n') break;
  }
  if (at == length) return 0;
  if (*count == 1 && fields[0][0] == '\0') *count = 0;
  return at + 1;
}

static void lines_are_those_of_the_twin(void) {
  static const char letters[] = "ab,,\n\n\r\" \xC3";
  static char text[MOST], copy[MOST], fields[MOST][64];
  random_stream r = random_open(5, RANDOM_TEST, 0, 0);
  for (int round = 0; round < 40; round++) {
    for (int i = 0; i < MOST; i++) {
      const uint32_t dirt = random_below(&r, 400);
      text[i] = dirt == 0 ? '"' : dirt == 1 ? '\xC3' : letters[random_below(&r, 7)];
    }
    memcpy(copy, text, sizeof copy);
    start(',', '"');
    for (size_t at = 0; at < MOST;) {
      int count = 0;
      const size_t wanted = plain(copy + at, MOST - at, fields, &count);
      const size_t span = table_scan_line(&scan, text + at, MOST - at, &row);
      CU_ASSERT_EQUAL(span, wanted);
      if (span == 0) {
        table_scan_forget(&scan);
        at++;
        continue;
      }
      CU_ASSERT_EQUAL(row.count, count);
      for (int i = 0; i < count && i < row.count; i++) CU_ASSERT_STRING_EQUAL(row.field[i], fields[i]);
      at += span;
    }
  }
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_line_is_cut_into_fields),
      TEST(what_is_not_plain_is_left_alone),
      TEST(lines_and_rows_have_their_limits),
      TEST(lines_are_those_of_the_twin),
  };
  return SUITE_RUN("table_scan", tests);
}
