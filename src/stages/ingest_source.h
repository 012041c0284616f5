/* The files of the platform as the settings describe them: inputs.interactions, inputs.catalogue, inputs.users. */
#ifndef STAGES_INGEST_SOURCE_H
#define STAGES_INGEST_SOURCE_H

#include "io/table_reader.h"
#include "stages/stage.h"

typedef struct ingest_source {
  const stage *stage;
  const char *key;  /* "inputs.interactions" */
  const char *path; /* "" if it is not set */
  table_format format;
  table_reader *reader; /* NULL while closed */
} ingest_source;

/* Reads the settings below `key`. Local; touches no file. */
status ingest_source_find(const stage *s, const char *key, ingest_source *out);

/* Opens range `index` of `count`. Fails as table_reader_open does. */
status ingest_source_open(ingest_source *input, int index, int count);
void ingest_source_close(ingest_source *input);

/* The place of the column that `key`.columns.`name` names; -1 where the setting is empty.
 * Fails: STATUS_DATA, naming the columns that there are. */
status ingest_source_column(const ingest_source *input, const char *name, int *column);

/* The same for a column given by its name; `setting` is for the sentence. */
status ingest_source_named(const ingest_source *input, const char *column_name, const char *setting, int *column);

/* The setting `key`.`name` as text. */
const char *ingest_source_text(const ingest_source *input, const char *name);

/* The field without the white space around it: the reader's own text, or a copy in `room` where something had to be cut
 * from its end. column < 0: "". */
enum { INGEST_FIELD = 4096 + 1 }; /* bytes of `room`: the longest field and a NUL */
const char *ingest_source_trim(const table_row *row, int column, char *room, int64_t *length);

static inline const char *ingest_source_field(const table_row *row, int column, char *room, int64_t *length) {
  *length = 0;
  if (column < 0 || column >= row->count) return "";
  const char *text = row->field[column];
  const int32_t count = row->length[column];
  if (count <= 0 || text[0] <= ' ' || text[count - 1] <= ' ') return ingest_source_trim(row, column, room, length);
  *length = count;
  return text;
}

#endif
