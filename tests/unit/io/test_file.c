#include "io/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/suite.h"

static int says(const char *words) { return strstr(status_text(), words) != NULL; }

static const char *path_of(const char *name) {
  static char paths[4][512];
  static int turn;
  char *path = paths[turn++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", suite_folder(), name);
  return path;
}

static unsigned mode_of(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 ? (unsigned)s.st_mode & 0777u : 0;
}

static void what_is_written_is_read_back(void) {
  arena a = {0};
  const char *path = path_of("big.bin");
  file_writer *w = NULL;
  CU_ASSERT_EQUAL_FATAL(file_writer_open(path, &w), STATUS_OK);
  static unsigned char block[300000];
  int64_t wanted = 0;
  for (size_t size = 0; size < sizeof block; size = size * 3 + 1) {
    for (size_t i = 0; i < size; i++) block[i] = (unsigned char)((size_t)wanted + i);
    CU_ASSERT_EQUAL(file_writer_append(w, block, size), STATUS_OK);
    wanted += (int64_t)size;
    CU_ASSERT_EQUAL(file_writer_offset(w), wanted);
  }
  CU_ASSERT_FALSE(file_exists(path));
  CU_ASSERT_EQUAL(file_writer_commit(w), STATUS_OK);
  CU_ASSERT_FALSE(file_exists(path_of("big.bin.tmp")));
  CU_ASSERT_EQUAL(mode_of(path), 0600);
  char *bytes = NULL;
  int64_t count = 0, modified = 0, right = 0;
  CU_ASSERT_EQUAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  CU_ASSERT_EQUAL_FATAL(count, wanted);
  CU_ASSERT_EQUAL(bytes[count], '\0');
  for (int64_t i = 0; i < count; i++) right += (unsigned char)bytes[i] == (unsigned char)i;
  CU_ASSERT_EQUAL(right, count);
  CU_ASSERT_EQUAL(file_stat(path, &count, &modified), STATUS_OK);
  CU_ASSERT_TRUE(count == wanted && modified > 0);
  arena_free(&a);
}

static void an_abandoned_file_leaves_the_old_one(void) {
  arena a = {0};
  const char *path = path_of("kept");
  char *bytes = NULL;
  int64_t count = 0;
  file_writer *w = NULL;
  CU_ASSERT_EQUAL(file_write(path, "old", 3), STATUS_OK);
  CU_ASSERT_EQUAL(file_writer_open(path, &w), STATUS_OK);
  file_writer_append(w, "new", 3);
  file_writer_abandon(w);
  file_writer_abandon(NULL);
  CU_ASSERT_FALSE(file_exists(path_of("kept.tmp")));
  CU_ASSERT_EQUAL(file_read(path, &a, &bytes, &count), STATUS_OK);
  CU_ASSERT_STRING_EQUAL(bytes, "old");
  CU_ASSERT_EQUAL(file_remove(path), STATUS_OK);
  CU_ASSERT_EQUAL(file_remove(path), STATUS_OK);
  arena_free(&a);
}

static void a_leftover_is_replaced_and_a_link_is_not_followed(void) {
  const char *victim = path_of("victim"), *temporary = path_of("out.tmp"), *path = path_of("out");
  arena a = {0};
  char *bytes = NULL;
  int64_t count = 0;
  file_write(victim, "mine", 4);
  CU_ASSERT_EQUAL_FATAL(symlink(victim, temporary), 0);
  CU_ASSERT_EQUAL(file_write(path, "x", 1), STATUS_OK);
  file_read(victim, &a, &bytes, &count);
  CU_ASSERT_STRING_EQUAL(bytes, "mine");
  CU_ASSERT_EQUAL(mkdir(temporary, 0700), 0);
  CU_ASSERT_EQUAL(file_write(path, "y", 1), STATUS_IO);
  CU_ASSERT_TRUE(says("out.tmp"));
  rmdir(temporary);
  arena_free(&a);
}

static void a_place_that_is_not_there_is_named(void) {
  arena a = {0};
  char *bytes = NULL;
  int64_t count = 0, modified = 0;
  CU_ASSERT_EQUAL(file_read(path_of("no/such"), &a, &bytes, &count), STATUS_MISSING);
  CU_ASSERT_TRUE(says("no/such"));
  CU_ASSERT_EQUAL(file_read(suite_folder(), &a, &bytes, &count), STATUS_IO);
  CU_ASSERT_EQUAL(file_stat(path_of("absent"), &count, &modified), STATUS_MISSING);
  CU_ASSERT_EQUAL(file_write(path_of("no/such"), "x", 1), STATUS_IO);
  CU_ASSERT_TRUE(says("no/such"));
  CU_ASSERT_PTR_NULL(strchr(status_text(), '\n'));
  CU_ASSERT_EQUAL(file_fault("p", "read", EACCES), STATUS_PERMISSION);
  CU_ASSERT_EQUAL(file_fault("p", "write", ENOSPC), STATUS_IO);
  CU_ASSERT_TRUE(says("the disk is full"));
  CU_ASSERT_EQUAL(file_fault("p", "write", EIO), STATUS_IO);
  arena_free(&a);
}

static void folders_are_made_with_their_parents(void) {
  CU_ASSERT_EQUAL(file_make_folder(path_of("a//b/c/")), STATUS_OK);
  CU_ASSERT_EQUAL(file_make_folder(path_of("a/b/c")), STATUS_OK);
  CU_ASSERT_EQUAL(mode_of(path_of("a/b/c")), 0700);
  CU_ASSERT_EQUAL(mode_of(path_of("a")), 0700);
  file_write(path_of("a/file"), "x", 1);
  CU_ASSERT_EQUAL(file_make_folder(path_of("a/file")), STATUS_IO);
  CU_ASSERT_TRUE(says("a file of that name is there"));
  CU_ASSERT_EQUAL(file_make_folder(path_of("a/file/b")), STATUS_IO);
}

/* Runs `act` in another process; its exit code. */
static int elsewhere(int (*act)(void)) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  int ended = 0;
  waitpid(child, &ended, 0);
  return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
}

/* A limit on the file's size fails writes half-way, as a full disk does. */
static int write_past_the_limit(void) {
  const struct rlimit limit = {100000, 100000};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  static char block[150000];
  const char *path = path_of("limited");
  file_writer *w = NULL;
  if (file_writer_open(path, &w) != STATUS_OK) return 1;
  if (file_writer_append(w, block, sizeof block) != STATUS_OK) return 2; /* stays in the buffer */
  if (file_writer_commit(w) != STATUS_IO || !says("limited: cannot write")) return 3;
  return file_exists(path) || file_exists(path_of("limited.tmp")) ? 4 : 0;
}

static void a_write_that_fails_half_way_leaves_nothing(void) { CU_ASSERT_EQUAL(elsewhere(write_past_the_limit), 0); }

/* Root may write anywhere, so it becomes nobody first. */
static int folder_without_permission(void) {
  const char *folder = path_of("closed");
  if (mkdir(folder, 0500) != 0) return 1;
  if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 2;
  if (file_write(path_of("closed/x"), "x", 1) != STATUS_PERMISSION) return 3;
  return file_make_folder(path_of("closed/y/z")) == STATUS_PERMISSION ? 0 : 4;
}

static void a_folder_that_may_not_be_written_is_a_matter_of_permission(void) {
  CU_ASSERT_EQUAL(elsewhere(folder_without_permission), 0);
}

int main(void) {
  const suite_test tests[] = {
      TEST(what_is_written_is_read_back),
      TEST(an_abandoned_file_leaves_the_old_one),
      TEST(a_leftover_is_replaced_and_a_link_is_not_followed),
      TEST(a_place_that_is_not_there_is_named),
      TEST(folders_are_made_with_their_parents),
      TEST(a_write_that_fails_half_way_leaves_nothing),
      TEST(a_folder_that_may_not_be_written_is_a_matter_of_permission),
  };
  return SUITE_RUN("file", tests);
}
