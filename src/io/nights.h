/* The nights of a job: the folders below RUNS/JOB. */
#ifndef IO_NIGHTS_H
#define IO_NIGHTS_H

#include "base/arena.h"
#include "base/status.h"

/* The last night, by name, in which a stage has committed (train, or where it is not there, any before it); *out is its
 * folder, or NULL where there is none or no such job. Fails: STATUS_BUG. */
status nights_latest(const char *job, arena *a, const char **out);

#endif
