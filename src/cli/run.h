/* `nightmail run JOB`: the night itself. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "base/status.h"
#include "cli/job.h"
#include "cli/pipeline.h"
#include "comm/comm.h"

typedef struct run_arguments {
  job job;
  pipeline_options pipeline; /* `run` is not set yet */
} run_arguments;

/* Local. argv[0] is the command's word. Fails: STATUS_USAGE. */
status run_read(int argc, char **argv, run_arguments *out);

void run_help(void);

/* Collective. Loads the job and runs the stages of a->pipeline.list that are not done yet, in --run-dir, or in
 * RUNS/JOB/`folder` (NULL: the night), which a->pipeline.run then names; memory from `memory`. */
status run_list(const comm *c, run_arguments *a, const char *folder, arena *memory);

/* Collective. argv[0] is "run". Fails: STATUS_USAGE, STATUS_SETTINGS, and what the stages fail with. */
status run_command(const comm *c, int argc, char **argv);

#endif
