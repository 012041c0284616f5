/* Times and numbers as they stand in inputs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stages/ingest_number.h"
#include "stages/ingest_time.h"
#include "support/mpi_suite.h"

static int64_t time_of(const char *format, const char *text) {
  int64_t seconds = -999;
  return ingest_time_parse(format, text, (int64_t)strlen(text), &seconds) ? seconds : -999;
}

static void iso_times_are_read_to_the_second(void) {
  CU_ASSERT_EQUAL(time_of("iso", "1970-01-01"), 0);
  CU_ASSERT_EQUAL(time_of("iso", "2010-12-01 08:26:00"), 1291191960);
  CU_ASSERT_EQUAL(time_of("iso", " 2010-12-01T08:26:00Z "), 1291191960);
  CU_ASSERT_EQUAL(time_of("iso", "2010-12-01T08:26"), 1291191960);
  CU_ASSERT_EQUAL(time_of("iso", "2010-12-01T16:26:00.75+08:00"), 1291191960);
  CU_ASSERT_EQUAL(time_of("iso", "2024-02-29"), 1709164800);
  CU_ASSERT_EQUAL(time_of("iso", "2000-03-01"), 951868800);
}

static void what_is_no_time_is_refused(void) {
  const char *const bad[] = {"",
                             "yesterday",
                             "2023-02-29",
                             "2023-13-01",
                             "2023-00-10",
                             "2023-04-31",
                             "2023-04-30 25:00",
                             "2023-04-30 10:60:00",
                             "2023-4-3",
                             "2023-04-30 10:0",
                             "2023-04-30 10:00 x",
                             "2100-02-29",
                             "30.04.2023",
                             "2023-04-30T",
                             "2023-04-30 10:00:00+",
                             "1e9",
                             "2023-04-30x10:00:00",
                             "2023-04-30 10-00:00",
                             "2023-04-30 10:00:0/",
                             "2023:04-30 10:00:00",
                             "202a-04-30 10:00:00",
                             "2023-04-30 10:00\xBA"
                             "00"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CU_ASSERT_EQUAL(time_of("iso", bad[i]), -999);
  CU_ASSERT_EQUAL(time_of("unix", "12a"), -999);
  CU_ASSERT_EQUAL(time_of("unix", "99999999999999999999"), -999);
  CU_ASSERT_EQUAL(time_of("unix", "12345678x"), -999);
  CU_ASSERT_EQUAL(time_of("unix", "1234567:"), -999);
  CU_ASSERT_EQUAL(time_of("%d.%m.%Y", "2023-04-30"), -999);
  CU_ASSERT_EQUAL(time_of("%d.%m.%Y", "30.04.2023 10:00"), -999);
}

static void unix_and_other_formats_are_read(void) {
  CU_ASSERT_EQUAL(time_of("unix", "881250949"), 881250949);
  CU_ASSERT_EQUAL(time_of("unix", "881250949.9"), 881250949);
  CU_ASSERT_EQUAL(time_of("unix", "12345678"), 12345678);
  CU_ASSERT_EQUAL(time_of("unix", "1234567"), 1234567);
  CU_ASSERT_EQUAL(time_of("unix", "9876543210123"), 9876543210123);
  CU_ASSERT_EQUAL(time_of("unix", "-881250949"), -881250949);
  CU_ASSERT_EQUAL(time_of("%d-%b-%Y", "01-Jan-1995"), 788918400);
  CU_ASSERT_EQUAL(time_of("%d %B %Y", "1 January 1995"), 788918400);
  CU_ASSERT_EQUAL(time_of("%d-%b-%Y", "04-Feb-1922"), -1511827200);
  CU_ASSERT_EQUAL(time_of("%m/%d/%Y %I:%M %p", "12/01/2010 08:26 am"), 1291191960);
  CU_ASSERT_EQUAL(time_of("%m/%d/%y %H:%M", "12/1/10 8:26"), 1291191960);
  CU_ASSERT_EQUAL(time_of("%F %T%z", "2010-12-01 10:26:00+0200"), 1291191960);
  CU_ASSERT_EQUAL(time_of("%Y%m%d", "20101201"), 1291161600);
  CU_ASSERT_EQUAL(time_of("%Y %j", "2010 335"), 1291161600);
  CU_ASSERT_EQUAL(time_of("%Y %j", "2010 366"), -999);
  CU_ASSERT_EQUAL(time_of("%I %p", "13 pm"), -999);
  CU_ASSERT_EQUAL(time_of("%s", "42"), 42);
}

static void formats_are_checked_before_any_row(void) {
  CU_ASSERT_EQUAL(ingest_time_check("iso", "key"), STATUS_OK);
  CU_ASSERT_EQUAL(ingest_time_check("%d.%m.%Y %%", "key"), STATUS_OK);
  CU_ASSERT_EQUAL(ingest_time_check("%Q", "key"), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(ingest_time_check("ISO", "key"), STATUS_SETTINGS);
  CU_ASSERT_EQUAL(ingest_time_check("%d.%m.%", "key"), STATUS_SETTINGS);
}

/* Every day of four centuries, against counting. */
static void days_follow_one_another(void) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t day = 0;
  int wrong = 0;
  for (int year = 1970; year < 2370; year++) {
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; month++)
      for (int d = 1; d <= lengths[month - 1] + (month == 2 ? leap : 0); d++, day++) {
        char text[32];
        snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, d);
        wrong += time_of("iso", text) != day * 86400;
      }
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static int64_t price_of(const char *text) {
  int64_t price = -999;
  return ingest_number_price(text, &price) ? price : -999;
}

static void prices_are_exact(void) {
  CU_ASSERT_EQUAL(price_of("2.55"), 255);
  CU_ASSERT_EQUAL(price_of(" 2 "), 200);
  CU_ASSERT_EQUAL(price_of("0.29"), 29);
  CU_ASSERT_EQUAL(price_of(".5"), 50);
  CU_ASSERT_EQUAL(price_of("1.005"), 101);
  CU_ASSERT_EQUAL(price_of("1.0049999"), 100);
  CU_ASSERT_EQUAL(price_of("-1.005"), -101);
  CU_ASSERT_EQUAL(price_of("9007199254740.93"), 900719925474093);
  const char *const bad[] = {"", ".", "-", "1,5", "£1", "1e3", "0x10", "99999999999999", "nan", "1.2.3", "1 2"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CU_ASSERT_EQUAL(price_of(bad[i]), -999);
}

static void numbers_are_what_a_person_calls_a_number(void) {
  double x = 0;
  CU_ASSERT_TRUE(ingest_number_parse("-1.5", &x) && fabs(x + 1.5) < 1e-15);
  static const char *const exact[] = {
      "0.1", "7",     "123456789.123456",    "999999999999999", "9999999999999999", "1.",
      ".5",  "000.3", "0.30000000000000004", "1234567.12345678"};
  for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
    const double wanted = strtod(exact[i], NULL);
    CU_ASSERT_TRUE(ingest_number_parse(exact[i], &x) && memcmp(&x, &wanted, sizeof x) == 0);
  }
  CU_ASSERT_TRUE(ingest_number_parse(" 2e3 ", &x) && fabs(x - 2000) < 1e-9);
  const char *const bad[] = {"", "nan", "inf", "0x10", "1e999", "1,5", "--1", "1e", "five", "."};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CU_ASSERT_FALSE(ingest_number_parse(bad[i], &x));
}

int main(int argc, char **argv) {
  const suite_test tests[] = {
      TEST(iso_times_are_read_to_the_second),
      TEST(what_is_no_time_is_refused),
      TEST(unix_and_other_formats_are_read),
      TEST(formats_are_checked_before_any_row),
      TEST(days_follow_one_another),
      TEST(prices_are_exact),
      TEST(numbers_are_what_a_person_calls_a_number),
  };
  return MPI_SUITE_RUN(argc, argv, "ingest fields", tests);
}
