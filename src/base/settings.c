#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings_store.h"

/* Copies `path` with every [12] as [], the last index into *index. Returns 0 when it is too long or has two indices. */
static int without_index(const char *path, char out[SETTINGS_PATH_SIZE], int *index) {
  size_t n = 0;
  *index = -1;
  for (const char *c = path; *c != '\0'; c++) {
    if (n + 2 >= SETTINGS_PATH_SIZE) return 0;
    out[n++] = *c;
    if (*c != '[' || c[1] == ']') continue;
    if (*index >= 0 || c[1] < '0' || c[1] > '9') return 0;
    char *end = NULL;
    const long value = strtol(c + 1, &end, 10);
    if (*end != ']' || value >= SETTINGS_MEMBERS_MOST) return 0;
    *index = (int)value;
    c = end - 1;
  }
  out[n] = '\0';
  return 1;
}

static int row_named(const char *path) {
  for (int i = 0; i < settings_table_count; i++)
    if (strcmp(settings_table[i].path, path) == 0) return i;
  return -1;
}

settings_key settings_store_key(const char *path) {
  const settings_key none = {-1, -1};
  char plain[SETTINGS_PATH_SIZE];
  int index = -1;
  if (!without_index(path, plain, &index)) return none;
  const int row = row_named(plain);
  if (row >= 0) return (settings_key){row, index};
  const size_t length = strlen(plain);
  if (index < 0 || length < 3 || strcmp(plain + length - 2, "[]") != 0) return none;
  plain[length - 2] = '\0';
  const int list = row_named(plain);
  if (list < 0 || settings_table[list].type != SETTINGS_LIST) return none;
  return (settings_key){list, index};
}

int settings_is_section(const char *path) {
  char plain[SETTINGS_PATH_SIZE];
  int index = -1;
  if (!without_index(path, plain, &index)) return 0;
  const size_t length = strlen(plain);
  for (int i = 0; i < settings_table_count; i++) {
    const char *known = settings_table[i].path;
    if (strncmp(known, plain, length) == 0 && (known[length] == '.' || known[length] == '[')) return 1;
  }
  return 0;
}

int settings_store_same_list(const char *path, const char *other) {
  const char *bracket = strstr(path, "[]");
  return bracket != NULL && strncmp(path, other, (size_t)(bracket - path) + 2) == 0;
}

/* The default of a single value. */
static status set_default(settings *s, int row, settings_value *value) {
  const settings_row *known = &settings_table[row];
  *value = (settings_value){.text = "", .integer = known->type == SETTINGS_CHOICE ? -1 : 0};
  if (known->fallback == NULL || known->type == SETTINGS_LIST) return STATUS_OK;
  char *fault = NULL;
  TRY(settings_parse(known, known->fallback, s->memory, value, &fault));
  if (fault != NULL) return status_fail(STATUS_BUG, "%s: its own default %s", known->path, fault);
  value->given = 1;
  return STATUS_OK;
}

static status grow_one(settings *s, int row, int index) {
  settings_slot *slot = &s->slot[row];
  if (index >= slot->capacity) {
    const int capacity = index < 4 ? 4 : 2 * index;
    settings_value *larger = NULL;
    TRY(ARENA(s->memory, capacity, &larger));
    if (slot->count > 0) memcpy(larger, slot->value, (size_t)slot->count * sizeof *larger);
    slot->value = larger;
    slot->capacity = capacity;
  }
  for (; slot->count <= index; slot->count++) TRY(set_default(s, row, &slot->value[slot->count]));
  return STATUS_OK;
}

status settings_store_grow(settings *s, int row, int index) {
  const char *path = settings_table[row].path;
  if (strstr(path, "[]") == NULL) return grow_one(s, row, index);
  for (int i = 0; i < settings_table_count; i++)
    if (settings_store_same_list(path, settings_table[i].path)) TRY(grow_one(s, i, index));
  return STATUS_OK;
}

status settings_create(arena *a, settings **out) {
  *out = NULL;
  settings *s = NULL;
  TRY(ARENA(a, 1, &s));
  s->memory = a;
  TRY(ARENA(a, settings_table_count, &s->slot));
  for (int i = 0; i < settings_table_count; i++) {
    const settings_row *row = &settings_table[i];
    if (strstr(row->path, "[]") != NULL) continue;
    if (row->type != SETTINGS_LIST) {
      s->slot[i].capacity = 1;
      TRY(ARENA(a, 1, &s->slot[i].value));
      TRY(settings_store_grow(s, i, 0));
    } else if (row->fallback != NULL && row->fallback[0] != '\0') {
      TRY(settings_set(s, row->path, row->fallback, "default", 1));
      s->slot[i].origin = SETTINGS_DEFAULT;
    }
  }
  *out = s;
  return STATUS_OK;
}

/* Asking for a key that the table does not hold, or as another type, can only be a mistake in our own source. */
static _Noreturn void misused(const char *path, const char *how) {
  fprintf(stderr, "nightmail: internal: the setting %s is not %s\n", path, how);
  abort();
}

static const settings_value *look(const settings *s, const char *path, int index, unsigned types, const char *how) {
  const int row = row_named(path);
  if (row < 0) misused(path, "in the table");
  if ((types >> settings_table[row].type & 1u) == 0) misused(path, how);
  const int is_member = strstr(path, "[]") != NULL;
  if (is_member != (index >= 0) || index >= s->slot[row].count) misused(path, "asked for with an index in range");
  return &s->slot[row].value[is_member ? index : 0];
}

enum {
  AS_INT = 1u << SETTINGS_INT,
  AS_REAL = 1u << SETTINGS_REAL | AS_INT,
  AS_BOOL = 1u << SETTINGS_BOOL,
  AS_CHOICE = 1u << SETTINGS_CHOICE,
  AS_TEXT = 1u << SETTINGS_TEXT | 1u << SETTINGS_PATH | AS_CHOICE,
  AS_ANY = AS_REAL | AS_BOOL | AS_TEXT
};

int64_t settings_int(const settings *s, const char *path) { return look(s, path, -1, AS_INT, "an integer")->integer; }

double settings_real(const settings *s, const char *path) { return look(s, path, -1, AS_REAL, "a number")->real; }

int settings_bool(const settings *s, const char *path) {
  return (int)look(s, path, -1, AS_BOOL, "true or false")->integer;
}

const char *settings_text(const settings *s, const char *path) { return look(s, path, -1, AS_TEXT, "a text")->text; }

int settings_choice(const settings *s, const char *path) {
  return (int)look(s, path, -1, AS_CHOICE, "a choice")->integer;
}

int settings_count(const settings *s, const char *list) {
  const size_t length = strlen(list);
  for (int i = 0; i < settings_table_count; i++) {
    const settings_row *row = &settings_table[i];
    if (row->type == SETTINGS_LIST && strcmp(row->path, list) == 0) return s->slot[i].count;
    if (strncmp(row->path, list, length) == 0 && strncmp(row->path + length, "[]", 2) == 0) return s->slot[i].count;
  }
  misused(list, "a list");
}

const char *settings_list_at(const settings *s, const char *list, int index) {
  const int row = row_named(list);
  if (row < 0 || settings_table[row].type != SETTINGS_LIST) misused(list, "a list of texts");
  if (index < 0 || index >= s->slot[row].count) misused(list, "as long as it was asked for");
  return s->slot[row].value[index].text;
}

double settings_real_at(const settings *s, const char *path, int index) {
  return look(s, path, index, AS_REAL, "a number")->real;
}

const char *settings_text_at(const settings *s, const char *path, int index) {
  return look(s, path, index, AS_TEXT, "a text")->text;
}

int settings_choice_at(const settings *s, const char *path, int index) {
  return (int)look(s, path, index, AS_CHOICE, "a choice")->integer;
}

int settings_is_set_at(const settings *s, const char *path, int index) {
  return look(s, path, index, AS_ANY, "a value")->origin != SETTINGS_DEFAULT;
}
