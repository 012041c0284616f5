/* A bar on a terminal, and few lines where nobody looks. */
#define _XOPEN_SOURCE 700
#include "base/progress.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/suite.h"

static char shown[4000];

/* A stage of four steps, its standard error at `file`. */
static void go(int file, int quiet) {
  fflush(stderr);
  const int before = dup(STDERR_FILENO);
  dup2(file, STDERR_FILENO);
  progress p = progress_start("train", 4, quiet);
  for (int done = 1; done < 4; done++) progress_at(&p, done, NULL);
  progress_end(&p, "loss 3.21");
  dup2(before, STDERR_FILENO);
  close(before);
}

static int count(char wanted) {
  int found = 0;
  for (const char *at = shown; *at != '\0'; at++) found += *at == wanted;
  return found;
}

static void a_terminal_gets_a_bar_that_fills(void) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  CU_ASSERT_FATAL(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
  const int program = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  CU_ASSERT_FATAL(program >= 0);
  go(program, 0);
  size_t length = 0;
  while (length == 0 || shown[length - 1] != '\n') { /* a terminal may hand it over in pieces */
    const ssize_t got = read(terminal, shown + length, sizeof shown - 1 - length);
    CU_ASSERT_FATAL(got > 0);
    length += (size_t)got;
  }
  shown[length] = '\0';
  close(program);
  close(terminal);
  const char *quarter = strstr(shown, "[######..................]  25%"), *full = strstr(shown, "100%");
  CU_ASSERT_PTR_NOT_NULL_FATAL(quarter);
  CU_ASSERT_PTR_NOT_NULL_FATAL(full);
  CU_ASSERT(quarter < full);
  CU_ASSERT_PTR_NOT_NULL(strstr(shown, "[########################] 100%"));
  CU_ASSERT_PTR_NOT_NULL(strstr(full, "loss 3.21"));
  CU_ASSERT_EQUAL(count('\n'), 1); /* the bar stays in its line */
}

/* What a stage wrote into a file. */
static void into_a_file(int quiet) {
  char path[300];
  snprintf(path, sizeof path, "%s/log", suite_folder());
  const int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  CU_ASSERT_FATAL(file >= 0);
  go(file, quiet);
  const ssize_t length = pread(file, shown, sizeof shown - 1, 0);
  CU_ASSERT_FATAL(length >= 0);
  shown[length] = '\0';
  close(file);
}

static void a_batch_log_gets_one_line_of_a_short_stage(void) {
  into_a_file(0);
  CU_ASSERT_EQUAL(count('\n'), 1);
  CU_ASSERT_EQUAL(count('\r'), 0);
  CU_ASSERT_EQUAL(strncmp(shown, "train ", 6), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(shown, "100%"));
}

static void whoever_is_quiet_writes_nothing(void) {
  into_a_file(1);
  CU_ASSERT_STRING_EQUAL(shown, "");
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_terminal_gets_a_bar_that_fills),
      TEST(a_batch_log_gets_one_line_of_a_short_stage),
      TEST(whoever_is_quiet_writes_nothing),
  };
  return SUITE_RUN("progress", tests);
}
