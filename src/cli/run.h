/* `nightmail run JOB`: the night itself. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "base/status.h"
#include "comm/comm.h"

/* Collective. argv[0] is "run". Fails: STATUS_USAGE, STATUS_SETTINGS, and what the stages fail with. */
status run_command(const comm *c, int argc, char **argv);

#endif
