#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings_store.h"

/* A text that grows; doubled, so that a print of n bytes costs O(n). */
typedef struct buffer {
  arena *memory;
  char *text;
  size_t length, capacity;
} buffer;

static status append(buffer *b, const char *text) {
  const size_t count = strlen(text);
  if (b->length + count + 1 > b->capacity) {
    const size_t capacity = 2 * (b->length + count) + 1024;
    char *larger = NULL;
    TRY(ARENA(b->memory, (int64_t)capacity, &larger));
    if (b->length > 0) memcpy(larger, b->text, b->length);
    b->text = larger;
    b->capacity = capacity;
  }
  memcpy(b->text + b->length, text, count + 1);
  b->length += count;
  return STATUS_OK;
}

/* The shortest text that reads back as the same number, so that 0.10 and 0.1 print alike. */
static void print_real(double value, char out[32]) {
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(out, 32, "%.*g", digits, value);
    if (strtod(out, NULL) == value) return;
  }
}

static status print_value(buffer *b, const settings_row *row, const settings_value *value) {
  char number[32];
  const char *text = value->text;
  if (value->given && row->type == SETTINGS_INT) {
    snprintf(number, sizeof number, "%lld", (long long)value->integer);
    text = number;
  } else if (value->given && row->type == SETTINGS_REAL) {
    print_real(value->real, number);
    text = number;
  }
  TRY(append(b, ":"));
  if (text[0] != '\0') TRY(append(b, " "));
  TRY(append(b, text));
  return append(b, "\n");
}

/* "path[index]rest" where index >= 0, else the path. */
static status print_path(buffer *b, const char *path, int index) {
  const char *bracket = strstr(path, "[]");
  char text[SETTINGS_PATH_SIZE + 16];
  if (index < 0)
    snprintf(text, sizeof text, "%s", path);
  else if (bracket == NULL)
    snprintf(text, sizeof text, "%s[%d]", path, index);
  else
    snprintf(text, sizeof text, "%.*s[%d]%s", (int)(bracket - path), path, index, bracket + 2);
  return append(b, text);
}

static int is_wanted(const char *path, const char *const *prefixes) {
  if (prefixes == NULL) return 1;
  for (; *prefixes != NULL; prefixes++)
    if (strncmp(path, *prefixes, strlen(*prefixes)) == 0) return 1;
  return 0;
}

static status print_list(buffer *b, const settings *s, int row) {
  const settings_slot *slot = &s->slot[row];
  for (int i = 0; i < slot->count; i++) {
    TRY(print_path(b, settings_table[row].path, i));
    TRY(print_value(b, &settings_table[row], &slot->value[i]));
  }
  if (slot->count > 0) return STATUS_OK;
  TRY(append(b, settings_table[row].path));
  return append(b, ":\n");
}

status settings_print(const settings *s, const char *const *prefixes, arena *a, char **out) {
  buffer b = {.memory = a};
  *out = NULL;
  TRY(append(&b, ""));
  for (int row = 0; row < settings_table_count; row++) {
    const settings_row *known = &settings_table[row];
    if (!is_wanted(known->path, prefixes)) continue;
    if (known->type == SETTINGS_LIST || strstr(known->path, "[]") != NULL) {
      TRY(print_list(&b, s, row));
    } else {
      TRY(append(&b, known->path));
      TRY(print_value(&b, known, &s->slot[row].value[0]));
    }
  }
  *out = b.text;
  return STATUS_OK;
}
