#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings_store.h"

/* The only place that knows where the data stands when the environment does not say. */
static const char *variable(const char *name) {
  const char *value = getenv(name);
  if (value != NULL && value[0] != '\0') return value;
  return strcmp(name, "NIGHTMAIL_DATA") == 0 ? "../shared/data" : NULL;
}

/* Replaces each ${NAME}. */
static status expand(const char *text, arena *memory, const char **out, char **fault) {
  char *done = NULL;
  TRY(arena_text(memory, "", 0, &done));
  for (;;) {
    const char *start = strstr(text, "${");
    if (start == NULL) break;
    const char *end = strchr(start, '}');
    if (end == NULL) return arena_print(memory, fault, "opens ${ and does not close it");
    char *name = NULL;
    TRY(arena_text(memory, start + 2, (size_t)(end - start) - 2, &name));
    const char *value = variable(name);
    if (value == NULL) return arena_print(memory, fault, "needs the environment variable %s, which is not set", name);
    TRY(arena_print(memory, &done, "%s%.*s%s", done, (int)(start - text), text, value));
    text = end + 1;
  }
  TRY(arena_print(memory, &done, "%s%s", done, text));
  *out = done;
  return STATUS_OK;
}

static int is_power_of_two(int64_t n) { return n > 0 && (n & (n - 1)) == 0; }

static status range_fault(const settings_row *row, const char *text, arena *memory, char **fault) {
  return arena_print(memory, fault, "is %s, which is out of range: it must be %.10g to %.10g%s%s", text, row->min,
                     row->max, row->unit[0] != '\0' ? " " : "", row->unit);
}

static status parse_integer(const settings_row *row, const char *text, arena *memory, settings_value *out,
                            char **fault) {
  char *end = NULL;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  if (end == text || *end != '\0' || text[strspn(text, "+-0123456789")] != '\0')
    return arena_print(memory, fault, "must be a whole number, not `%s`", text);
  if (errno == ERANGE || (double)value < row->min || (double)value > row->max)
    return range_fault(row, text, memory, fault);
  if (strncmp(row->path, "partitions.", strlen("partitions.")) == 0 && !is_power_of_two(value))
    return arena_print(memory, fault, "is %s, which is not a power of two", text);
  out->integer = value;
  out->real = (double)value;
  return STATUS_OK;
}

static status parse_real(const settings_row *row, const char *text, arena *memory, settings_value *out, char **fault) {
  char *end = NULL;
  const double value = strtod(text, &end);
  if (end == text || *end != '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
    return arena_print(memory, fault, "must be a number, not `%s`", text);
  if (!isfinite(value) || value < row->min || value > row->max) return range_fault(row, text, memory, fault);
  out->real = value;
  return STATUS_OK;
}

static status parse_choice(const settings_row *row, const char *text, arena *memory, settings_value *out,
                           char **fault) {
  const size_t length = strlen(text);
  int place = 0;
  for (const char *choice = row->choices; choice != NULL; place++) {
    const size_t choice_length = strcspn(choice, "|");
    if (length == choice_length && memcmp(choice, text, length) == 0) {
      out->integer = place;
      return STATUS_OK;
    }
    choice = choice[choice_length] == '|' ? choice + choice_length + 1 : NULL;
  }
  return arena_print(memory, fault, "is `%s`; it must be one of %s", text, row->choices);
}

enum { FOLDER_NAME_MOST = 60 };

/* Job and night become folder names. */
static status check_folder_name(const settings_row *row, const char *text, arena *memory, char **fault) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  const int is_job = strcmp(row->path, "job") == 0;
  if (!is_job && strcmp(row->path, "night") != 0) return STATUS_OK;
  if (is_job && text[0] == '\0') return arena_print(memory, fault, "must not be empty");
  if (text[strspn(text, letters)] != '\0' || text[0] == '.' || (is_job && strchr(text, '.') != NULL))
    return arena_print(memory, fault,
                       "is a folder's name and may hold only the letters A to Z and a to z, digits, _ "
                       "and -%s",
                       is_job ? "" : ", and . but not first");
  if (strlen(text) > FOLDER_NAME_MOST) return arena_print(memory, fault, "has more than %d letters", FOLDER_NAME_MOST);
  return STATUS_OK;
}

static int has_control(const char *text) {
  for (const char *c = text; *c != '\0'; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7F) return 1;
  return 0;
}

status settings_parse(const settings_row *row, const char *text, arena *memory, settings_value *out, char **fault) {
  *fault = NULL;
  if (has_control(text)) return arena_print(memory, fault, "holds a line break or another control character");
  char *copy = NULL;
  TRY(arena_text(memory, text, strlen(text), &copy));
  out->text = copy;
  switch (row->type) {
    case SETTINGS_INT: return parse_integer(row, text, memory, out, fault);
    case SETTINGS_REAL: return parse_real(row, text, memory, out, fault);
    case SETTINGS_CHOICE: return parse_choice(row, text, memory, out, fault);
    case SETTINGS_BOOL:
      out->integer = strcmp(text, "true") == 0;
      if (!out->integer && strcmp(text, "false") != 0)
        return arena_print(memory, fault, "must be true or false, not `%s`", text);
      return STATUS_OK;
    case SETTINGS_PATH:
    case SETTINGS_LIST:
      TRY(expand(text, memory, &out->text, fault));
      /* Without a folder of runs they would stand in the root of the machine. */
      if (*fault == NULL && strcmp(row->path, "runs") == 0 && out->text[0] == '\0')
        return arena_print(memory, fault, "must not be empty");
      return STATUS_OK;
    case SETTINGS_TEXT: return check_folder_name(row, text, memory, fault);
  }
  return STATUS_OK;
}
