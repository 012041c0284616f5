/* Rows that could not be used: counted by reason, listed by file and line, never with contents. */
#ifndef STAGES_INGEST_REJECTS_H
#define STAGES_INGEST_REJECTS_H

#include "io/table_reader.h"
#include "stages/ingest_buffer.h"
#include "stages/stage.h"

/* The faults of the reader come first, then ours. */
typedef enum ingest_reason {
  INGEST_NO_USER = TABLE_FAULTS,
  INGEST_NO_ITEM,
  INGEST_BAD_TIME,
  INGEST_BAD_NUMBER,
  INGEST_NEGATIVE_WEIGHT,
  INGEST_UNKNOWN_KIND,
  INGEST_UNKNOWN_ITEM,
  INGEST_UNKNOWN_DOMAIN,
  INGEST_UNKNOWN_LANGUAGE,
  INGEST_NO_TITLE,
  INGEST_DUPLICATE, /* harmless: never counts as damage */
  INGEST_REASONS
} ingest_reason;

const char *ingest_reason_name(int reason); /* "bad_quote", …, "no_user", … */

typedef struct ingest_reject {
  int64_t line;
  int32_t reason, reserved;
} ingest_reject;

/* What one file lost. Starts as {0}. Counts are of this rank until ingest_rejects_sum. */
typedef struct ingest_rejects {
  const char *path; /* "" while there is no such file */
  int64_t read;     /* rows */
  int64_t count[INGEST_REASONS];
  ingest_buffer list; /* of ingest_reject, this rank's */
} ingest_rejects;

/* Local. */
status ingest_rejects_add(ingest_rejects *r, int64_t line, int reason);
void ingest_rejects_free(ingest_rejects *r);

/* Collective. Makes read and count those of all ranks. */
void ingest_rejects_sum(const comm *c, ingest_rejects *r);

/* Collective. Writes `path`: the lists of files[count], file after file, by line. Rank 0 gathers them in bounded
 * pieces. Fails: STATUS_IO. */
status ingest_rejects_write(const stage *s, const char *path, ingest_rejects *const *files, int count);

/* Local, after ingest_rejects_sum: is more of the file damaged than inputs.rejects_share allows?
 * Fails: STATUS_DATA with the sentence. */
status ingest_rejects_judge(const stage *s, const char *list_path, const ingest_rejects *r);

#endif
