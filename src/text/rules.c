#include "text/rules.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "text/acts.h"
#include "text/banned.h"
#include "text/codepoint.h"
#include "text/normalise.h"
#include "text/phrases.h"
#include "text/points.h"
#include "text/shape.h"
#include "text/slots.h"
#include "text/width.h"

struct rules {
  arena arena; /* holds what stands below */
  int max_columns, max_utf16, max_sms;
  banned *claims[TONE_COUNT]; /* what a text in this tone may not say */
  banned *harmless;
  banned *banned;
};

static const char *const names[RULE_COUNT] = {"kept",  "slots",  "number", "language",
                                              "claim", "banned", "shape",  "length"};

const char *rule_name(rule r) { return names[r]; }

/* Words of up to a few lists, one after another. */
static status find_any(const phrases *lists, int count, arena *a, banned **out) {
  int words = 0;
  for (int i = 0; i < count; i++) words += lists[i].count;
  const char **all;
  TRY(ARENA(a, words, &all));
  words = 0;
  for (int i = 0; i < count; i++)
    for (int k = 0; k < lists[i].count; k++) all[words++] = lists[i].words[k];
  return banned_create(all, words, a, out);
}

static status fill(rules *r, const rules_options *options) {
  arena *a = &r->arena;
  for (int t = 0; t < TONE_COUNT; t++) {
    phrases lists[TONE_COUNT + 1] = {phrases_always()};
    int count = 1;
    for (int other = 0; other < TONE_COUNT; other++)
      if (other != t) lists[count++] = phrases_of_tone((tone)other);
    TRY(find_any(lists, count, a, &r->claims[t]));
  }
  const phrases harmless = phrases_harmless();
  TRY(find_any(&harmless, 1, a, &r->harmless));
  const phrases lists[] = {phrases_banned(), {options->banned_count, options->banned}};
  return find_any(lists, 2, a, &r->banned);
}

status rules_create(const rules_options *options, arena *a, rules **out) {
  TRY(ARENA(a, 1, out));
  (*out)->max_columns = options->max_columns;
  (*out)->max_utf16 = options->max_utf16;
  (*out)->max_sms = options->max_sms;
  const status result = fill(*out, options);
  if (result != STATUS_OK) rules_free(*out);
  return result;
}

void rules_free(rules *r) {
  if (r) arena_free(&r->arena);
}

static int is_number(int32_t c) {
  const int8_t category = u_charType(c);
  return category == U_DECIMAL_DIGIT_NUMBER || category == U_CURRENCY_SYMBOL || category == U_OTHER_NUMBER ||
         (category == U_LETTER_NUMBER && !codepoint_is_han(c)) || c == '%' || c == 0x2030 || c == 0xFF05 || c == 0xFE6A;
}

/* Marks of one language that look wrong in the other. In Chinese an ASCII apostrophe, hyphen, slash … may stand. */
static int is_foreign_mark(int32_t c, language l) {
  if (l == LANGUAGE_ZH) return c > 0 && c < 0x80 && strchr(",.;:!?()[]\"", c) != NULL;
  return (c >= 0x3000 && c < 0x3040) || (c >= 0xFF00 && c < 0xFFF0);
}

static int is_foreign(int32_t c, language l) {
  if (is_foreign_mark(c, l)) return 1;
  if (!u_isalpha(c)) return 0;
  return l == LANGUAGE_ZH ? !codepoint_is_han(c) : !codepoint_is_latin_word(c) || (c >= 0xFF00 && c < 0xFFF0);
}

static int is_own_letter(int32_t c, language l) {
  return l == LANGUAGE_ZH ? codepoint_is_han(c) : u_isalpha(c) && codepoint_is_latin_word(c);
}

int rules_forbid_piece(const char *piece, language l) {
  const int64_t length = (int64_t)strlen(piece);
  int slot_bytes;
  if (slots_at(piece, &slot_bytes) >= 0 && slot_bytes == length) return 0;
  for (int64_t at = 0; at < length;) {
    const int32_t c = codepoint_next(piece, length, &at);
    if (c < 0 || c == '<' || c == '>' || is_number(c) || is_foreign(c, l)) return 1;
  }
  return 0;
}

/* The text's points with SHAPE_SLOT for each slot. */
static status mask_slots(const char *text, arena *a, points *out) {
  points raw;
  TRY(points_of(text, a, &raw));
  const char *at = text;
  out->count = 0;
  out->at = raw.at;
  for (int64_t i = 0; i < raw.count;) {
    int bytes;
    char ahead[CODEPOINT_MOST_BYTES];
    if (slots_at(at, &bytes) >= 0) {
      out->at[out->count++] = SHAPE_SLOT;
      i += bytes;
    } else {
      bytes = codepoint_put(raw.at[i], ahead);
      out->at[out->count++] = raw.at[i++];
    }
    at += bytes;
  }
  return STATUS_OK;
}

/* 1 if the text in its matching form makes a claim. Harmless phrases are blanked out first. */
static int makes_claim(const rules *r, char *match, tone t) {
  int length;
  for (int at = banned_match(r->harmless, match, &length); at >= 0; at = banned_match(r->harmless, match, &length))
    memset(match + at, '\1', (size_t)length);
  return banned_find(r->claims[t], match) >= 0;
}

static rule check_points(const points *p, language l) {
  int letters = 0;
  for (int64_t i = 0; i < p->count; i++)
    if (is_number(p->at[i])) return RULE_NUMBER;
  for (int64_t i = 0; i < p->count; i++) {
    if (is_foreign(p->at[i], l)) return RULE_LANGUAGE;
    letters += is_own_letter(p->at[i], l);
  }
  return letters == 0 ? RULE_LANGUAGE : RULE_KEPT;
}

/* Shorter than this, slots aside, it is a label and no message. */
static int is_long_enough(const points *p, language l) {
  enum { LETTERS_EN = 5, LETTERS_ZH = 2 };
  int letters = 0;
  for (int64_t i = 0; i < p->count; i++) letters += is_own_letter(p->at[i], l);
  return letters >= (l == LANGUAGE_ZH ? LETTERS_ZH : LETTERS_EN);
}

static int fits(const rules *r, const char *text) {
  if (r->max_sms > 0 && width_sms_parts(text) > r->max_sms) return 0;
  return width_columns(text) <= r->max_columns && width_utf16(text) <= r->max_utf16;
}

static status check_template(const rules *r, const char *text, language l, tone t, arena *a, rule *out) {
  points p;
  char *bare, *match;
  TRY(mask_slots(text, a, &p));
  TRY(points_text(&p, a, &bare));
  TRY(normalise_match(bare, a, &match));
  *out = strpbrk(bare, "<>") ? RULE_SLOTS : check_points(&p, l);
  if (*out != RULE_KEPT) return STATUS_OK;
  if (banned_find(r->banned, match) >= 0) *out = RULE_BANNED;
  if (makes_claim(r, match, t) || !acts_hold(text, l)) *out = RULE_CLAIM;
  if (*out != RULE_KEPT) return STATUS_OK;
  if (!shape_holds(&p, l))
    *out = RULE_SHAPE;
  else if (!is_long_enough(&p, l) || !fits(r, bare))
    *out = RULE_LENGTH;
  return STATUS_OK;
}

status rules_check_template(const rules *r, const char *text, language l, tone t, slot_set required, rule *out) {
  slot_set repeated;
  *out = RULE_SLOTS;
  if (slots_of(text, &repeated) != required || repeated) return STATUS_OK;
  arena scratch = {0};
  const status result = check_template(r, text, l, t, &scratch, out);
  arena_free(&scratch);
  return result;
}

status rules_check_text(const rules *r, const char *text, rule *out) {
  arena scratch = {0};
  char *match;
  const status result = normalise_match(text, &scratch, &match);
  if (result == STATUS_OK)
    *out = strpbrk(text, "<>")                  ? RULE_SLOTS
           : banned_find(r->banned, match) >= 0 ? RULE_BANNED
           : !fits(r, text)                     ? RULE_LENGTH
                                                : RULE_KEPT;
  arena_free(&scratch);
  return result;
}

watch_words rules_words(const rules *r, tone t) { return (watch_words){r->banned, r->claims[t], r->harmless}; }

int rules_may_begin(const char *text, int64_t fresh, language l) {
  enum { POINTS_MOST = 1024 };
  int32_t at[POINTS_MOST];
  const int64_t length = (int64_t)strlen(text);
  points p = {0, at};
  int64_t from = 0;
  for (int64_t i = 0; i < length;) {
    int bytes;
    if (p.count == POINTS_MOST) return 1; /* too long to be looked at on the way */
    if (i <= length - fresh) from = p.count;
    if (slots_at(text + i, &bytes) >= 0) {
      at[p.count++] = SHAPE_SLOT;
      i += bytes;
    } else {
      at[p.count++] = codepoint_next(text, length, &i);
    }
  }
  return shape_may_begin(&p, from, l);
}
