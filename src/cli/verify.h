/* nightmail verify: proves every checksum and every account of a finished run, and prints what held. argv[0] is the
 * command's word. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include "base/status.h"

status verify_command(int argc, char **argv);

#endif
