#include "stages/generate_ladder.h"

#include <stdlib.h>

#include "text/normalise.h"
#include "text/slots.h"
#include "text/width.h"

static const char *const generic[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH] = "为你推荐：<title>", [LANGUAGE_EN] = "For you: <title>"};
static const char *const plain[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH] = "今天为你挑了一样东西。", [LANGUAGE_EN] = "We picked something for you."};

const char *generate_ladder_generic(language l) { return generic[l]; }
const char *generate_ladder_plain(language l) { return plain[l]; }

static int place_of(language l, domain d, tone t) { return ((int)l * DOMAIN_COUNT + (int)d) * TONE_COUNT + (int)t; }

typedef struct entry {
  int32_t place;
  slot_set slots;
  int64_t line;
} entry;

static int entry_compare(const void *left, const void *right) {
  const entry *a = left, *b = right;
  if (a->place != b->place) return a->place < b->place ? -1 : 1;
  if (a->slots != b->slots) return a->slots < b->slots ? -1 : 1;
  return (a->line > b->line) - (a->line < b->line);
}

status generate_ladder_create(const copy *c, arena *a, generate_ladder *out) {
  *out = (generate_ladder){.copy = c};
  entry *order = NULL;
  TRY(ARENA(a, c->count, &order));
  TRY(ARENA(a, c->count, &out->line));
  TRY(ARENA(a, c->count, &out->shelf));
  for (int64_t i = 0; i < c->count; i++) {
    const copy_line *one = &c->lines[i];
    order[i] = (entry){place_of(one->language, one->domain, one->tone), one->slots, i};
  }
  qsort(order, (size_t)c->count, sizeof *order, entry_compare);
  int32_t shelves = 0, place = 0;
  for (int64_t i = 0; i < c->count; i++) {
    out->line[i] = order[i].line;
    if (i == 0 || order[i].place != order[i - 1].place || order[i].slots != order[i - 1].slots) {
      while (place <= order[i].place) out->first[place++] = shelves;
      out->shelf[shelves++] = (generate_shelf){.slots = order[i].slots, .first = i};
    }
    out->shelf[shelves - 1].count++;
  }
  while (place <= LANGUAGE_COUNT * DOMAIN_COUNT * TONE_COUNT) out->first[place++] = shelves;
  return STATUS_OK;
}

static int fits(const generate_shelf *s, const generate_facts *f) {
  const slot_set drop = SLOT_BIT(SLOT_PRICE) | SLOT_BIT(SLOT_WAS);
  return (s->slots & SLOT_BIT(SLOT_TITLE)) != 0 && (s->slots & ~f->allowed) == 0 &&
         (f->tone != TONE_DROP || (s->slots & drop) == drop);
}

const copy_line *generate_ladder_draw(const generate_ladder *l, const generate_facts *f, random_stream *r) {
  const int place = place_of(f->language, f->domain, f->tone);
  int64_t total = 0;
  for (int32_t i = l->first[place]; i < l->first[place + 1]; i++)
    if (fits(&l->shelf[i], f)) total += l->shelf[i].count;
  if (total == 0) return NULL;
  int64_t at = random_below(r, (uint32_t)total);
  for (int32_t i = l->first[place]; i < l->first[place + 1]; i++) {
    if (!fits(&l->shelf[i], f)) continue;
    if (at < l->shelf[i].count) return &l->copy->lines[l->line[l->shelf[i].first + at]];
    at -= l->shelf[i].count;
  }
  return NULL;
}

status generate_ladder_fill(const rules *r, const generate_facts *f, int max_columns, arena *a,
                            const char **template_text, char **text) {
  rule broken = RULE_LENGTH;
  *template_text = generic[f->language];
  const char *value[SLOT_COUNT] = {[SLOT_TITLE] = f->value[SLOT_TITLE]};
  if (value[SLOT_TITLE] != NULL) {
    TRY(slots_fill(*template_text, value, a, text));
    TRY(rules_check_text(r, *text, &broken));
    int columns = max_columns - width_columns(*template_text) + width_columns("<title>");
    for (; broken == RULE_LENGTH && columns > 0; columns -= 4) {
      char *title = NULL;
      TRY(normalise_title(f->value[SLOT_TITLE], 0, columns, a, &title));
      if (title[0] == '\0') break;
      value[SLOT_TITLE] = title;
      TRY(slots_fill(*template_text, value, a, text));
      TRY(rules_check_text(r, *text, &broken));
    }
  }
  if (broken == RULE_KEPT) return STATUS_OK;
  *template_text = plain[f->language];
  TRY(arena_print(a, text, "%s", *template_text));
  TRY(rules_check_text(r, *text, &broken));
  if (broken == RULE_KEPT) return STATUS_OK;
  return status_fail(STATUS_SETTINGS,
                     "generate: even the plainest line in %s breaks the rule \"%s\"; allow more in generate.columns, "
                     "generate.utf16 or generate.banned",
                     language_name(f->language), rule_name(broken));
}
