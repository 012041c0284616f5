#include "stages/generate_facts.h"

#include "text/slots.h"

static const char *const because_text[LANGUAGE_COUNT][EVENT_MEANINGS] = {
    [LANGUAGE_ZH] = {[EVENT_VIEWED] = "因为你看过", [EVENT_LIKED] = "因为你喜欢", [EVENT_BOUGHT] = "因为你买过"},
    [LANGUAGE_EN] = {[EVENT_VIEWED] = "because you looked at ",
                     [EVENT_LIKED] = "because you liked ",
                     [EVENT_BOUGHT] = "because you bought "},
};

static const slot because_slot[EVENT_MEANINGS] = {
    [EVENT_VIEWED] = SLOT_VIEWED, [EVENT_LIKED] = SLOT_LIKED, [EVENT_BOUGHT] = SLOT_BOUGHT};

const char *generate_facts_because(language l, event_meaning why) { return because_text[l][why]; }

static void set(generate_facts *f, slot s, const char *value) {
  if (value == NULL || value[0] == '\0') return;
  f->value[s] = value;
  f->is_gsm7 = f->is_gsm7 && width_gsm7(value) >= 0;
  for (int u = 0; u < WIDTH_UNITS; u++) {
    const int own = width_in(value, (width_unit)u), units = own >= 0 ? own : width_utf16(value);
    f->width[u][s] = (uint16_t)(units > UINT16_MAX ? UINT16_MAX : units);
  }
  f->allowed |= SLOT_BIT(s);
}

static status set_prices(const catalogue *c, item_row item, const char *money, slot_set may, arena *a,
                         generate_facts *f) {
  char *text = NULL;
  if ((may & SLOT_BIT(SLOT_PRICE)) != 0 && c->price[item] != CATALOGUE_NO_PRICE) {
    TRY(slots_price(c->price[item], money, a, &text));
    set(f, SLOT_PRICE, text);
  }
  if ((may & SLOT_BIT(SLOT_WAS)) != 0 && c->old_price[item] != CATALOGUE_NO_PRICE) {
    TRY(slots_price(c->old_price[item], money, a, &text));
    set(f, SLOT_WAS, text);
  }
  return STATUS_OK;
}

status generate_facts_fill(const catalogue *c, const words *w, const users *u, const decisions *d, user_row row,
                           const char *money, arena *a, generate_facts *out) {
  const item_row item = d->item[row], because = d->because[row];
  const language l = (language)u->language[row];
  const slot_set may = d->slots[row];
  *out = (generate_facts){.language = l, .domain = (domain)c->domain[item], .tone = (tone)d->tone[row], .is_gsm7 = 1};
  set(out, SLOT_TITLE, catalogue_title(c, item, l));
  TRY(set_prices(c, item, money, may, a, out));
  const int32_t category = c->category[item];
  if ((may & SLOT_BIT(SLOT_CATEGORY)) != 0 && category != CATALOGUE_NO_CATEGORY)
    set(out, SLOT_CATEGORY, strings_at(&c->category_name[l], category));
  if ((may & SLOT_BIT(SLOT_KEYWORD)) != 0 && d->keyword[row] >= 0)
    set(out, SLOT_KEYWORD, strings_at(&w->word, d->keyword[row]));
  const slot named = because_slot[d->because_why[row]];
  if ((may & SLOT_BIT(named)) != 0 && because >= 0) set(out, named, catalogue_title(c, because, l));
  return STATUS_OK;
}

status generate_facts_reason(const catalogue *c, const users *u, const decisions *d, user_row row, arena *a,
                             char **out) {
  const item_row because = d->because[row];
  const language l = (language)u->language[row];
  if (because < 0) return arena_text(a, "", 0, out);
  return arena_print(a, out, "%s%s", because_text[l][d->because_why[row]], catalogue_title(c, because, l));
}
