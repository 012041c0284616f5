#include <stdio.h>
#include <string.h>

#include "base/settings_store.h"

static status unknown_key(const char *path, const char *where) {
  char plain[SETTINGS_PATH_SIZE] = "";
  snprintf(plain, sizeof plain, "%.*s", (int)strcspn(path, "["), path);
  const char *bracket = strchr(path, '[');
  if (bracket != NULL && settings_store_key(plain).row >= 0)
    return status_fail(STATUS_SETTINGS, "%s: %s: %s is one value, not a list", where, path, plain);
  if (settings_is_section(path))
    return status_fail(STATUS_SETTINGS, "%s: %s: is a section; write the keys below it, each with its value", where,
                       path);
  const char *nearest = settings_nearest(path);
  if (nearest == NULL)
    return status_fail(STATUS_SETTINGS, "%s: unknown key %s; `nightmail help settings` lists all", where, path);
  return status_fail(STATUS_SETTINGS, "%s: unknown key %s; did you mean %s?", where, path, nearest);
}

static status given_twice(const char *path, const char *where, const char *before) {
  return status_fail(STATUS_SETTINGS, "%s: %s: given twice; the first is at %s", where, path, before);
}

/* One value; `index` is its place in the row's slot, which exists. */
static status set_value(settings *s, int row, int index, const char *path, const char *text, const char *where,
                        settings_origin origin) {
  settings_value value = {.origin = origin, .given = 1, .integer = 0};
  char *fault = NULL;
  TRY(settings_parse(&settings_table[row], text, s->memory, &value, &fault));
  if (fault != NULL) return status_fail(STATUS_SETTINGS, "%s: %s: %s", where, path, fault);
  char *kept = NULL;
  TRY(arena_text(s->memory, where, strlen(where), &kept));
  value.where = kept;
  s->slot[row].value[index] = value;
  return STATUS_OK;
}

/* A whole list of texts, comma-separated; blanks around the commas do not count. */
static status set_whole_list(settings *s, int row, const char *text, const char *where, settings_origin origin) {
  settings_slot *slot = &s->slot[row];
  const char *path = settings_table[row].path;
  if (origin == SETTINGS_FILE && slot->origin == SETTINGS_FILE)
    return given_twice(path, where, slot->count > 0 ? slot->value[0].where : "the same file");
  slot->count = 0;
  while (*(text += strspn(text, " ")) != '\0') {
    size_t length = strcspn(text, ",");
    const char *next = text + length + (text[length] == ',');
    while (length > 0 && text[length - 1] == ' ') length--;
    char *member = NULL;
    TRY(arena_text(s->memory, text, length, &member));
    if (slot->count >= SETTINGS_MEMBERS_MOST)
      return status_fail(STATUS_SETTINGS, "%s: %s: more than %d members", where, path, SETTINGS_MEMBERS_MOST);
    TRY(settings_store_grow(s, row, slot->count));
    TRY(set_value(s, row, slot->count - 1, path, member, where, origin));
    text = next;
  }
  slot->origin = origin;
  return STATUS_OK;
}

/* The first member that a new origin gives drops the list of an older one; later ones are appended or replaced. */
static status set_list_member(settings *s, int row, int index, const char *path, const char *text, const char *where,
                              settings_origin origin) {
  settings_slot *slot = &s->slot[row];
  if (slot->origin == SETTINGS_DEFAULT && origin == SETTINGS_FILE) slot->count = 0;
  if (index > slot->count)
    return status_fail(STATUS_SETTINGS, "%s: %s: the list has only %d members so far", where, path, slot->count);
  if (origin == SETTINGS_FILE && index < slot->count) return given_twice(path, where, slot->value[index].where);
  TRY(settings_store_grow(s, row, index));
  slot->origin = origin;
  return set_value(s, row, index, path, text, where, origin);
}

status settings_set(settings *s, const char *path, const char *value, const char *where, int overrides) {
  const settings_origin origin = overrides ? SETTINGS_OVERRIDE : SETTINGS_FILE;
  const settings_key key = settings_store_key(path);
  if (key.row < 0) return unknown_key(path, where);
  const settings_row *row = &settings_table[key.row];
  if (row->type == SETTINGS_LIST)
    return key.index < 0 ? set_whole_list(s, key.row, value, where, origin)
                         : set_list_member(s, key.row, key.index, path, value, where, origin);
  const int is_member = strstr(row->path, "[]") != NULL;
  if (is_member != (key.index >= 0)) return unknown_key(path, where);
  const int index = is_member ? key.index : 0;
  TRY(settings_store_grow(s, key.row, index));
  const settings_value *old = &s->slot[key.row].value[index];
  if (origin == SETTINGS_FILE && old->origin == SETTINGS_FILE) return given_twice(path, where, old->where);
  return set_value(s, key.row, index, path, value, where, origin);
}

status settings_override(settings *s, const char *assignment) {
  const char *equals = strchr(assignment, '=');
  if (equals == NULL || equals == assignment)
    return status_fail(STATUS_SETTINGS, "--set: `%s` is not key=value", assignment);
  char *path = NULL;
  TRY(arena_text(s->memory, assignment, (size_t)(equals - assignment), &path));
  return settings_set(s, path, equals + 1, "--set", 1);
}
