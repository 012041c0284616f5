#include "text/meaning.h"

#include <stdlib.h>
#include <string.h>

#include "text/split.h"

static status too_many(const char *text) {
  return status_fail(STATUS_DATA, "the act `%.60s` has more than %d slots", text, MEANING_SLOTS);
}

/* Copies bytes without quotes at the ends; names also lose spaces and underscores. */
static status bare(const char *text, size_t length, int is_name, arena *a, char **out) {
  while (length > 0 && strchr("'\"", *text)) text++, length--;
  while (length > 0 && strchr("'\"", text[length - 1])) length--;
  TRY(arena_text(a, text, length, out));
  char *to = *out;
  for (const char *at = *out; is_name && *at; at++)
    if (*at != ' ' && *at != '_') *to++ = *at;
  if (is_name) *to = '\0';
  return STATUS_OK;
}

/* The name that all spellings of a closed value go by, or NULL: it is open. */
static const char *closed_value(const char *value) {
  static const char *const same[][2] = {{"none", "none"},         {"true", "yes"}, {"yes", "yes"},
                                        {"false", "no"},          {"no", "no"},    {"dontcare", "dontcare"},
                                        {"dont_care", "dontcare"}};
  for (int i = 0; i < (int)(sizeof same / sizeof *same); i++)
    if (strcmp(value, same[i][0]) == 0) return same[i][1];
  return NULL;
}

static status read_rnnlg_slot(const char *text, size_t length, arena *a, meaning_slot *out) {
  const char *equals = memchr(text, '=', length);
  const size_t name = equals != NULL ? (size_t)(equals - text) : length;
  out->is_open = 0;
  TRY(bare(text, name, 1, a, &out->name));
  if (equals == NULL) return arena_text(a, "?", 1, &out->value);
  TRY(bare(equals + 1, length - name - 1, 0, a, &out->value));
  const char *closed = closed_value(out->value);
  out->is_open = closed == NULL && strcmp(out->value, "?") != 0;
  return closed != NULL ? arena_text(a, closed, strlen(closed), &out->value) : STATUS_OK;
}

status meaning_read_rnnlg(const char *text, arena *a, meaning *out) {
  const char *at = strchr(text, '(');
  out->count = 0;
  if (at == NULL) return status_fail(STATUS_DATA, "`%.60s` is no dialogue act: it has no bracket", text);
  TRY(arena_text(a, text, (size_t)(at - text), &out->act));
  for (at++; *at && *at != ')' && *at != '('; at += *at == ';') {
    const size_t length = strcspn(at, ";)(");
    if (out->count == MEANING_SLOTS) return too_many(text);
    if (length > 0) TRY(read_rnnlg_slot(at, length, a, &out->slot[out->count++]));
    at += length;
  }
  return STATUS_OK;
}

status meaning_read_e2e(const char *text, arena *a, meaning *out) {
  const char *at = text;
  out->count = 0;
  TRY(arena_text(a, "inform", 6, &out->act));
  while (*at) {
    const size_t name = strcspn(at, "["), value = at[name] ? strcspn(at + name + 1, "]") : 0;
    if (at[name] == '\0' || at[name + 1 + value] == '\0')
      return status_fail(STATUS_DATA, "`%.60s` is no meaning representation: a bracket is missing", text);
    if (out->count == MEANING_SLOTS) return too_many(text);
    meaning_slot *slot = &out->slot[out->count++];
    TRY(bare(at, name, 1, a, &slot->name));
    TRY(arena_text(a, at + name + 1, value, &slot->value));
    slot->is_open = strcmp(slot->name, "name") == 0 || strcmp(slot->name, "near") == 0;
    split_lower(slot->name);
    if (slot->is_open) split_lower(slot->value);
    at += name + value + 2;
    at += strspn(at, ", ");
  }
  return STATUS_OK;
}

status meaning_read_attributes(const char *text, arena *a, meaning *out) {
  const char *at = text;
  out->count = 0;
  TRY(arena_text(a, "copy", 4, &out->act));
  while (*at) {
    const size_t length = strcspn(at, "*"), name = strcspn(at, "#*");
    if (at[name] != '#') return status_fail(STATUS_DATA, "`%.60s` is no list of attributes: a # is missing", text);
    if (out->count == MEANING_SLOTS) return too_many(text);
    meaning_slot *slot = &out->slot[out->count++];
    slot->is_open = 0;
    TRY(arena_text(a, at, name, &slot->name));
    TRY(arena_text(a, at + name + 1, length - name - 1, &slot->value));
    at += length + (at[length] == '*');
  }
  return STATUS_OK;
}

static int by_text(const void *x, const void *y) { return strcmp(*(char *const *)x, *(char *const *)y); }

/* The features by name: the act, then the slots sorted. */
static status name_features(const meaning *m, arena *a, char *name[MEANING_SLOTS + 1]) {
  TRY(arena_print(a, &name[0], "a.%s", m->act));
  for (int i = 0; i < m->count; i++) {
    const meaning_slot *s = &m->slot[i];
    int nth = 1;
    for (int k = 0; k < i; k++) nth += m->slot[k].is_open && strcmp(m->slot[k].name, s->name) == 0;
    if (s->is_open)
      TRY(arena_print(a, &name[1 + i], "sv.%s._%d", s->name, nth));
    else
      TRY(arena_print(a, &name[1 + i], "sv.%s.%s", s->name, s->value));
  }
  qsort(name + 1, (size_t)m->count, sizeof *name, by_text);
  return STATUS_OK;
}

status meaning_features(const meaning *m, lexicon *features, int adds, arena *a, word_ids *out, char **key) {
  char *name[MEANING_SLOTS + 1];
  *out = (word_ids){0};
  TRY(name_features(m, a, name));
  TRY(ARENA(a, m->count + 1, &out->id));
  TRY(arena_text(a, "", 0, key));
  for (int i = 0; i <= m->count; i++) {
    int32_t id = 0;
    TRY(arena_print(a, key, "%s|%s", *key, name[i]));
    if (i > 0 && strcmp(name[i], name[i - 1]) == 0) continue;
    if (adds) TRY(lexicon_add(features, name[i], strlen(name[i]), &id));
    if (!adds) id = lexicon_find(features, name[i], strlen(name[i]));
    if (id >= 0) out->id[out->count++] = id;
  }
  return STATUS_OK;
}

/* " old " becomes " new " in " text ", the first time or always. */
static status replace(char **text, const char *old, const char *by, int all, arena *a) {
  const size_t length = strlen(old);
  for (char *at = *text; length > 0 && (at = strstr(at, old)) != NULL;) {
    const int starts = at == *text || at[-1] == ' ', ends = at[length] == ' ' || at[length] == '\0';
    if (!starts || !ends) {
      at++;
      continue;
    }
    const size_t before = (size_t)(at - *text);
    TRY(arena_print(a, text, "%.*s%s%s", (int)before, *text, by, at + length));
    at = *text + before + strlen(by);
    if (!all) break;
  }
  return STATUS_OK;
}

static status slot_token(const char *name, arena *a, char **out) {
  TRY(arena_print(a, out, "SLOT_%s", name));
  for (char *at = *out; *at; at++)
    if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 32);
  return STATUS_OK;
}

enum { PARTS = 6 };

typedef struct list {
  int count;
  char *part[PARTS];
} list;

/* "a and b or c" apart; what is more than PARTS stays together in the last. */
static status take_apart(const char *value, arena *a, list *out) {
  out->count = 0;
  for (;;) {
    const char *conjunction = strstr(value, " and "), *other = strstr(value, " or ");
    const int is_or = other != NULL && (conjunction == NULL || other < conjunction);
    const char *end = is_or ? other : conjunction;
    if (end == NULL || out->count == PARTS - 1) return arena_text(a, value, strlen(value), &out->part[out->count++]);
    TRY(arena_text(a, value, (size_t)(end - value), &out->part[out->count++]));
    value = end + (is_or ? 4 : 5);
  }
}

/* Looks for the parts in each order, first joined by `word`; *found is the first that the text holds. */
static status find_order(const char *text, const list *parts, const char *word, int used, const char *head, arena *a,
                         char **found) {
  if (*found != NULL) return STATUS_OK;
  for (int i = 0; i < parts->count && *found == NULL; i++) {
    char *joined = NULL;
    if (used & (1 << i)) continue;
    TRY(arena_print(a, &joined, "%s%s%s", head, used ? word : "", parts->part[i]));
    if ((used | (1 << i)) != (1 << parts->count) - 1)
      TRY(find_order(text, parts, word, used | (1 << i), joined, a, found));
    else if (strstr(text, joined) != NULL)
      *found = joined;
  }
  return STATUS_OK;
}

static status hide_value(const meaning_slot *s, char **text, int all, arena *a) {
  list parts;
  char *found = NULL, *token = NULL;
  TRY(slot_token(s->name, a, &token));
  TRY(take_apart(s->value, a, &parts));
  TRY(find_order(*text, &parts, " and ", 0, "", a, &found));
  TRY(find_order(*text, &parts, " or ", 0, "", a, &found));
  return found != NULL ? replace(text, found, token, all, a) : STATUS_OK;
}

/* Places of slots, those with the longest text first; equals stay in order. */
static void by_length(const meaning *m, int of_name, int order[MEANING_SLOTS]) {
  for (int i = 0; i < m->count; i++) {
    int at = i;
    const size_t own = strlen(of_name ? m->slot[i].name : m->slot[i].value);
    for (; at > 0; at--) {
      const meaning_slot *before = &m->slot[order[at - 1]];
      if (strlen(of_name ? before->name : before->value) >= own) break;
      order[at] = order[at - 1];
    }
    order[at] = i;
  }
}

status meaning_hide(const meaning *m, const char *text, int all, arena *a, char **out) {
  int order[MEANING_SLOTS];
  by_length(m, 0, order);
  TRY(arena_text(a, text, strlen(text), out));
  for (int i = 0; i < m->count; i++)
    if (m->slot[order[i]].is_open) TRY(hide_value(&m->slot[order[i]], out, all, a));
  return STATUS_OK;
}

status meaning_fill(const meaning *m, const char *text, const char *domain, int all, arena *a, char **out) {
  int order[MEANING_SLOTS];
  by_length(m, 1, order);
  TRY(arena_text(a, text, strlen(text), out));
  for (int i = 0; i < m->count; i++) {
    const meaning_slot *s = &m->slot[order[i]];
    char *token = NULL;
    if (!s->is_open) continue;
    TRY(slot_token(s->name, a, &token));
    TRY(replace(out, token, s->value, all, a));
  }
  return replace(out, "SLOT_TYPE", domain, 1, a);
}
