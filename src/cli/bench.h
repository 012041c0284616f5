/* `nightmail bench`: what this program does on this machine, beside what the machine could do. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "base/status.h"
#include "comm/comm.h"

/* argv[0] is "bench": [NAME …] [--json] and sizes. Without a name it lists what there is. Collective.
 * Fails: STATUS_USAGE; as what is measured does. */
status bench_command(const comm *c, int argc, char **argv);

void bench_help(void);

#endif
