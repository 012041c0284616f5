/* The size of an input file, without reading all of it where that would take long. */
#ifndef STAGES_PLAN_TABLE_H
#define STAGES_PLAN_TABLE_H

#include "base/arena.h"
#include "io/table_reader.h"

typedef struct plan_table {
  double bytes; /* of the file, as it stands on disk */
  double rows;  /* with a header: without it */
  double text;  /* bytes decompressed */
  int is_estimated;
} plan_table;

/* Counts the rows of a file of up to `most` bytes; of a larger plain one, bytes per row of blocks from all over it; of
 * a larger .zst, its first `most` bytes. Fails: as table_reader_open and table_reader_next do. */
status plan_table_measure(const char *path, const table_options *options, int64_t most, plan_table *out);

/* Ranges of which the first holds at most `most` bytes of a file of `bytes`. */
int plan_table_ranges(double bytes, int64_t most);

#endif
