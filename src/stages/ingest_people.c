#include "stages/ingest_people.h"

#include <string.h>

#include "io/file.h"
#include "io/table_reader.h"
#include "stages/ingest_source.h"

typedef struct reading {
  const stage *stage;
  ingest_people *out;
  int user, language; /* columns */
  table_row row;
  char room[INGEST_FIELD];
} reading;

static status read_user(reading *r) {
  ingest_rejects *rejects = &r->out->rejects;
  rejects->read++;
  if (r->row.fault != TABLE_OK) return ingest_rejects_add(rejects, r->row.line, (int)r->row.fault);
  int64_t length = 0;
  const char *field = ingest_source_field(&r->row, r->language, r->room, &length);
  const int spoken = length > 0 ? language_find(field) : INGEST_NO_LANGUAGE;
  const char *name = ingest_source_field(&r->row, r->user, r->room, &length);
  if (length == 0) return ingest_rejects_add(rejects, r->row.line, INGEST_NO_USER);
  if (spoken < 0) return ingest_rejects_add(rejects, r->row.line, INGEST_UNKNOWN_LANGUAGE);
  const user_id id = digest_user(&r->stage->key, name, (size_t)length);
  int32_t place = 0;
  int is_new = 0;
  TRY(ingest_table_add(&r->out->listed, id, name, length, &place, &is_new));
  if (is_new) ingest_table_at(&r->out->listed, place)->tally = ingest_people_note(r->row.line, spoken);
  return STATUS_OK;
}

static status read_users(reading *r, ingest_source *input) {
  TRY(ingest_source_open(input, r->stage->comm->rank, r->stage->comm->size));
  TRY(ingest_source_column(input, "user", &r->user));
  TRY(ingest_source_column(input, "language", &r->language));
  if (r->user < 0) return status_fail(STATUS_SETTINGS, "inputs.users.columns.user names no column");
  for (;;) {
    int more = 0;
    TRY(table_reader_next(input->reader, &r->row, &more));
    if (!more) return STATUS_OK;
    TRY(read_user(r));
  }
}

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* The text between the quotes that open a line, with doubled ones halved, into `room`. */
static int64_t unquote(const char *at, char *room) {
  int64_t length = 0;
  for (; *at != '\0' && length < INGEST_FIELD - 1; at++) {
    if (*at == '"' && *++at != '"') break;
    room[length++] = *at;
  }
  return length;
}

/* The id on a line, read as in the files of events and users: all of the line, or what stands before the first comma or
 * tab, or in quotes, and no blanks around it. */
static int64_t cut_id(const char *line, char *room, const char **id) {
  while (is_space(*line)) line++;
  int64_t length = (int64_t)strcspn(line, ",\t");
  *id = line;
  if (*line == '"') {
    length = unquote(line + 1, room);
    *id = room;
  }
  while (length > 0 && is_space(**id)) ++*id, length--;
  while (length > 0 && is_space((*id)[length - 1])) length--;
  return length;
}

static status read_suppressed(reading *r, const char *path, table_reader *reader) {
  for (;;) {
    int more = 0;
    TRY(table_reader_next(reader, &r->row, &more));
    if (!more) return STATUS_OK;
    if (r->row.fault != TABLE_OK)
      return status_fail(STATUS_DATA,
                         "%s:%lld: this line of the suppression list cannot be read (%s); nobody is written "
                         "to before it can",
                         path, (long long)r->row.line, table_fault_name(r->row.fault));
    const char *name = NULL;
    const int64_t length = cut_id(r->row.field[0], r->room, &name);
    if (length == 0) continue;
    const user_id id = digest_user(&r->stage->key, name, (size_t)length);
    TRY(ingest_buffer_add(&r->out->suppressed, &id, sizeof id));
  }
}

status ingest_people_read(const stage *s, ingest_people *out) {
  reading *r = NULL;
  ingest_source input;
  TRY(ARENA(s->arena, 1, &r));
  *r = (reading){.stage = s, .out = out};
  TRY(ingest_source_find(s, "inputs.users", &input));
  out->rejects.path = input.path;
  if (input.path[0] != '\0') {
    const status result = read_users(r, &input);
    ingest_source_close(&input);
    TRY(result);
  }
  const char *path = settings_text(s->settings, "inputs.suppression.path");
  if (path[0] == '\0') return STATUS_OK;
  int64_t bytes = 0, modified = 0;
  TRY(file_stat(path, &bytes, &modified));
  if (bytes == 0)
    return status_fail(STATUS_DATA,
                       "%s: is empty; if there is nobody who must not be written to, give it an empty line or leave "
                       "inputs.suppression.path out",
                       path);
  table_reader *reader = NULL;
  const table_options options = {.format = TABLE_LINES, .names = (const char *const[]){"user"}, .name_count = 1};
  TRY(table_reader_open(path, &options, s->comm->rank, s->comm->size, &reader));
  const status result = read_suppressed(r, path, reader);
  table_reader_close(reader);
  return result;
}

void ingest_people_free(ingest_people *p) {
  ingest_rejects_free(&p->rejects);
  ingest_table_free(&p->listed);
  ingest_buffer_free(&p->suppressed);
}
