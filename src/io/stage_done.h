/* RUN/work/STAGE/DONE.json, with which each stage commits, last: that it ended, with what, and on which ground. */
#ifndef IO_STAGE_DONE_H
#define IO_STAGE_DONE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/accounts.h"

/* What a stage took on one rank. */
typedef struct stage_use {
  double seconds;       /* from its start to its commit */
  double waited, moved; /* of these: for others, and with moving bytes (comm.h); the rest it was busy */
  double cpu;           /* CPU seconds of its own work, without those that MPI spends polling */
  int64_t sent, calls;  /* bytes; calls that other ranks took part in */
} stage_use;

typedef struct stage_done {
  const char *stage;
  const char *fingerprint; /* of its settings, its inputs, and the stages before it */
  accounts numbers;        /* integers that later stages and the manifest need, such as "users", "rows" */
  double seconds;          /* of this stage, slowest rank */
  int ranks;
  int64_t peak_bytes;     /* resident, largest over ranks */
  int64_t peak_bytes_sum; /* over ranks */
  int64_t *peaks;         /* [ranks]: of each rank; NULL if not known */
  stage_use *use;         /* [ranks]: of each rank; NULL if not known */
  int64_t *work;          /* [work_count]: of each logical partition, for cutting them; NULL if unchanged */
  int work_count;
  const char *summary; /* JSON members for the report ("\"recall@20\": 0.31, …"), or "" */
} stage_done;

/* Commits by rename; makes the folder if it is not there. Fails: STATUS_IO, STATUS_PERMISSION; STATUS_BUG where the
 * summary is not a list of JSON members. */
status stage_done_write(const char *run, const stage_done *d);

/* Seconds that a rank was busy; and the busiest rank's over the mean (1: even; 0: not known). */
double stage_done_busy(const stage_use *u);
double stage_done_imbalance(const stage_done *d);

/* *found is 0 if there is none. Fails: STATUS_DATA when damaged. */
status stage_done_read(const char *run, const char *stage, arena *a, stage_done *out, int *found);

#endif
