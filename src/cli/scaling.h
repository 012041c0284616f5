/* nightmail scaling: what a series of runs says about scaling, as a table and a page. */
#ifndef CLI_SCALING_H
#define CLI_SCALING_H

#include "base/status.h"

/* argv[0] is "scaling". */
status scaling_command(int argc, char **argv);

#endif
