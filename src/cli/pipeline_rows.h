/* The only lists of stages in order, and on what the result of each depends. */
#ifndef CLI_PIPELINE_ROWS_H
#define CLI_PIPELINE_ROWS_H

#include "base/settings.h"
#include "io/digest.h"
#include "stages/stage.h"

enum { PIPELINE_ROWS = 7 };

extern const stage_row pipeline_rows[PIPELINE_ROWS];

/* What a command runs: some stages in order. */
typedef struct pipeline_list {
  const stage_row *row; /* [count], at most PIPELINE_ROWS */
  int count;
  stage_purpose purpose;
  const char *const *files; /* settings of the files that the first stage reads, NULL-terminated */
} pipeline_list;

extern const pipeline_list pipeline_night, pipeline_evaluate, pipeline_evaluate_text, pipeline_tune;

/* The list itself, or that of evaluate for texts where the job names a corpus of them. */
const pipeline_list *pipeline_rows_of(const pipeline_list *list, const settings *s);

/* Place of a stage in a list, or -1. */
int pipeline_rows_find(const pipeline_list *list, const char *name);

/* Local. The digest of all that a stage's files depend on: the settings that it reads, its inputs by size and time, the
 * fingerprint of the stage before it ("" for the first), and the version of the program, since files and checkpoints
 * of another version must not be mixed with ours. Fails: STATUS_MISSING where an input is not there. */
status pipeline_rows_fingerprint(const pipeline_list *list, const settings *s, const char *night, const char *version,
                                 int row, const char *before, arena *a, char out[DIGEST_TEXT]);

#endif
