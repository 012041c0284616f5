/* A process that hangs ends and says where; one that works, or was told that it may be silent, does not. Each in a
 * process of its own. Waits are upper bounds for what must not happen soon, never measured. */
#include "base/watchdog.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/status.h"
#include "support/suite.h"

static char said[1000];

/* Runs `act` in another process; its exit code, and its standard error in `said`. */
static int elsewhere(void (*act)(void)) {
  char path[300];
  snprintf(path, sizeof path, "%s/said", suite_folder());
  const int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  CU_ASSERT_FATAL(file >= 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(file, STDERR_FILENO);
    act();
    _exit(0);
  }
  int ended = 0;
  waitpid(child, &ended, 0);
  const ssize_t length = pread(file, said, sizeof said - 1, 0);
  said[length > 0 ? length : 0] = '\0';
  close(file);
  return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
}

static int lines(void) {
  int n = 0;
  for (const char *at = said; *at != '\0'; at++) n += *at == '\n';
  return n;
}

static void hang(void) {
  watchdog_start(3, 0.3);
  watchdog_at("a sweep", 17);
  for (;;) clock_sleep(1);
}

static void hang_while_waiting(void) {
  watchdog_start(0, 0.3);
  watchdog_at("training", -1);
  watchdog_wait("a sum");
  for (;;) clock_sleep(1);
}

static void who_hangs_ends_and_says_where(void) {
  CU_ASSERT_EQUAL(elsewhere(hang), STATUS_BUG);
  CU_ASSERT_EQUAL(lines(), 1);
  CU_ASSERT_EQUAL(strncmp(said, "nightmail: internal: rank 3 on ", 31), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "in a sweep, step 17;"));
  CU_ASSERT_EQUAL(elsewhere(hang_while_waiting), STATUS_BUG);
  CU_ASSERT_EQUAL(lines(), 1);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "in training, waiting for the other ranks at a sum;"));
}

/* For three times as long as it may be silent, which is long, for a machine that is busy. */
static void work(void) {
  watchdog_start(0, 5);
  for (int i = 0; i < 1500; i++) {
    clock_sleep(0.01);
    watchdog_pulse();
  }
  watchdog_stop();
}

static void pause_for_long(void) {
  watchdog_start(0, 0.3);
  watchdog_pause();
  clock_sleep(1.5);
  watchdog_resume();
  watchdog_stop();
}

/* Suspended for twice as long as it may be silent, from outside, in the midst of its work. */
static void be_suspended(void) {
  const pid_t self = getpid();
  if (fork() == 0) {
    clock_sleep(1);
    kill(self, SIGSTOP);
    clock_sleep(10);
    kill(self, SIGCONT);
    _exit(0);
  }
  watchdog_start(0, 5);
  for (int i = 0; i < 300; i++) {
    if (i % 150 == 0) watchdog_pulse(); /* none between its last look and the suspension */
    clock_sleep(0.02);
  }
  watchdog_stop();
}

static void stop_before_silence(void) {
  watchdog_start(0, 0.5);
  watchdog_stop();
  clock_sleep(1.5);
}

static void be_without(void) {
  watchdog_start(0, 0);
  clock_sleep(1);
  watchdog_stop();
}

static void who_works_or_may_be_silent_goes_on(void) {
  void (*const acts[])(void) = {work, be_suspended, pause_for_long, stop_before_silence, be_without};
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
    CU_ASSERT_EQUAL(elsewhere(acts[i]), 0);
    CU_ASSERT_STRING_EQUAL(said, "");
  }
}

static void pause_and_hang(void) {
  watchdog_start(0, 0.3);
  watchdog_pause();
  watchdog_resume();
  for (;;) clock_sleep(1);
}

static void a_pause_ends(void) {
  CU_ASSERT_EQUAL(elsewhere(pause_and_hang), STATUS_BUG);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "no progress"));
}

int main(void) {
  const suite_test tests[] = {
      TEST(who_hangs_ends_and_says_where),
      TEST(who_works_or_may_be_silent_goes_on),
      TEST(a_pause_ends),
  };
  return SUITE_RUN("watchdog", tests);
}
