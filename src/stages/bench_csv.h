/* A matrix of interactions of any size, without texts: for measurements, and for what only learns from who touched
 * what.
 */
#ifndef STAGES_BENCH_CSV_H
#define STAGES_BENCH_CSV_H

#include <stdint.h>

#include "base/status.h"

typedef struct bench_csv {
  const char *folder; /* made if absent */
  int64_t users, items, events, seed, days;
  int64_t end;  /* Unix time before which all events lie */
  int64_t rows; /* set: events there are in the end */
} bench_csv;

/* Writes the matrix of stages/bench_matrix.h as
 *   events.csv  user,item,time,kind,weight    in the order of time, as a platform logs them; times are Unix seconds
 *   items.csv   item,title
 * Takes 24 bytes of memory an event. Fails: STATUS_IO, STATUS_PERMISSION, STATUS_BUG. */
status bench_csv_write(bench_csv *m);

#endif
