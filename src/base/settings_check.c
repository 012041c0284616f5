#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings_store.h"

/* Adds one line to the sentence of the failure. */
__attribute__((format(printf, 2, 3))) static void report(status *result, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (*result == STATUS_OK)
    *result = status_fail(STATUS_SETTINGS, "%s", line);
  else
    status_add("%s", line);
}

static const settings_slot *slot_of(const settings *s, const char *path) {
  const settings_key key = settings_store_key(path);
  return key.row >= 0 ? &s->slot[key.row] : NULL;
}

static const settings_value *value_of(const settings *s, const char *path, int index) {
  const settings_slot *slot = slot_of(s, path);
  return slot != NULL && index < slot->count ? &slot->value[index] : NULL;
}

/* Where the member stands: the first of its keys that was written. */
static const char *member_where(const settings *s, const char *path, int index) {
  for (int i = 0; i < settings_table_count; i++) {
    if (!settings_store_same_list(path, settings_table[i].path)) continue;
    if (s->slot[i].value[index].where != NULL) return s->slot[i].value[index].where;
  }
  return "the settings";
}

/* A job about a corpus of texts has no users. */
static void required(const settings *s, status *result) {
  const int is_corpus = value_of(s, "inputs.corpus.path", 0)->text[0] != '\0';
  for (int i = 0; i < settings_table_count; i++) {
    const settings_row *row = &settings_table[i];
    if (row->fallback != NULL || (strcmp(row->path, "inputs.interactions.path") == 0 && is_corpus)) continue;
    const char *bracket = strstr(row->path, "[]");
    for (int m = 0; m < s->slot[i].count; m++) {
      const settings_value *value = &s->slot[i].value[m];
      if (value->given && value->text[0] != '\0') continue;
      if (bracket == NULL)
        report(result, "%s: %s: must be given: %s", value->where != NULL ? value->where : "the settings", row->path,
               row->help);
      else
        report(result, "%s: %.*s[%d]%s: must be given: %s", member_where(s, row->path, m), (int)(bracket - row->path),
               row->path, m, bracket + 2, row->help);
    }
  }
}

/* No two members of a slot are the same. */
static void unique(const settings *s, const char *path, const char *what, status *result) {
  const settings_slot *slot = slot_of(s, path);
  for (int i = 1; slot != NULL && i < slot->count; i++)
    for (int j = 0; j < i; j++) {
      const settings_value *a = &slot->value[i], *b = &slot->value[j];
      if (a->text[0] == '\0' || strcmp(a->text, b->text) != 0) continue;
      report(result, "%s: %s: %s `%s` is there twice", a->where != NULL ? a->where : "the settings", path, what,
             a->text);
      break;
    }
}

/* Tests that compare need something to compare with, and bounds are numbers. */
static void exclusions(const settings *s, status *result) {
  const settings_slot *tests = slot_of(s, "inputs.interactions.exclude[].test");
  for (int i = 0; tests != NULL && i < tests->count; i++) {
    const char *test = tests->value[i].text;
    const settings_value *values = value_of(s, "inputs.interactions.exclude[].values", i);
    const char *where = member_where(s, "inputs.interactions.exclude[].test", i);
    const int is_bound = strcmp(test, "below") == 0 || strcmp(test, "above") == 0;
    if (!is_bound && strcmp(test, "equals") != 0 && strcmp(test, "prefix") != 0) continue;
    char *end = NULL;
    if (values == NULL || values->text[0] == '\0') {
      report(result, "%s: inputs.interactions.exclude[%d].values: the test %s needs something to compare with", where,
             i, test);
    } else if (is_bound && (strtod(values->text, &end), end == values->text || *end != '\0')) {
      report(result, "%s: inputs.interactions.exclude[%d].values: the test %s needs one number, not `%s`", where, i,
             test, values->text);
    }
  }
}

static void feedback(const settings *s, status *result) {
  const settings_value *feedback = value_of(s, "als.feedback", 0);
  const settings_value *rating = value_of(s, "inputs.interactions.columns.rating", 0);
  if (feedback == NULL || strcmp(feedback->text, "explicit") != 0 || rating->text[0] != '\0') return;
  report(result, "%s: als.feedback: explicit needs inputs.interactions.columns.rating",
         feedback->where != NULL ? feedback->where : "the settings");
}

status settings_check(const settings *s) {
  status result = STATUS_OK;
  required(s, &result);
  unique(s, "events.kinds[].name", "the event kind", &result);
  unique(s, "inputs.interactions.names", "the column", &result);
  unique(s, "inputs.catalogue.names", "the column", &result);
  unique(s, "inputs.users.names", "the column", &result);
  exclusions(s, &result);
  feedback(s, &result);
  return result;
}
