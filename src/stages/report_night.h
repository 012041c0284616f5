/* Everything the page is made of, read from the run. */
#ifndef STAGES_REPORT_NIGHT_H
#define STAGES_REPORT_NIGHT_H

#include "data/catalogue.h"
#include "data/message.h"
#include "io/log_reader.h"
#include "stages/stage.h"

enum { REPORT_SAMPLE = 20 };

typedef struct report_night {
  manifest manifest;
  stage_done generate;
  log_entries log; /* of the last run of each stage */
  catalogue items;
  int64_t *item_messages; /* [items.count] */
  int sample_count;
  message sample[REPORT_SAMPLE]; /* without users */
} report_night;

/* Local. Fails: STATUS_MISSING, STATUS_DATA, STATUS_IO. */
status report_night_load(const stage *s, report_night *out);

/* The stage's row in the manifest, or NULL. */
const stage_done *report_night_stage(const report_night *n, const char *name);

#endif
