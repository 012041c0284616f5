#include "cli/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/messages.h"
#include "data/profile.h"
#include "io/file.h"
#include "io/json_writer.h"

static const char help[] =
    "usage: nightmail export RUN --format jsonl|csv [--output FILE]\n"
    "Writes all messages, in the order of the keyed user ids, to FILE (whole or not at all) or to standard output.\n"
    "  jsonl   one JSON object a line\n"
    "  csv     a header and one record a message, quoted as RFC 4180 says, lines end in LF; a text that a spreadsheet\n"
    "          would take for a formula (it begins with = + - @, tab or line break) is given a ' in front\n"
    "The run is verified first; nothing is written if it does not hold.\n";

enum { KEYED_ID = 33, NUMBER = 32 };

/* One message as texts, in the order of the columns. */
typedef struct fields {
  const char *user, *item, *text, *language, *tone, *source, *reason, *template_text;
  char user_id[KEYED_ID], score[NUMBER], probability[NUMBER], hour[NUMBER], key[NUMBER];
} fields;

typedef struct output {
  file_writer *file; /* NULL: standard output */
  int csv;
  arena row; /* what one row is laid out in */
} output;

static fields fields_of(const message *m) {
  fields f = {.user = m->user_name,
              .item = m->item_name,
              .text = m->text,
              .language = language_name(m->language),
              .tone = tone_name(m->tone),
              .source = source_name(m->source),
              .reason = m->reason,
              .template_text = m->template_text};
  snprintf(f.user_id, sizeof f.user_id, "%016" PRIx64 "%016" PRIx64, m->user.high, m->user.low);
  snprintf(f.score, sizeof f.score, "%.9g", (double)m->score);
  snprintf(f.probability, sizeof f.probability, "%.9g", (double)m->probability);
  snprintf(f.key, sizeof f.key, "%016" PRIx64, m->key);
  if (m->hour != PROFILE_NO_HOUR) snprintf(f.hour, sizeof f.hour, "%d", m->hour);
  return f;
}

static void raw(json_writer *w, const char *text) { json_writer_raw(w, text, strlen(text)); }

static void add_json_text(json_writer *w, const char *before, const char *text) {
  raw(w, before);
  json_writer_quoted(w, text);
}

/* A number that is empty or not finite has no place in JSON. */
static void add_json_number(json_writer *w, const char *before, const char *number) {
  raw(w, before);
  raw(w, number[0] == '\0' || strchr(number, 'n') != NULL ? "null" : number);
}

static void lay_out_json(json_writer *w, const fields *f) {
  add_json_text(w, "{\"user_id\": ", f->user_id);
  add_json_text(w, ", \"user\": ", f->user);
  add_json_text(w, ", \"item\": ", f->item);
  add_json_text(w, ", \"text\": ", f->text);
  add_json_text(w, ", \"language\": ", f->language);
  add_json_text(w, ", \"tone\": ", f->tone);
  add_json_text(w, ", \"source\": ", f->source);
  add_json_text(w, ", \"reason\": ", f->reason);
  add_json_number(w, ", \"score\": ", f->score);
  add_json_number(w, ", \"probability\": ", f->probability);
  add_json_number(w, ", \"hour\": ", f->hour);
  add_json_text(w, ", \"key\": ", f->key);
  add_json_text(w, ", \"template\": ", f->template_text);
  raw(w, "}\n");
}

/* What a spreadsheet would run as a formula gets a ' in front (OWASP, "CSV Injection"). */
static void add_cell(json_writer *w, const char *before, const char *text) {
  raw(w, before);
  const int formula = text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
  const int quoted = strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) raw(w, "\"");
  if (formula) raw(w, "'");
  for (const char *rest = text; *rest != '\0';) {
    const size_t plain = strcspn(rest, "\"");
    json_writer_raw(w, rest, plain);
    rest += plain;
    if (*rest == '"') {
      raw(w, "\"\"");
      rest++;
    }
  }
  if (quoted) raw(w, "\"");
}

static const char csv_header[] =
    "user_id,user,item,text,language,tone,source,reason,score,probability,hour,key,template\n";

static void lay_out_csv(json_writer *w, const fields *f) {
  add_cell(w, "", f->user_id);
  const char *const texts[] = {f->user, f->item, f->text, f->language, f->tone, f->source, f->reason};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) add_cell(w, ",", texts[i]);
  const char *const numbers[] = {f->score, f->probability, f->hour, f->key};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    raw(w, ",");
    raw(w, numbers[i]);
  }
  add_cell(w, ",", f->template_text);
  raw(w, "\n");
}

static status put(output *o, const char *bytes, size_t count) {
  if (o->file != NULL) return file_writer_append(o->file, bytes, count);
  return fwrite(bytes, 1, count, stdout) == count ? STATUS_OK : arguments_flush();
}

static status put_message(void *context, const message *m) {
  output *o = context;
  const arena_mark mark = arena_here(&o->row);
  const fields f = fields_of(m);
  json_writer w = json_writer_start(&o->row);
  if (o->csv)
    lay_out_csv(&w, &f);
  else
    lay_out_json(&w, &f);
  TRY(w.failed);
  TRY(put(o, w.bytes, (size_t)w.used));
  arena_release(&o->row, mark);
  return STATUS_OK;
}

static status put_all(output *o, const char *run, const manifest *m) {
  if (o->csv) TRY(put(o, csv_header, sizeof csv_header - 1));
  return messages_each(run, m, put_message, o);
}

static status export_run(const char *run, int csv, const char *path) {
  arena a = {0};
  manifest m;
  output o = {.csv = csv};
  status result;
  TRY_DONE(result, manifest_verify(run, &m, &a));
  if (path != NULL) TRY_DONE(result, file_writer_open(path, &o.file));
  result = put_all(&o, run, &m);
  if (result == STATUS_OK)
    result = o.file != NULL ? file_writer_commit(o.file) : arguments_flush();
  else
    file_writer_abandon(o.file);
done:
  arena_free(&o.row);
  arena_free(&a);
  return result;
}

status export_command(int argc, char **argv) {
  const char *run, *format = NULL, *path = NULL;
  const arguments_option options[] = {{.name = "--format", .value = &format}, {.name = "--output", .value = &path}};
  int wants_help;
  TRY(arguments_read(argc, argv, options, 2, &run, &wants_help));
  if (wants_help) {
    fputs(help, stdout);
    return arguments_flush();
  }
  if (format == NULL || (strcmp(format, "jsonl") != 0 && strcmp(format, "csv") != 0))
    return status_fail(STATUS_USAGE, "export: --format is either jsonl or csv");
  return export_run(run, strcmp(format, "csv") == 0, path);
}
