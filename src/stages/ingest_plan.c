#include "stages/ingest_plan.h"

#include <string.h>

#include "stages/ingest_names.h"
#include "stages/ingest_number.h"
#include "stages/ingest_time.h"

#define EXCLUDE "inputs.interactions.exclude"

/* "a, b,c" into {"a", "b", "c"}. */
static status split(const char *text, arena *a, char ***out, int *count) {
  int most = 1;
  for (const char *at = text; *at != '\0'; at++) most += *at == ',';
  TRY(ARENA(a, most, out));
  *count = 0;
  while (*text != '\0') {
    size_t length = strcspn(text, ",");
    const char *next = text[length] == ',' ? text + length + 1 : text + length;
    while (length > 0 && *text == ' ') text++, length--;
    while (length > 0 && text[length - 1] == ' ') length--;
    if (length > 0) TRY(arena_text(a, text, length, &(*out)[(*count)++]));
    text = next;
  }
  return STATUS_OK;
}

static status read_exclusion(const stage *s, int index, ingest_exclusion *e) {
  const settings *t = s->settings;
  const char *values = settings_text_at(t, EXCLUDE "[].values", index);
  char *reason = NULL;
  TRY(arena_print(s->arena, &reason, "excluded.%s", settings_text_at(t, EXCLUDE "[].reason", index)));
  e->reason = reason;
  e->column_name = settings_text_at(t, EXCLUDE "[].column", index);
  e->test = (ingest_test)settings_choice_at(t, EXCLUDE "[].test", index);
  TRY(split(values, s->arena, &e->values, &e->value_count));
  if ((e->test == INGEST_TEST_EQUALS || e->test == INGEST_TEST_PREFIX) && e->value_count == 0)
    return status_fail(STATUS_SETTINGS, EXCLUDE "[%d].values: equals and prefix need at least one value", index);
  if ((e->test == INGEST_TEST_BELOW || e->test == INGEST_TEST_ABOVE) && !ingest_number_parse(values, &e->bound))
    return status_fail(STATUS_SETTINGS, EXCLUDE "[%d].values: '%s' is not a number to compare with", index, values);
  return STATUS_OK;
}

static status read_kinds(const stage *s, ingest_plan *p) {
  const settings *t = s->settings;
  p->kind_count = settings_count(t, "events.kinds");
  if (p->kind_count > INGEST_KINDS_MOST)
    return status_fail(STATUS_SETTINGS, "events.kinds: %d kinds, at most %d are possible", p->kind_count,
                       INGEST_KINDS_MOST);
  for (int i = 0; i < p->kind_count; i++)
    p->kind[i] = (ingest_kind){.name = settings_text_at(t, "events.kinds[].name", i),
                               .meaning = (event_meaning)settings_choice_at(t, "events.kinds[].means", i),
                               .weight = settings_real_at(t, "events.kinds[].weight", i)};
  for (int i = 0; i < p->kind_count; i++) {
    ingest_kind *k = &p->kind[i];
    k->length = (int64_t)strlen(k->name);
    if (k->length <= INGEST_NAME_SHORT) ingest_names_words(k->name, k->length, &k->low, &k->high);
  }
  if (p->kind_count > 0) return STATUS_OK;
  if (settings_text(t, "inputs.interactions.columns.kind")[0] != '\0')
    return status_fail(STATUS_SETTINGS,
                       "inputs.interactions.columns.kind is set, but events.kinds says of no kind what it means");
  p->kind[p->kind_count++] = (ingest_kind){.name = "", .meaning = EVENT_VIEWED, .weight = 1};
  return STATUS_OK;
}

status ingest_plan_read(const stage *s, ingest_plan *out) {
  const settings *t = s->settings;
  *out = (ingest_plan){.time_format = settings_text(t, "inputs.interactions.time_format"),
                       .explicit_feedback = strcmp(settings_text(t, "als.feedback"), "explicit") == 0,
                       .has_time = settings_text(t, "inputs.interactions.columns.time")[0] != '\0',
                       .liked_from = settings_real(t, "events.liked_from")};
  TRY(ingest_time_check(out->time_format, "inputs.interactions.time_format"));
  TRY(ingest_time_check(settings_text(t, "inputs.catalogue.added_format"), "inputs.catalogue.added_format"));
  if (out->explicit_feedback && settings_text(t, "inputs.interactions.columns.rating")[0] == '\0')
    return status_fail(STATUS_SETTINGS,
                       "als.feedback is explicit, but inputs.interactions.columns.rating names no column");
  TRY(read_kinds(s, out));
  out->exclusion_count = settings_count(t, EXCLUDE);
  if (out->exclusion_count > INGEST_EXCLUSIONS_MOST)
    return status_fail(STATUS_SETTINGS, EXCLUDE ": %d tests, at most %d are possible", out->exclusion_count,
                       INGEST_EXCLUSIONS_MOST);
  for (int i = 0; i < out->exclusion_count; i++) TRY(read_exclusion(s, i, &out->exclusion[i]));
  return STATUS_OK;
}

status ingest_plan_columns(ingest_plan *p, const ingest_source *input) {
  if (input->format == TABLE_LIST) {
    p->has_time = 0;
    p->user = 0;
    p->item = 1;
    p->time = p->event = p->rating = p->quantity = p->price = p->weight = p->title = -1;
    p->exclusion_count = 0;
    return STATUS_OK;
  }
  const struct {
    const char *name;
    int *column;
  } columns[] = {{"user", &p->user},   {"item", &p->item},     {"time", &p->time},
                 {"kind", &p->event},  {"rating", &p->rating}, {"quantity", &p->quantity},
                 {"price", &p->price}, {"weight", &p->weight}, {"title", &p->title}};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    TRY(ingest_source_column(input, columns[i].name, columns[i].column));
  if (p->user < 0 || p->item < 0)
    return status_fail(STATUS_SETTINGS, "inputs.interactions.columns: user and item must each name a column");
  for (int i = 0; i < p->exclusion_count; i++)
    TRY(ingest_source_named(input, p->exclusion[i].column_name, "exclude[].column", &p->exclusion[i].column));
  return STATUS_OK;
}

int ingest_plan_excludes(const ingest_exclusion *e, const table_row *row, char *room) {
  int64_t length = 0;
  const char *field = ingest_source_field(row, e->column, room, &length);
  double number = 0;
  switch (e->test) {
    case INGEST_TEST_EQUALS:
      for (int i = 0; i < e->value_count; i++)
        if (strcmp(field, e->values[i]) == 0) return 1;
      return 0;
    case INGEST_TEST_PREFIX:
      for (int i = 0; i < e->value_count; i++)
        if (strncmp(field, e->values[i], strlen(e->values[i])) == 0) return 1;
      return 0;
    case INGEST_TEST_EMPTY: return length == 0;
    case INGEST_TEST_BELOW: return ingest_number_parse(field, &number) && number < e->bound;
    case INGEST_TEST_ABOVE: return ingest_number_parse(field, &number) && number > e->bound;
    default: return strpbrk(field, "0123456789") == NULL;
  }
}
