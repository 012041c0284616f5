/* `nightmail help`, and the list of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/status.h"

/* argv[0] is "help"; argv[1] may be "settings" or a command. Fails: STATUS_USAGE for a word that is no command. */
status help_command(int argc, char **argv);

#endif
