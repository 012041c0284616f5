/* The lock of a run folder, with hosts that are made up: what the file server would say about them is said by fcntl
 * below, in the place of the C library's. */
#define _DEFAULT_SOURCE
#include "io/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/file.h"
#include "support/suite.h"

static const run_lock_times quick = {.beat = 0.05, .watch = 0.4, .stale = 300, .former = 1, .settle = 0.05};

static run_lock_times times; /* of whoever takes the lock next */
static int without_locks;    /* the file system has none */
static ino_t held_elsewhere; /* another host has a lock on this file */
static char folder[400], path[450];

int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  struct flock *lock = argument;
  struct stat file;
  const int is_elsewhere = held_elsewhere != 0 && fstat(fd, &file) == 0 && file.st_ino == held_elsewhere;
  if ((command == F_SETLK || command == F_GETLK) && without_locks) {
    errno = ENOLCK;
    return -1;
  }
  if (command == F_SETLK && is_elsewhere) {
    errno = EAGAIN;
    return -1;
  }
  if (command == F_GETLK && is_elsewhere) {
    lock->l_type = F_WRLCK;
    lock->l_pid = 0;
    return 0;
  }
  return (int)syscall(SYS_fcntl, fd, command, argument);
}

static int says(const char *words) { return strstr(status_text(), words) != NULL; }

static void fresh(const char *name) {
  without_locks = 0;
  held_elsewhere = 0;
  times = quick;
  unsetenv("SLURM_JOB_ID");
  unsetenv("SLURM_RESTART_COUNT");
  snprintf(folder, sizeof folder, "%s/%s", suite_folder(), name);
  snprintf(path, sizeof path, "%s/.lock", folder);
  CU_ASSERT_EQUAL(file_make_folder(folder), STATUS_OK);
}

static ino_t inode(void) {
  struct stat s;
  return stat(path, &s) == 0 ? s.st_ino : 0;
}

/* The lock file as a run of another host has left it, so many seconds ago. */
static void leave_owner(int silent) {
  const char text[] = "{\"host\": \"elsewhere\", \"pid\": 4711, \"slurm_job_id\": \"7\", \"since\": 1700000000}\n";
  CU_ASSERT_EQUAL(file_write(path, text, sizeof text - 1), STATUS_OK);
  const struct timespec then[2] = {{.tv_sec = time(NULL) - silent}, {.tv_sec = time(NULL) - silent}};
  CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, then, 0), 0);
}

/* Another process that holds the folder until it is told to end. */
static pid_t hold(int (*act)(void)) {
  int ready[2];
  char byte = 0;
  CU_ASSERT_EQUAL_FATAL(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const int result = act();
    if (result != 0) _exit(result);
    if (write(ready[1], "x", 1) != 1) _exit(99);
    for (;;) pause();
  }
  close(ready[1]);
  CU_ASSERT_EQUAL(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  return child;
}

static int result_of(pid_t child) {
  int ended = 0;
  waitpid(child, &ended, 0);
  return WIFEXITED(ended) ? WEXITSTATUS(ended) : -WTERMSIG(ended);
}

static void kill_it(pid_t child) {
  kill(child, SIGKILL);
  CU_ASSERT_EQUAL(result_of(child), -SIGKILL);
}

static int elsewhere(int (*act)(void)) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  return result_of(child);
}

static int take(void) { return (int)run_lock_take(folder, &times); }
static int share(void) { return (int)run_lock_share(folder); }
static int take_and_share(void) { return take() != 0 ? 1 : share(); }
static int take_and_leave(void) {
  const int result = take();
  run_lock_leave();
  return result;
}

/* Refused, in one line, with the words. */
static const char *wanted;
static int refused(void) {
  return take() == STATUS_PERMISSION && says("another run is at work in") && says(wanted) ? 0 : 1;
}

static void a_lock_keeps_others_out_names_its_owner_and_ends_with_it(void) {
  fresh("plain");
  char name[64];
  const pid_t owner = hold(take);
  snprintf(name, sizeof name, ": process %ld on ", (long)owner);
  wanted = name;
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  kill_it(owner);
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
  snprintf(folder, sizeof folder, "%s/nowhere", suite_folder());
  CU_ASSERT_EQUAL(run_lock_take(folder, &quick), STATUS_IO);
}

static void a_lock_is_shared_once_its_holder_says_so(void) {
  fresh("shared");
  pid_t owner = hold(take);
  CU_ASSERT_EQUAL(elsewhere(share), STATUS_PERMISSION);
  kill_it(owner);
  owner = hold(take_and_share);
  const pid_t other = hold(share);
  wanted = "process";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  kill_it(owner);
  kill_it(other);
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
}

static void whoever_leaves_is_named_no_longer(void) {
  fresh("left");
  run_lock_state seen;
  CU_ASSERT_EQUAL(run_lock_look(folder, &seen), STATUS_OK);
  CU_ASSERT_FALSE(seen.is_held || seen.has_owner);
  const pid_t owner = hold(take);
  CU_ASSERT_EQUAL(run_lock_look(folder, &seen), STATUS_OK);
  CU_ASSERT_TRUE(seen.is_held && seen.has_owner && seen.owner.pid == owner && run_lock_owner_is_here(&seen.owner));
  kill_it(owner);
  CU_ASSERT_EQUAL(run_lock_look(folder, &seen), STATUS_OK);
  CU_ASSERT_TRUE(!seen.is_held && seen.has_owner && run_lock_owner_is_dead(&seen.owner));
  CU_ASSERT_EQUAL(elsewhere(take_and_leave), STATUS_OK);
  CU_ASSERT_EQUAL(run_lock_look(folder, &seen), STATUS_OK);
  CU_ASSERT_FALSE(seen.is_held || seen.has_owner);
}

static void a_stale_lock_of_a_dead_node_is_replaced_and_a_fresh_one_is_not(void) {
  fresh("stale");
  leave_owner(100);
  const ino_t old = inode();
  held_elsewhere = old;
  wanted = "job 7 on elsewhere, since 2023-11-1";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  CU_ASSERT_EQUAL(inode(), old);
  leave_owner(400);
  held_elsewhere = inode();
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
  CU_ASSERT_NOT_EQUAL(inode(), held_elsewhere);
}

static void a_lock_that_a_process_here_holds_is_never_stale(void) {
  fresh("asleep");
  const pid_t owner = hold(take);
  kill(owner, SIGSTOP);
  const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
  CU_ASSERT_EQUAL(utimensat(AT_FDCWD, path, then, 0), 0);
  wanted = "process";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  kill_it(owner);
}

static void without_locks_owner_and_heartbeat_decide(void) {
  fresh("lockless");
  without_locks = 1;
  const pid_t owner = hold(take_and_share);
  wanted = "process";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  CU_ASSERT_EQUAL(elsewhere(share), STATUS_OK);
  kill_it(owner);
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
  leave_owner(100);
  wanted = "job 7 on elsewhere";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  leave_owner(400);
  CU_ASSERT_EQUAL(elsewhere(take_and_leave), STATUS_OK);
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
}

/* What a rank of a former start does: it dies a moment later. */
static int die_slowly(void) {
  const int result = take_and_share();
  alarm(1);
  return result;
}

static void a_job_waits_for_its_former_life_but_not_for_another_job(void) {
  fresh("former");
  setenv("SLURM_JOB_ID", "7", 1);
  pid_t owner = hold(die_slowly);
  setenv("SLURM_JOB_ID", "8", 1);
  wanted = "job 7 on ";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  setenv("SLURM_JOB_ID", "7", 1);
  CU_ASSERT_EQUAL(elsewhere(refused), 0); /* two commands in one allocation */
  setenv("SLURM_RESTART_COUNT", "1", 1);
  times.former = 60;
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
  CU_ASSERT_EQUAL(result_of(owner), -SIGALRM);
  times.former = 1;
  owner = hold(take);
  setenv("SLURM_RESTART_COUNT", "2", 1);
  CU_ASSERT_EQUAL(elsewhere(refused), 0); /* in the end */
  kill_it(owner);
}

static void the_dead_node_of_a_former_life_is_given_up_sooner(void) {
  fresh("own");
  setenv("SLURM_JOB_ID", "7", 1);
  setenv("SLURM_RESTART_COUNT", "1", 1);
  leave_owner(0);
  held_elsewhere = inode();
  CU_ASSERT_EQUAL(elsewhere(take), STATUS_OK);
  CU_ASSERT_NOT_EQUAL(inode(), held_elsewhere);
}

static int touch_again_and_again(void) {
  const pid_t child = fork();
  if (child != 0) return child > 0 ? 0 : 1;
  for (int i = 0; i < 600 && getppid() != 1; i++) {
    if (utimensat(AT_FDCWD, path, NULL, 0) != 0) _exit(0);
    clock_sleep(0.05);
  }
  _exit(0);
}

static void an_owner_whose_lock_is_not_seen_is_watched_for_a_heartbeat(void) {
  fresh("unseen");
  times.beat = 60;
  leave_owner(0);
  CU_ASSERT_EQUAL(elsewhere(take_and_leave), STATUS_OK);
  times.watch = 60;
  leave_owner(0);
  const pid_t heart = hold(touch_again_and_again);
  wanted = "job 7 on elsewhere";
  CU_ASSERT_EQUAL(elsewhere(refused), 0);
  kill_it(heart);
}

static void an_owner_that_was_thought_dead_ends_when_it_wakes(void) {
  fresh("woken");
  const pid_t owner = hold(take);
  leave_owner(0); /* by rename: another file stands there now */
  CU_ASSERT_EQUAL(result_of(owner), STATUS_PERMISSION);
}

static void the_heart_beats_while_the_owner_lives(void) {
  fresh("heart");
  const pid_t owner = hold(take);
  struct stat first, now;
  CU_ASSERT_EQUAL(stat(path, &first), 0);
  for (int i = 0; i < 2000; i++) {
    clock_sleep(0.01);
    if (stat(path, &now) == 0 && now.st_mtim.tv_nsec != first.st_mtim.tv_nsec) break;
  }
  CU_ASSERT_NOT_EQUAL(now.st_mtim.tv_nsec, first.st_mtim.tv_nsec);
  kill_it(owner);
}

int main(void) {
  const suite_test tests[] = {
      TEST(a_lock_keeps_others_out_names_its_owner_and_ends_with_it),
      TEST(a_lock_is_shared_once_its_holder_says_so),
      TEST(whoever_leaves_is_named_no_longer),
      TEST(a_stale_lock_of_a_dead_node_is_replaced_and_a_fresh_one_is_not),
      TEST(a_lock_that_a_process_here_holds_is_never_stale),
      TEST(without_locks_owner_and_heartbeat_decide),
      TEST(a_job_waits_for_its_former_life_but_not_for_another_job),
      TEST(the_dead_node_of_a_former_life_is_given_up_sooner),
      TEST(an_owner_whose_lock_is_not_seen_is_watched_for_a_heartbeat),
      TEST(an_owner_that_was_thought_dead_ends_when_it_wakes),
      TEST(the_heart_beats_while_the_owner_lives),
  };
  return SUITE_RUN("run_lock", tests);
}
