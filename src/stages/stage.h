/* What every stage is given, and what all of them share.
 *
 * A stage is one collective function. It reads files of earlier stages from RUN/work, writes its own there, and commits
 * with RUN/work/STAGE/DONE.json, last, by stage_commit. cli/pipeline.c holds the list of stages in order and decides,
 * by fingerprint, which need not run again. */
#ifndef STAGES_STAGE_H
#define STAGES_STAGE_H

#include "base/arena.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/settings.h"
#include "base/status.h"
#include "comm/comm.h"
#include "data/partition.h"
#include "io/digest.h"
#include "io/manifest.h"

/* What a run is for: only a night may learn from all that is there. */
typedef enum stage_purpose {
  STAGE_NIGHT,
  STAGE_EVALUATE, /* ingest holds events back for a test, and reads inputs.test */
  STAGE_TUNE      /* the same events are held back, but nobody looks at them, and inputs.test is not read */
} stage_purpose;

typedef struct stage {
  const comm *comm;
  const settings *settings;
  const char *run; /* the run folder */
  const char *job;
  const char *night;
  const char *name; /* of the stage at work: "ingest", … */
  const char *fingerprint;
  stage_purpose purpose;
  uint64_t seed;
  digest_key key;
  log_file *log; /* NULL on ranks other than 0 */
  int quiet;
  arena *arena;     /* of this stage; freed when it ends */
  double started;   /* by clock_now */
  stage_use before; /* what this rank had waited, moved, sent, … when the stage began: set by stage_start */
  stage_done done;  /* filled by the stage: numbers, summary, work; the rest by stage_commit */
} stage;

/* A stage's row in the pipeline. */
typedef struct stage_row {
  const char *name;
  status (*run)(stage *s);
  const char *const *settings; /* prefixes of the keys it depends on, NULL-terminated */
} stage_row;

/* RUN/work/STAGE/NAME.nmt, or NAME-00017-of-00064.nmt where count > 0. Local. */
status stage_path(const stage *s, const char *of_stage, const char *name, int index, int count, char **out);

/* The numbers and work of an earlier stage. Local. Fails: STATUS_MISSING. */
status stage_before(const stage *s, const char *of_stage, stage_done *out);

/* Which logical partitions each rank holds, cut by the work that ingest counted. Local, the same on all ranks. */
status stage_users(const stage *s, partition *out);

/* Local. From here on the stage's time, memory and communication are counted. */
void stage_start(stage *s);

/* Collective. s->done with this stage's name, and what it took on each rank until now. */
status stage_measure(const stage *s, stage_done *out);

/* Collective. Gathers what the stage took on all ranks, then rank 0 logs it and writes DONE.json. */
status stage_commit(stage *s);

/* A progress bar that only rank 0 shows. */
progress stage_progress(const stage *s, int64_t total);

#endif
