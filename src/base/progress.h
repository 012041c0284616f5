/* How far a stage is, for the person who waits: a bar on a terminal, a line every 30 s in a batch log. Rank 0 only. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

typedef struct progress {
  const char *what;
  int64_t total;
  double started, shown;
  int quiet;    /* shows nothing: other ranks, --quiet */
  int terminal; /* stderr is one */
} progress;

progress progress_start(const char *what, int64_t total, int quiet);

/* `note` (NULL allowed) is a few words such as "loss 3.21". Cheap when nothing is due. */
void progress_at(progress *p, int64_t done, const char *note);
void progress_end(progress *p, const char *note);

#endif
