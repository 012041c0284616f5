/* The list of commands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/status.h"

typedef struct commands_row {
  const char *name;
  status (*run)(int argc, char **argv);
} commands_row;

/* A command that works on its own, without ranks; NULL where there is none of that name. `run` is not among them. */
const commands_row *commands_find(const char *name);

/* The command that a wrong word is nearest to (run among them), or NULL. */
const char *commands_nearest(const char *word);

/* STATUS_USAGE: there is no such command; did you mean … */
status commands_unknown(const char *word);

#endif
