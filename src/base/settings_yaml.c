#include <stdio.h>
#include <string.h>

#include "base/settings_store.h"

/* YAML being written; `open` are the names of the maps that stand open. */
enum { DEPTH = 8, NAME = 64, TEXT = 2 * SETTINGS_PATH_SIZE };

typedef struct writing {
  const settings *settings;
  arena *memory;
  char *text;
  char open[DEPTH][NAME];
  int depth;
} writing;

static status add(writing *w, int indent, const char *before, const char *text) {
  return arena_print(w->memory, &w->text, "%s%*s%s%s", w->text, indent, "", before, text);
}

/* A scalar as YAML: texts between double quotes, whatever is in them. */
static status scalar(const writing *w, const settings_row *row, const settings_value *value, char **out) {
  const int is_text = row->type == SETTINGS_TEXT || row->type == SETTINGS_PATH || row->type == SETTINGS_LIST;
  char *quoted = NULL;
  int64_t at = 0;
  if (!is_text) return arena_print(w->memory, out, "%s", value->text);
  TRY(ARENA(w->memory, (int64_t)(4 * strlen(value->text) + 3), &quoted));
  quoted[at++] = '"';
  for (const char *c = value->text; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ') {
      at += snprintf(quoted + at, 5, "\\x%02X", (unsigned)(unsigned char)*c);
      continue;
    }
    if (*c == '"' || *c == '\\') quoted[at++] = '\\';
    quoted[at++] = *c;
  }
  quoted[at] = '"';
  *out = quoted;
  return STATUS_OK;
}

/* Opens the maps that lead to `path` and returns its last name in *leaf; `count` bytes of the path are looked at. */
static status descend(writing *w, const char *path, size_t count, const char **leaf) {
  int level = 0;
  for (;;) {
    const size_t length = strcspn(path, ".");
    if (length >= count) break;
    if (level >= DEPTH || length >= NAME) return status_fail(STATUS_BUG, "%s: a key too deep to be written", path);
    if (level >= w->depth || strncmp(w->open[level], path, length) != 0 || w->open[level][length] != '\0') {
      snprintf(w->open[level], NAME, "%.*s", (int)length, path);
      w->depth = level + 1;
      TRY(add(w, 2 * level, w->open[level], ":\n"));
    }
    path += length + 1;
    count -= length + 1;
    level++;
  }
  w->depth = level;
  *leaf = path;
  return STATUS_OK;
}

static status write_value(writing *w, int row, int indent, const char *name, size_t length,
                          const settings_value *value) {
  char before[TEXT];
  char *text = NULL;
  TRY(scalar(w, &settings_table[row], value, &text));
  snprintf(before, sizeof before, "%.*s: ", (int)length, name);
  TRY(add(w, indent, before, text));
  return add(w, 0, "", "\n");
}

static status write_plain(writing *w, int row) {
  const char *path = settings_table[row].path, *leaf = NULL;
  const settings_value *value = &w->settings->slot[row].value[0];
  if (value->origin == SETTINGS_DEFAULT || value->text[0] == '\0') return STATUS_OK;
  TRY(descend(w, path, strlen(path), &leaf));
  return write_value(w, row, 2 * w->depth, leaf, strlen(leaf), value);
}

static status write_list(writing *w, int row) {
  const settings_slot *slot = &w->settings->slot[row];
  const char *path = settings_table[row].path, *leaf = NULL;
  if (slot->origin == SETTINGS_DEFAULT || slot->count == 0) return STATUS_OK;
  TRY(descend(w, path, strlen(path), &leaf));
  TRY(add(w, 2 * w->depth, leaf, ":\n"));
  for (int i = 0; i < slot->count; i++) {
    char *text = NULL;
    TRY(scalar(w, &settings_table[row], &slot->value[i], &text));
    TRY(add(w, 2 * w->depth + 2, "- ", text));
    TRY(add(w, 0, "", "\n"));
  }
  return STATUS_OK;
}

/* All members of the list of maps whose first key is `row`. */
static status write_members(writing *w, int row) {
  const char *path = settings_table[row].path, *leaf = NULL;
  const size_t list = (size_t)(strstr(path, "[]") - path);
  const int count = w->settings->slot[row].count;
  char name[SETTINGS_PATH_SIZE];
  if (count == 0) return STATUS_OK;
  TRY(descend(w, path, list, &leaf));
  snprintf(name, sizeof name, "%.*s", (int)strcspn(leaf, "["), leaf);
  TRY(add(w, 2 * w->depth, name, ":\n"));
  for (int m = 0; m < count; m++) {
    int is_first = 1;
    for (int i = row; i < settings_table_count; i++) {
      const settings_slot *slot = &w->settings->slot[i];
      if (!settings_store_same_list(path, settings_table[i].path)) continue;
      if (slot->value[m].origin == SETTINGS_DEFAULT || slot->value[m].text[0] == '\0') continue;
      TRY(add(w, 2 * w->depth + 2, is_first ? "- " : "  ", ""));
      is_first = 0;
      const char *key = settings_table[i].path + list + 3;
      TRY(write_value(w, i, 0, key, strlen(key), &slot->value[m]));
    }
  }
  return STATUS_OK;
}

status settings_yaml(const settings *s, arena *a, char **out) {
  writing w = {.settings = s, .memory = a, .text = ""};
  for (int row = 0; row < settings_table_count; row++) {
    const char *path = settings_table[row].path;
    const int is_first = row == 0 || !settings_store_same_list(path, settings_table[row - 1].path);
    if (settings_table[row].type == SETTINGS_LIST)
      TRY(write_list(&w, row));
    else if (strstr(path, "[]") == NULL)
      TRY(write_plain(&w, row));
    else if (is_first)
      TRY(write_members(&w, row));
  }
  *out = w.text;
  return STATUS_OK;
}

status settings_clone(const settings *s, arena *a, settings **out) {
  settings *same = NULL;
  TRY(ARENA(a, 1, &same));
  same->memory = a;
  TRY(ARENA(a, settings_table_count, &same->slot));
  for (int i = 0; i < settings_table_count; i++) {
    same->slot[i] = s->slot[i];
    same->slot[i].capacity = s->slot[i].count;
    TRY(ARENA(a, s->slot[i].count, &same->slot[i].value));
    if (s->slot[i].count > 0)
      memcpy(same->slot[i].value, s->slot[i].value, (size_t)s->slot[i].count * sizeof *same->slot[i].value);
  }
  *out = same;
  return STATUS_OK;
}
