/* scaling.html: one file with everything in it, for reading and for quoting. */
#ifndef STAGES_SCALING_PAGE_H
#define STAGES_SCALING_PAGE_H

#include "stages/scaling_model.h"

typedef struct scaling_page {
  const scaling_series *series; /* [SCALING_KINDS] */
  const scaling_model *model;   /* [SCALING_KINDS] */
  const char *why_no_model;     /* where none is known: a sentence, or "" */
} scaling_page;

/* Local. Fails: STATUS_IO, STATUS_PERMISSION. */
status scaling_page_write(const char *path, const scaling_page *content, arena *a);

#endif
