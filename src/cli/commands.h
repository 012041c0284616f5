/* The list of commands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/status.h"
#include "comm/comm.h"

typedef struct commands_row {
  const char *name;
  status (*run)(int argc, char **argv);
} commands_row;

/* A command of all ranks together. */
typedef struct commands_team {
  const char *name;
  status (*run)(const comm *c, int argc, char **argv);
  void (*help)(void); /* prints what --help does, without ranks */
} commands_team;

/* NULL where there is none of that name. */
const commands_team *commands_find_team(const char *name);

/* A command that works on its own, without ranks; NULL where there is none of that name. */
const commands_row *commands_find(const char *name);

/* The command of either kind that a wrong word is nearest to, or NULL. */
const char *commands_nearest(const char *word);

/* STATUS_USAGE: there is no such command; did you mean … */
status commands_unknown(const char *word);

#endif
