/* `nightmail plan JOB`: memory, traffic and time of a night before anybody waits for it. Needs no MPI. */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "base/status.h"

/* argv[0] is "plan". Fails: STATUS_USAGE, STATUS_MISSING, STATUS_DATA, STATUS_SETTINGS: also what cannot fit. */
status plan_command(int argc, char **argv);

#endif
