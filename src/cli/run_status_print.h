/* A run's state for people, and for programs. */
#ifndef CLI_RUN_STATUS_PRINT_H
#define CLI_RUN_STATUS_PRINT_H

#include "cli/run_status_read.h"
#include "io/json_writer.h"

/* A sentence, a table of the stages, and what else there is to know, to standard output. */
void run_status_print(const run_status *s);

/* One object; numbers that are not known are null. */
void run_status_json(json_writer *w, const run_status *s, const char *mark);

#endif
