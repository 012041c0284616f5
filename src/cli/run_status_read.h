/* What can be learned of a run from its folder, without taking part in it. */
#ifndef CLI_RUN_STATUS_READ_H
#define CLI_RUN_STATUS_READ_H

#include "base/arena.h"
#include "cli/pipeline_rows.h"
#include "io/checkpoint_file.h"
#include "io/progress_file.h"
#include "io/run_lock.h"
#include "io/stage_done.h"

typedef enum run_state {
  RUN_RUNNING,
  RUN_SILENT,  /* the lock is held, but nobody has touched it for minutes: the node may be gone */
  RUN_WAITING, /* ended with everything kept, for its next start: asked to stop, or after --to, or never begun */
  RUN_STOPPED, /* ended with a fault, or without a word */
  RUN_FINISHED,
  RUN_STATES
} run_state;

typedef struct run_stage {
  const char *name;
  int is_done;
  stage_done done; /* where it is */
  int checkpoints;
  checkpoint_head *checkpoint; /* [checkpoints], newest last; of stages that are not done */
} run_stage;

typedef struct run_status {
  const char *run;
  run_state state;
  const pipeline_list *list;      /* of the command that was started here: a night, evaluate, tune */
  run_stage stage[PIPELINE_ROWS]; /* [list->count] */
  int at;                         /* the first stage that is not done; list->count where all are */
  int has_progress;
  progress_file progress; /* of stage `at` */
  int starts;             /* how often it was started */
  int64_t started, ended; /* Unix seconds of the last start and end; 0 where not known */
  const char *host, *job; /* of the last start; "" where not known */
  int ranks;              /* 0 where not known */
  double silent;          /* seconds since the last heartbeat, for RUN_SILENT */
  const char *failure;    /* the sentence with which it stopped, or "" */
  int failure_code;
  int64_t messages; /* of a finished night */
} run_status;

/* Fails: STATUS_MISSING where there is no such folder, STATUS_PERMISSION, STATUS_IO. */
status run_status_read(const char *run, arena *a, run_status *out);

/* "running", … */
const char *run_status_word(run_state state);

/* The newest good checkpoint of the stage at work, or NULL. */
const checkpoint_head *run_status_checkpoint(const run_status *s);

/* One line that changes if and only if work was kept: stages, generations of checkpoints, proposals and shards. */
status run_status_mark(const run_status *s, arena *a, char **out);

#endif
