/* `nightmail where JOB`: the run folder of a job, for scripts. */
#ifndef CLI_WHERE_H
#define CLI_WHERE_H

#include "base/status.h"

/* argv[0] is "where"; takes all options of run. Fails as run does for a wrong command line or job. */
status where_command(int argc, char **argv);

#endif
