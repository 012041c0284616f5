/* nightmail preview: prints a sample of a run's messages. argv[0] is the command's word. */
#ifndef CLI_PREVIEW_H
#define CLI_PREVIEW_H

#include "base/status.h"

status preview_command(int argc, char **argv);

#endif
