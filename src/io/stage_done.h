/* RUN/work/STAGE/DONE.json, with which each stage commits, last: that it ended, with what, and on which ground. */
#ifndef IO_STAGE_DONE_H
#define IO_STAGE_DONE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "io/accounts.h"

typedef struct stage_done {
  const char *stage;
  const char *fingerprint; /* of its settings, its inputs, and the stages before it */
  accounts numbers;        /* integers that later stages and the manifest need, such as "users", "rows" */
  double seconds;          /* of this stage, slowest rank */
  int ranks;
  int64_t peak_bytes;     /* resident, largest over ranks */
  int64_t peak_bytes_sum; /* over ranks */
  int64_t *peaks;         /* [ranks]: of each rank; NULL if not known */
  int64_t *work;          /* [work_count]: of each logical partition, for cutting them; NULL if unchanged */
  int work_count;
  const char *summary; /* JSON members for the report ("\"recall@20\": 0.31, …"), or "" */
} stage_done;

/* Commits by rename; makes the folder if it is not there. Fails: STATUS_IO, STATUS_PERMISSION; STATUS_BUG where the
 * summary is not a list of JSON members. */
status stage_done_write(const char *run, const stage_done *d);

/* *found is 0 if there is none. Fails: STATUS_DATA when damaged. */
status stage_done_read(const char *run, const char *stage, arena *a, stage_done *out, int *found);

#endif
