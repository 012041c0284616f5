/* Loaded in front of libc into a rank, to make happen what a test cannot wait for:
 *   SHIM_KILL=PART   the rank dies by SIGKILL when it would rename a file to a path that holds PART
 *   SHIM_FULL=PART   the disk is full for files whose path holds PART
 *   SHIM_WAIT=PART   the rank waits, before it renames to a path that holds PART, until the file SHIM_GATE is there
 *   SHIM_RANK=R      only on rank R; unset: on all */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

int rename(const char *from, const char *to) {
  wait_at_gate(to);
  const char *part = getenv("SHIM_KILL");
  if (part != NULL && strstr(to, part) != NULL && is_meant()) die();
  return (int)syscall(SYS_rename, from, to);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  const char *part = getenv("SHIM_FULL");
  if (part != NULL && is_meant()) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
      path[length] = '\0';
      if (strstr(path, part) != NULL) {
        errno = ENOSPC;
        return -1;
      }
    }
  }
  return syscall(SYS_write, fd, bytes, count);
}
