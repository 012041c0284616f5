/* Loaded in front of libc into a rank, to make happen what a test cannot wait for:
 *   SHIM_KILL=PART   the rank dies by SIGKILL when it would rename a file to a path that holds PART
 *   SHIM_FULL=PART   the disk is full for files whose path holds PART
 *   SHIM_WAIT=PART   the rank waits, before it renames to a path that holds PART, until the file SHIM_GATE is there
 *   SHIM_RANK=R      only on rank R; unset: on all
 *
 * and, one call after the other, at any of them:
 *   SHIM_UNDER=DIR   the calls on files below this absolute path are numbered from 1, each rank by itself: open, write,
 *                    fsync, close, rename, unlink, mkdir, and read where it can go wrong as SHIM_HOW says
 *   SHIM_HOW=kill    SIGKILL instead of the call          half    SIGKILL when half of a write is done
 *            full    ENOSPC, a disk that is full          error   EIO, a disk that is broken
 *            short   half of what was to be read or written is, without an error
 *   SHIM_AT=N        the N-th call goes wrong; unset: none, they are only counted
 *   SHIM_STAYS=1     and every call after it
 *   SHIM_COUNT=FILE  gets the number of calls when the process ends by itself */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

long shim_restart(void);
int rename(const char *from, const char *to);
ssize_t write(int fd, const void *bytes, size_t count);

/* The program has it where executed lines are counted: tests/support/counts.c. */
void counts_save(void) __attribute__((weak));

static void die(void) {
  if (counts_save != NULL) counts_save();
  raise(SIGKILL);
}

static int is_meant(void) {
  const char *wanted = getenv("SHIM_RANK"), *rank = getenv("OMPI_COMM_WORLD_RANK");
  if (rank == NULL) rank = getenv("PMI_RANK");
  return wanted == NULL || (rank != NULL && strcmp(wanted, rank) == 0);
}

static void wait_at_gate(const char *to) {
  const char *part = getenv("SHIM_WAIT"), *gate = getenv("SHIM_GATE");
  if (part == NULL || gate == NULL || strstr(to, part) == NULL || !is_meant()) return;
  const struct timespec moment = {.tv_nsec = 20000000};
  while (access(gate, F_OK) != 0) nanosleep(&moment, NULL);
}

/* Where a descriptor leads; empty where that has no name. */
static void path_of(int fd, char path[4096]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, 4095);
  path[length > 0 ? length : 0] = '\0';
}

/* What goes wrong with a call, by the value of SHIM_HOW. */
typedef enum fault { NONE, KILL, HALF, FULL, ERROR, SHORT } fault;

/* What a call does, as a set, for the faults that can befall it. */
enum { WRITES = 1, READS = 2, MAKES = 4, KEEPS = 8, REMOVES = 16, LOOKS = 32 };

static atomic_long calls;

static fault chosen(void) {
  static const char *const names[] = {"", "kill", "half", "full", "error", "short"};
  const char *how = getenv("SHIM_HOW");
  for (int i = KILL; how != NULL && i <= SHORT; i++)
    if (strcmp(how, names[i]) == 0) return (fault)i;
  return NONE;
}

/* A disk that is full fails what needs room; nobody dies of reading. */
static int can_befall(fault f, int does) {
  switch (f) {
    case NONE: return 0;
    case KILL: return (does & (READS | LOOKS)) == 0;
    case HALF: return (does & WRITES) != 0;
    case FULL: return (does & (WRITES | MAKES | KEEPS)) != 0;
    case ERROR: return 1;
    case SHORT: return (does & (WRITES | READS)) != 0;
  }
  return 0;
}

/* Numbers a call on `path`, and returns what is to go wrong with it. A kill does not return. */
static fault next_fault(const char *path, int does) {
  const char *under = getenv("SHIM_UNDER"), *at = getenv("SHIM_AT");
  const fault how = chosen();
  const size_t length = under != NULL ? strlen(under) : 0;
  if (length == 0 || strncmp(path, under, length) != 0 || (path[length] != '/' && path[length] != '\0')) return NONE;
  if (!is_meant() || !can_befall(how, does)) return NONE;
  const long number = atomic_fetch_add(&calls, 1) + 1, wanted = at != NULL ? atol(at) : 0;
  if (wanted == 0 || number < wanted || (number > wanted && getenv("SHIM_STAYS") == NULL)) return NONE;
  if (how == KILL) die();
  return how;
}

/* -1 with the error of a call that fails altogether. */
static int fails(fault f) {
  if (f != FULL && f != ERROR) return 0;
  errno = f == FULL ? ENOSPC : EIO;
  return -1;
}

/* For a program that makes things go wrong in itself: numbers from 1 again, and returns how many calls there were. */
long shim_restart(void) { return atomic_exchange(&calls, 0); }

__attribute__((destructor)) static void report(void) {
  const char *to = getenv("SHIM_COUNT");
  if (to == NULL || !is_meant()) return;
  char text[32];
  const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || syscall(SYS_write, fd, text, (size_t)length) != length) fprintf(stderr, "shim: %s: not written\n", to);
}

int rename(const char *from, const char *to) {
  wait_at_gate(to);
  const char *part = getenv("SHIM_KILL");
  if (part != NULL && strstr(to, part) != NULL && is_meant()) die();
  return fails(next_fault(to, KEEPS)) ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  char path[4096] = "";
  const char *part = getenv("SHIM_FULL");
  if (part != NULL || getenv("SHIM_UNDER") != NULL) path_of(fd, path);
  if (part != NULL && is_meant() && strstr(path, part) != NULL) return fails(FULL);
  const fault f = next_fault(path, WRITES);
  if (fails(f)) return -1;
  if ((f == HALF || f == SHORT) && count > 1) count /= 2;
  const ssize_t wrote = syscall(SYS_write, fd, bytes, count);
  if (f == HALF) die();
  return wrote;
}

static size_t some_of(int fd, size_t count, fault *f) {
  char path[4096] = "";
  if (getenv("SHIM_UNDER") != NULL) path_of(fd, path);
  *f = next_fault(path, READS);
  return *f == SHORT && count > 1 ? count / 2 : count;
}

ssize_t read(int fd, void *bytes, size_t count) {
  fault f;
  count = some_of(fd, count, &f);
  return fails(f) ? -1 : syscall(SYS_read, fd, bytes, count);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
  fault f;
  count = some_of(fd, count, &f);
  return fails(f) ? -1 : syscall(SYS_pread64, fd, bytes, count, offset);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  if (fails(next_fault(path, (flags & O_CREAT) != 0 ? MAKES : LOOKS))) return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int fsync(int fd) {
  char path[4096] = "";
  if (getenv("SHIM_UNDER") != NULL) path_of(fd, path);
  return fails(next_fault(path, KEEPS)) ? -1 : (int)syscall(SYS_fsync, fd);
}

/* File servers keep the error of a write until then. What was only read closes without one. */
int close(int fd) {
  char path[4096] = "";
  const int flags = getenv("SHIM_UNDER") != NULL ? fcntl(fd, F_GETFL) : -1;
  if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) path_of(fd, path);
  const fault f = next_fault(path, KEEPS);
  const int closed = (int)syscall(SYS_close, fd);
  return fails(f) ? -1 : closed;
}

int unlink(const char *path) {
  return fails(next_fault(path, REMOVES)) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode) {
  return fails(next_fault(path, MAKES)) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
