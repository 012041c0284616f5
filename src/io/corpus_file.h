/* Corpora of texts as they are published: running text, and texts with what they say. */
#ifndef IO_CORPUS_FILE_H
#define IO_CORPUS_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

/* In the order of the settings. */
typedef enum corpus_format {
  CORPUS_PTB,         /* a line is a text, its words separated by spaces */
  CORPUS_E2E,         /* CSV with the columns mr and ref */
  CORPUS_RNNLG,       /* lines that begin with #, then a list of lists: act, sentence, … */
  CORPUS_REVIEWS,     /* CSV with a column of texts */
  CORPUS_ADVERTISEGEN /* a JSON object a line: content, summary */
} corpus_format;

typedef struct corpus_row {
  char *meaning; /* NULL in running text */
  char *text;
} corpus_row;

typedef struct corpus_file {
  int64_t count, left_out; /* left out: rows of a table that are damaged or longer than a table's may be */
  corpus_row *row;
} corpus_file;

/* Local. The whole file, plain or (CSV) .zst. `column` names that of CORPUS_REVIEWS.
 * Fails: STATUS_MISSING, STATUS_PERMISSION, STATUS_IO; STATUS_DATA where it is not of the format, or holds no text. */
status corpus_file_read(const char *path, corpus_format format, const char *column, arena *a, corpus_file *out);

#endif
