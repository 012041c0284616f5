/* nightmail show: prints all that a run knows of one user. argv[0] is the command's word. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "base/status.h"

status show_command(int argc, char **argv);

#endif
