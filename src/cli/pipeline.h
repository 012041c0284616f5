/* The list of stages in order, and which of them a run needs. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "base/settings.h"
#include "base/status.h"
#include "cli/pipeline_rows.h"
#include "comm/comm.h"

typedef struct pipeline_options {
  const pipeline_list *list;
  const char *run;  /* the run folder */
  const char *from; /* first stage to run again, or NULL: the first that is not done */
  const char *to;   /* last stage, or NULL: all */
  int fresh;        /* run every stage again */
  int quiet;
} pipeline_options;

/* Collective. Runs what is not done yet, in order. A stage is done if it committed with the same settings, inputs and
 * stages before it.
 * Fails: what the stages fail with; STATUS_PERMISSION if another run is at work in the folder; STATUS_USAGE if --from
 * names a stage whose predecessors are not done. */
status pipeline_run(const comm *c, const settings *s, const pipeline_options *options, const char *night);

/* Place of a stage of the night, or -1. */
int pipeline_find(const char *name);

/* "ingest profile …", for help. */
const char *pipeline_stage_names(void);

#endif
