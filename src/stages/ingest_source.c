#include "stages/ingest_source.h"

#include <stdio.h>
#include <string.h>

enum { KEY_SIZE = 128 };

static void join(const ingest_source *input, const char *name, char out[KEY_SIZE]) {
  snprintf(out, KEY_SIZE, "%.40s.%.80s", input->key, name);
}

const char *ingest_source_text(const ingest_source *input, const char *name) {
  char key[KEY_SIZE];
  join(input, name, key);
  return settings_text(input->stage->settings, key);
}

status ingest_source_find(const stage *s, const char *key, ingest_source *out) {
  *out = (ingest_source){.stage = s, .key = key};
  char name[KEY_SIZE];
  join(out, "path", name);
  out->path = settings_text(s->settings, name);
  join(out, "format", name);
  out->format = (table_format)settings_choice(s->settings, name);
  return STATUS_OK;
}

status ingest_source_open(ingest_source *input, int index, int count) {
  const settings *t = input->stage->settings;
  char key[KEY_SIZE];
  join(input, "encoding", key);
  table_options options = {.format = input->format, .encoding = (table_encoding)settings_choice(t, key)};
  join(input, "names", key);
  const int names = settings_count(t, key);
  const char **name = NULL;
  TRY(ARENA(input->stage->arena, names, &name));
  for (int i = 0; i < names; i++) name[i] = settings_list_at(t, key, i);
  if (options.format != TABLE_LIST) {
    options.has_header = names == 0;
    options.names = names > 0 ? name : NULL;
    options.name_count = names;
  }
  return table_reader_open(input->path, &options, index, count, &input->reader);
}

void ingest_source_close(ingest_source *input) {
  if (input->reader != NULL) table_reader_close(input->reader);
  input->reader = NULL;
}

status ingest_source_named(const ingest_source *input, const char *column_name, const char *setting, int *column) {
  *column = table_reader_column(input->reader, column_name);
  if (*column < 0)
    return status_fail(STATUS_DATA, "%s: there is no column '%s' (%s.%s); the columns are: %s", input->path,
                       column_name, input->key, setting, table_reader_columns(input->reader, input->stage->arena));
  return STATUS_OK;
}

status ingest_source_column(const ingest_source *input, const char *name, int *column) {
  char setting[KEY_SIZE / 2];
  snprintf(setting, sizeof setting, "columns.%s", name);
  const char *column_name = ingest_source_text(input, setting);
  *column = -1;
  return column_name[0] == '\0' ? STATUS_OK : ingest_source_named(input, column_name, setting, column);
}

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

const char *ingest_source_trim(const table_row *row, int column, char *room, int64_t *length) {
  const char *first = row->field[column], *last = first + row->length[column];
  while (first < last && is_space(*first)) first++;
  while (last > first && is_space(last[-1])) last--;
  *length = last - first < INGEST_FIELD - 1 ? last - first : INGEST_FIELD - 1;
  if (*last == '\0') return first;
  memcpy(room, first, (size_t)*length);
  room[*length] = '\0';
  return room;
}
