/* nightmail export: writes all messages of a run as JSON lines or CSV. argv[0] is the command's word. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "base/status.h"

status export_command(int argc, char **argv);

#endif
