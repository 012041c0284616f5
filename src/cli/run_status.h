/* nightmail status RUN: how far a run is, from any shell, while it works and afterwards. argv[0] is the command's word.
 */
#ifndef CLI_RUN_STATUS_H
#define CLI_RUN_STATUS_H

#include "base/status.h"

status run_status_command(int argc, char **argv);

#endif
