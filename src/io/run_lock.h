/* Two jobs never work in one run folder, also on different nodes.
 *
 * RUN/.lock carries an fcntl lock, which ends with its process, and says who has it. While the owner lives it touches
 * the file every few seconds. Three things follow from this heartbeat, which the lock alone cannot tell:
 *   a lock that the file server still holds for a node that is gone is stale, and its file is replaced by a fresh one;
 *   where the file system has no locks, or does not show them to other nodes, owner and heartbeat decide;
 *   an owner that was thought dead (its node slept) sees that the file is no longer its own, and ends.
 * Ages are differences between two time stamps of the file server; clocks of nodes may disagree.
 *
 * A Slurm job that starts again finds the ranks of its former life still ending, and waits for them. */
#ifndef IO_RUN_LOCK_H
#define IO_RUN_LOCK_H

#include "base/status.h"
#include "io/run_lock_owner.h"

/* Seconds. */
typedef struct run_lock_times {
  double beat;   /* between two heartbeats */
  double watch;  /* longer than one beat: how long an owner elsewhere is watched, whose lock is not seen here */
  double stale;  /* without a beat: the owner is gone */
  double former; /* how long the ranks of an earlier start are waited for */
  double settle; /* after a lock file was replaced: another's replacement would be seen by then */
} run_lock_times;

extern const run_lock_times run_lock_usual;

/* Takes the folder for this process until it ends, and keeps the heart beating. Waits for an earlier start of the same
 * Slurm job, or of a process of this host that is dead, at most `former`; says on stderr, in one line, that it waits,
 * or that it replaced a stale lock.
 * Fails: STATUS_PERMISSION with "another run is at work in …: job 42 on n3, since 22:00"; STATUS_IO. */
status run_lock_take(const char *folder, const run_lock_times *times);

/* Lets other processes of the same run in: whoever took the lock keeps it as one of several, then the others take their
 * part by the same call. run_lock_take fails until the last of them has ended. Fails: as run_lock_take, without
 * waiting. */
status run_lock_share(const char *folder);

/* A good end: the heart stops, and nobody is named any more. The lock itself goes with the process. */
void run_lock_leave(void);

typedef struct run_lock_state {
  int is_held;   /* a process has the lock, as far as this host can tell */
  int is_blind;  /* the file system has no locks: only owner and heartbeat tell */
  int has_owner; /* somebody is at work, or has ended without a good-bye */
  run_lock_owner owner;
  double silent; /* seconds since the last beat, by this host's clock */
} run_lock_state;

/* What can be seen from outside, without taking anything. A folder without a lock file is free. Must not be called by a
 * process that holds the lock. Fails: STATUS_PERMISSION, STATUS_IO. */
status run_lock_look(const char *folder, run_lock_state *out);

#endif
