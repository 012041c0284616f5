/* Who has a run folder, as it stands in the lock file; for run_lock.c and whoever shows it. */
#ifndef IO_RUN_LOCK_OWNER_H
#define IO_RUN_LOCK_OWNER_H

#include <stddef.h>
#include <stdint.h>

#include "base/process.h"

typedef struct run_lock_owner {
  char host[PROCESS_TEXT];
  char job[PROCESS_TEXT]; /* Slurm's number, or "" */
  int64_t restart;        /* how often Slurm had started that job again */
  int64_t pid;
  int64_t since; /* Unix seconds, by the clock of its host */
} run_lock_owner;

enum { RUN_LOCK_OWNER_TEXT = 400 };

/* This process. */
run_lock_owner run_lock_owner_self(void);

/* 0, or an errno. */
int run_lock_owner_write(int fd, const run_lock_owner *o);

/* 1 where the file names an owner: it is at work, or has ended without a good-bye. */
int run_lock_owner_read(int fd, run_lock_owner *out);

int run_lock_owner_is_here(const run_lock_owner *o);   /* on this host */
int run_lock_owner_is_dead(const run_lock_owner *o);   /* on this host, and no longer a process of it */
int run_lock_owner_is_former(const run_lock_owner *o); /* an earlier start of the Slurm job that we are */

/* "job 42 on n3, since 22:00"; "process 4711 on n3, since 22:00" outside of Slurm. */
void run_lock_owner_print(const run_lock_owner *o, char out[RUN_LOCK_OWNER_TEXT]);

#endif
