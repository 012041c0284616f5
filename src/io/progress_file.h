/* RUN/progress.json, which base/progress.c publishes while a stage is at work: read back, for nightmail status. */
#ifndef IO_PROGRESS_FILE_H
#define IO_PROGRESS_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

#define PROGRESS_FILE "progress.json"

typedef struct progress_file {
  const char *stage, *note, *host, *job; /* "" where not known */
  int64_t done, total;                   /* of rank 0 in the present part of the stage; total 0: not known */
  double share, rate, seconds, left;     /* NaN where not known */
  int64_t peak_bytes;                    /* resident, of rank 0 in this stage so far */
  int64_t pid, time;                     /* Unix seconds, when it was written */
  int ranks;
} progress_file;

/* *found is 0 where there is none, or none that can be read: it is no more than a courtesy. Fails: STATUS_BUG. */
status progress_file_read(const char *run, arena *a, progress_file *out, int *found);

#endif
