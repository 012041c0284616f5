/* What a series of runs is made of, as slurm/scaling leaves it: FOLDER/series.json, the runs in
 * FOLDER/ranks-R/repeat-K, and FOLDER/machine.json, which the first of them wrote on the machine it ran on.
 *
 *   series.json   {"job": "jobs/demo.yaml", "repeats": 3, "arguments": ["--set", "seed=2"],
 *                  "sizes": [{"ranks": 1, "nodes": 1}, …]}; arguments of nightmail run, for the smallest size
 *   machine.json  {"cores": 2, "facts": {"processor": "…", "MPI": "…", …}}; cores of one node */
#ifndef IO_SERIES_FILE_H
#define IO_SERIES_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

enum { SERIES_FILE_SIZES = 64, SERIES_FILE_FACTS = 16, SERIES_FILE_ARGUMENTS = 512 };

typedef struct series_file_size {
  int ranks, nodes;
} series_file_size;

typedef struct series_file {
  const char *job;
  int argument_count;
  const char *argument[SERIES_FILE_ARGUMENTS];
  int repeats, size_count;
  series_file_size size[SERIES_FILE_SIZES]; /* ranks ascending, no two alike */
  int cores;                                /* of a node; 0: not known */
  int fact_count;
  struct {
    const char *name, *value;
  } fact[SERIES_FILE_FACTS];
} series_file;

/* *found is 0 if FOLDER has no series.json. Fails: STATUS_DATA, STATUS_IO. */
status series_file_read(const char *folder, arena *a, series_file *out, int *found);

#endif
