#include "text/shape.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/codepoint.h"

/* Opening brackets at even places, their partners behind them. */
static const int32_t brackets[] = {'(',    ')',    '[',    ']',    '{',    '}',    0x3010, 0x3011, 0x300A, 0x300B,
                                   0x300C, 0x300D, 0x300E, 0x300F, 0xFF08, 0xFF09, 0x201C, 0x201D, 0x3008, 0x3009};
enum { BRACKETS = (int)(sizeof brackets / sizeof *brackets), DEEPEST = 4 };

static int bracket(int32_t c) {
  for (int i = 0; i < BRACKETS; i++)
    if (brackets[i] == c) return i;
  return -1;
}

static int is_opening(int32_t c) {
  const int b = bracket(c);
  return b >= 0 && b % 2 == 0;
}

static int is_closing(int32_t c) { return bracket(c) % 2 == 1; }

/* Marks that end a clause. */
static int is_stop(int32_t c) {
  return (c < 0x80 && c > 0 && strchr(",.;:!?", c)) || c == 0xFF0C || c == 0x3002 || c == 0xFF1B || c == 0xFF1A ||
         c == 0xFF01 || c == 0xFF1F || c == 0x3001;
}

/* Stops after which a sentence is not over. */
static int hangs(int32_t c) {
  return (c < 0x80 && c > 0 && strchr(",;:-", c)) || c == 0xFF0C || c == 0xFF1B || c == 0xFF1A || c == 0x3001;
}

static int is_letter(int32_t c) { return codepoint_is_latin_word(c) || codepoint_is_han(c); }

static int is_emoji(int32_t c) { return c >= 0x2190 && u_hasBinaryProperty(c, UCHAR_EMOJI); }

/* Pairs, properly nested, and never empty: *open_out gets how many are still open. */
static int brackets_nest(const points *p, int *open_out) {
  int32_t open[DEEPEST];
  int depth = 0, quotes = 0;
  for (int64_t i = 0; i < p->count; i++) {
    const int b = bracket(p->at[i]);
    quotes += p->at[i] == '"';
    if (b < 0) continue;
    if (b % 2 == 0) {
      if (depth == DEEPEST) return 0;
      open[depth++] = p->at[i];
    } else if (depth == 0 || open[--depth] != brackets[b - 1] || p->at[i - 1] == brackets[b - 1]) {
      return 0;
    }
  }
  *open_out = depth + quotes % 2;
  return 1;
}

/* Two characters that may not stand side by side. */
static int may_meet(int32_t a, int32_t b, language l) {
  if (a == ' ') return b != ' ' && !is_stop(b) && !is_closing(b);
  if (b == ' ') return !is_opening(a) && (l != LANGUAGE_ZH || !is_stop(a));
  if (is_opening(a) && is_stop(b)) return 0;
  if (is_stop(a) && is_stop(b)) return 0;
  if (is_closing(a) && is_stop(b)) return bracket(a) != bracket(0x3011) && bracket(a) != bracket(']');
  if (hangs(a) && is_closing(b)) return 0;
  if (a == SHAPE_SLOT && b == SHAPE_SLOT) return 0;
  if (is_emoji(a) && a == b) return 0;
  if (l == LANGUAGE_ZH) return 1;
  if (a == SHAPE_SLOT || b == SHAPE_SLOT) return !is_letter(a == SHAPE_SLOT ? b : a) && !is_stop(a) && !is_closing(a);
  if (is_stop(a) || is_closing(a)) return !is_letter(b) && !is_opening(b);
  return 1;
}

/* "..." is one mark. */
static int is_ellipsis(const points *p, int64_t i) {
  int64_t from = i, to = i;
  if (p->at[i] != '.') return 0;
  while (from > 0 && p->at[from - 1] == '.') from--;
  while (to + 1 < p->count && p->at[to + 1] == '.') to++;
  return to - from == 2;
}

/* The full stop inside "P.S." and "e.g.": a single letter on both sides. */
static int is_abbreviation(const points *p, int64_t i) {
  if (p->at[i] != '.' || i == 0 || i + 2 >= p->count) return 0;
  return is_letter(p->at[i - 1]) && (i == 1 || !is_letter(p->at[i - 2])) && is_letter(p->at[i + 1]) &&
         p->at[i + 2] == '.';
}

static int neighbours_get_on(const points *p, int64_t from, language l) {
  for (int64_t i = from > 1 ? from : 1; i < p->count; i++) {
    const int inside = (is_ellipsis(p, i) && is_ellipsis(p, i - 1)) || is_abbreviation(p, i - 1);
    if (!inside && !may_meet(p->at[i - 1], p->at[i], l)) return 0;
  }
  return 1;
}

/* 1 if p[a, a + n) equals p[b, b + n), case aside. */
static int same(const points *p, int64_t a, int64_t b, int64_t n) {
  for (int64_t i = 0; i < n; i++)
    if (u_tolower(p->at[a + i]) != u_tolower(p->at[b + i])) return 0;
  return 1;
}

static int64_t word_end(const points *p, int64_t i) {
  while (i < p->count && (codepoint_is_latin_word(p->at[i]) || p->at[i] == '\'')) i++;
  return i;
}

/* "the the", also across a line of copy that lost its comma; "that that" and "had had" are left to the editor. */
static int repeats_word(const points *p) {
  for (int64_t i = 0; i < p->count; i++) {
    const int64_t end = word_end(p, i);
    if (end == i) continue;
    if (end < p->count && p->at[end] == ' ') {
      const int64_t next_end = word_end(p, end + 1);
      if (next_end - (end + 1) == end - i && same(p, i, end + 1, end - i)) return 1;
    }
    i = end;
  }
  return 0;
}

/* Chinese doubles on purpose (看看, 一页一页); not so particles (的的), nor three characters or more (给你的给你的). */
static int repeats_han(const points *p) {
  static const int32_t single[] = {0x7684 /* 的 */, 0x4E86 /* 了 */, 0x5728 /* 在 */, 0x662F /* 是 */, 0x6211 /* 我 */,
                                   0x4F60 /* 你 */, 0x628A /* 把 */, 0x7ED9 /* 给 */, 0x88AB /* 被 */, 0x548C /* 和 */,
                                   0x4E0E /* 与 */, 0x4E5F /* 也 */, 0x5C31 /* 就 */, 0x90FD /* 都 */, 0x8FD9 /* 这 */};
  enum { LONGEST = 8 };
  for (int64_t i = 0; i + 1 < p->count; i++) {
    if (!codepoint_is_han(p->at[i])) continue;
    for (size_t k = 0; k < sizeof single / sizeof *single; k++)
      if (p->at[i] == single[k] && p->at[i + 1] == single[k]) return 1;
    for (int64_t n = 1; n <= LONGEST && i + 2 * n <= p->count && codepoint_is_han(p->at[i + n - 1]); n++)
      if (n >= 3 && same(p, i, i + n, n)) return 1;
  }
  return 0;
}

/* 1 if letters or a slot and at least one letter stand outside the heading in brackets that opens the text. */
static int says_something(const points *p) {
  int64_t at = 0;
  int letters = 0, heading_letters = 0, slots = 0;
  if (p->count > 0 && is_opening(p->at[0]) && (p->at[0] == '[' || p->at[0] == 0x3010))
    while (at < p->count && !is_closing(p->at[at])) heading_letters += is_letter(p->at[at++]);
  for (; at < p->count; at++) {
    letters += is_letter(p->at[at]);
    slots += p->at[at] == SHAPE_SLOT;
  }
  return letters > 0 || (heading_letters > 0 && slots > 0);
}

static int ends_well(const points *p) {
  int64_t end = p->count;
  while (end > 0 && (is_emoji(p->at[end - 1]) || p->at[end - 1] == 0xFE0F || p->at[end - 1] == ' ')) end--;
  if (end == 0 || p->at[0] == ' ' || p->at[p->count - 1] == ' ' || is_stop(p->at[0])) return 0;
  return !hangs(p->at[end - 1]) && !is_opening(p->at[end - 1]);
}

int shape_holds(const points *p, language l) {
  if (p->count == 0 || !ends_well(p) || !says_something(p)) return 0;
  int open;
  if (!brackets_nest(p, &open) || open > 0 || !neighbours_get_on(p, 1, l)) return 0;
  return !repeats_word(p) && (l != LANGUAGE_ZH || !repeats_han(p));
}

/* What a mark at the end is part of may come yet: full stops that become "..." or "P.S."; and the last word may go on.
 */
int shape_may_begin(const points *p, int64_t from, language l) {
  enum { BEFORE = 4 };
  points settled = *p;
  int open;
  if (p->count == 0) return 1;
  if (p->at[0] == ' ' || is_stop(p->at[0]) || !brackets_nest(p, &open)) return 0;
  if (l == LANGUAGE_ZH && repeats_han(p)) return 0;
  while (settled.count > 0 && is_letter(p->at[settled.count - 1])) settled.count--;
  if (repeats_word(&settled)) return 0;
  settled.count = p->count;
  if (settled.count > 1 && p->at[settled.count - 2] == '.') settled.count--;
  while (settled.count > 0 && p->at[settled.count - 1] == '.') settled.count--;
  return neighbours_get_on(&settled, from - BEFORE, l);
}
