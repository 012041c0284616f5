/* `nightmail evaluate JOB`: how good the models of a job are. */
#ifndef CLI_EVALUATE_H
#define CLI_EVALUATE_H

#include "base/status.h"
#include "comm/comm.h"

void evaluate_help(void);

/* Collective. argv[0] is "evaluate". Fails: STATUS_USAGE, STATUS_SETTINGS, and what ingest and the models fail with. */
status evaluate_command(const comm *c, int argc, char **argv);

#endif
