/* What reads and writes files in io, each as one call that can be made to fail. */
#ifndef FAULT_SUBJECTS_H
#define FAULT_SUBJECTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

typedef struct subject {
  const char *name;
  status (*run)(arena *a); /* what is disturbed; it gives back what it holds besides the arena */
  uint64_t (*seen)(void);  /* afterwards, undisturbed: a digest of what came of it */
  const char *writes;      /* the file that is whole or not there, below subjects_folder; NULL: it reads */
} subject;

extern const subject subjects[];
extern const int subjects_count;

/* Makes the files that are read. */
void subjects_prepare(void);
const char *subjects_folder(void);

/* A path below the folder; in one of a few static buffers. */
const char *subjects_path(const char *name);

#endif
