/* `nightmail evaluate JOB`: how good the models of a job are. */
#ifndef CLI_RUN_EVALUATE_H
#define CLI_RUN_EVALUATE_H

#include "base/status.h"
#include "comm/comm.h"

void run_evaluate_help(void);

/* Collective. argv[0] is "evaluate". Fails: STATUS_USAGE, STATUS_SETTINGS, and what ingest and the models fail with. */
status run_evaluate_command(const comm *c, int argc, char **argv);

#endif
