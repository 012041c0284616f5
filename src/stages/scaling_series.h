/* The runs of scaling experiments, and what each of their stages took. Local, without ranks.
 *
 *   FOLDER/strong   the same night on different numbers of ranks
 *   FOLDER/weak     nights that grow with the ranks
 * each as io/series_file.h says. */
#ifndef STAGES_SCALING_SERIES_H
#define STAGES_SCALING_SERIES_H

#include "io/digest.h"
#include "io/series_file.h"
#include "io/stage_done.h"

enum { SCALING_STAGES = 7, SCALING_TOTAL = SCALING_STAGES, SCALING_ROWS };
extern const char *const scaling_row_name[SCALING_ROWS]; /* "ingest" … "report", "total" */

typedef enum scaling_kind { SCALING_STRONG, SCALING_WEAK, SCALING_KINDS } scaling_kind;
extern const char *const scaling_kind_name[SCALING_KINDS];

/* What is taken from a stage of a run. A total is the sum over the stages, of imbalance their mean weighted by time, of
 * memory the largest. NaN where the run does not say. */
typedef enum scaling_measure {
  SCALING_SECONDS,   /* of the slowest rank, from the start of the stage to its commit */
  SCALING_BUSY,      /* neither waiting nor moving bytes: mean over ranks */
  SCALING_BUSY_MOST, /* of the busiest rank */
  SCALING_WAITED,    /* at agreements and barriers: mean over ranks */
  SCALING_MOVED,     /* in calls that move bytes: mean over ranks */
  SCALING_IMBALANCE, /* busiest rank over the mean */
  SCALING_CPU,       /* CPU seconds of the ranks' own work, without MPI's polling: sum over ranks */
  SCALING_SENT,      /* bytes: sum over ranks */
  SCALING_CALLS,     /* of comm.h that others took part in: of one rank, the most */
  SCALING_PEAK,      /* resident bytes of the largest rank */
  SCALING_MEASURES
} scaling_measure;
extern const char *const scaling_measure_name[SCALING_MEASURES]; /* columns of scaling.csv */

typedef struct scaling_run {
  int ranks, nodes, repeat;
  const char *folder;
  int is_whole; /* finished: it has a manifest, and every stage its commit */
  double value[SCALING_ROWS][SCALING_MEASURES];
  char shards[DIGEST_TEXT]; /* digest of the digests of its shards */
  int64_t rows, users, items, events, messages;
} scaling_run;

typedef struct scaling_series {
  int found;
  series_file file;
  int run_count, whole_count;
  scaling_run *run; /* [sizes × repeats], a size's repeats together */
  int same_bytes;   /* all whole runs have the same shards */
} scaling_series;

/* Fails: STATUS_MISSING where FOLDER holds neither series; STATUS_DATA, STATUS_IO. */
status scaling_series_read(const char *folder, arena *a, scaling_series out[SCALING_KINDS]);

#endif
