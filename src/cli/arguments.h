/* The command line of commands that look at a run: one folder, and options. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <stdint.h>

#include "base/status.h"

typedef struct arguments_option {
  const char *name;   /* "--user" */
  const char **value; /* set to what follows it; NULL where nothing follows */
  int *given;         /* set to 1 where nothing follows; else NULL */
} arguments_option;

/* argv[0] is the command's word. Sets *help for --help and then looks at nothing else.
 * Fails: STATUS_USAGE for an unknown option, one without value or given twice, no folder or two. */
status arguments_read(int argc, char **argv, const arguments_option *options, int count, const char **run, int *help);

/* A whole number in [least, most]. Fails: STATUS_USAGE. */
status arguments_number(const char *command, const char *option, const char *text, int64_t least, int64_t most,
                        int64_t *out);

/* After printing: whether all of it reached standard output. Fails: STATUS_IO. */
status arguments_flush(void);

#endif
