/* Running a list of tests with CUnit. Test functions are sentences: `two_halves_make_the_whole`. */
#ifndef SUPPORT_SUITE_H
#define SUPPORT_SUITE_H

#include <CUnit/CUnit.h>

typedef struct suite_test {
  const char *name;
  void (*run)(void);
} suite_test;

#define TEST(function) \
  { #function, function }

/* Runs every test; returns the exit code for main: 0 if all passed. */
int suite_run(const char *name, const suite_test *tests, int count);
#define SUITE_RUN(name, tests) suite_run((name), (tests), (int)(sizeof(tests) / sizeof *(tests)))

/* Number of failed assertions so far, after printing them with the prefix; for suites on several ranks. */
int suite_failures(const char *name, const suite_test *tests, int count, const char *prefix, int verbose);

/* |a − b| <= tolerance × max(1, |a|, |b|) */
int suite_close(double a, double b, double tolerance);

/* A fresh folder below the system's temporary folder; removed by suite_folder_remove. */
const char *suite_folder(void);
void suite_folder_remove(void);

#endif
