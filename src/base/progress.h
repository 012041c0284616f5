/* How far a stage is, for the person who waits: a bar on a terminal, a line every 30 s in a batch log, and a small file
 * for whoever looks from elsewhere (nightmail status). */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

typedef struct progress {
  const char *what;
  int64_t total;
  double started, shown;
  int64_t before; /* done by an earlier process, and kept by a checkpoint: no part of the rate */
  int quiet;      /* shows nothing: other ranks, --quiet */
  int terminal;   /* stderr is one */
} progress;

/* Local, on rank 0: from now on every progress of this process is also written to `path`, at most once a second, mode
 * 0600, by rename. It is lost in a power cut, and a failure to write it is nobody's concern. NULL: no more; the file
 * stays. */
void progress_publish(const char *path, int ranks);

/* A stage begins; how far it is, is not known yet. */
void progress_stage(const char *what);

progress progress_start(const char *what, int64_t total, int quiet);

/* After a checkpoint was restored, before the first progress_at: so much was done already. */
void progress_from(progress *p, int64_t done);

/* `note` (NULL allowed) is a few words such as "loss 3.21". Cheap when nothing is due. A pulse for the watchdog. */
void progress_at(progress *p, int64_t done, const char *note);
void progress_end(progress *p, const char *note);

#endif
