/* The list of stages in order, and which of them a run needs. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "base/settings.h"
#include "base/status.h"
#include "comm/comm.h"

typedef struct pipeline_options {
  const char *run;   /* the run folder */
  const char *from;  /* first stage to run again, or NULL: the first whose fingerprint has changed */
  const char *to;    /* last stage, or NULL */
  int fresh;         /* run every stage again */
  int quiet;
} pipeline_options;

/* Collective. Runs what is not done yet, in order. */
status pipeline_run(const comm *c, const settings *s, const pipeline_options *options);

/* "ingest profile …", for help. */
const char *pipeline_stage_names(void);

#endif
