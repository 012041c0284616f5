/* `nightmail tune JOB`: finds settings for the models of a job. */
#ifndef CLI_RUN_TUNE_H
#define CLI_RUN_TUNE_H

#include "base/status.h"
#include "comm/comm.h"

void run_tune_help(void);

/* Collective. argv[0] is "tune". Fails: STATUS_USAGE, STATUS_SETTINGS, and what ingest and the models fail with. */
status run_tune_command(const comm *c, int argc, char **argv);

#endif
