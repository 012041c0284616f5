#include "text/normalise.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/codepoint.h"
#include "text/points.h"
#include "text/title.h"

enum { ZERO_WIDTH_JOINER = 0x200D, EMOJI_VARIATION = 0xFE0F, DAMAGE = 0xFFFD, RIGHT_QUOTE = 0x2019 };

int normalise_is_utf8(const char *text, int64_t length) {
  for (int64_t at = 0; at < length;)
    if (codepoint_next(text, length, &at) <= 0) return 0;
  return 1;
}

/* 1 for what has no business in a text that is shown. A surrogate cannot come out of UTF-8. */
static int is_noise(int32_t c) {
  const int8_t category = u_charType(c);
  return category == U_CONTROL_CHAR || category == U_FORMAT_CHAR || category == U_PRIVATE_USE_CHAR ||
         category == U_UNASSIGNED || c == DAMAGE || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* 1 for a joiner or selector that belongs to the emoji before it. */
static int joins_emoji(int32_t before, int32_t c) {
  if (c != ZERO_WIDTH_JOINER && c != EMOJI_VARIATION) return 0;
  return before == EMOJI_VARIATION || u_hasBinaryProperty(before, UCHAR_EMOJI_MODIFIER) ||
         u_hasBinaryProperty(before, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/* Drops first and normalises then: what a dropped character kept apart may now combine. */
static status tidy(const char *text, int keep_slots, arena *a, points *out) {
  points p;
  TRY(points_of(text, a, &p));
  int64_t kept = 0;
  for (int64_t i = 0; i < p.count; i++) {
    const int32_t c = p.at[i];
    int drop = is_noise(c) && !u_isUWhiteSpace(c);
    if (keep_slots && kept > 0 && joins_emoji(p.at[kept - 1], c)) drop = 0;
    if (!keep_slots && (c == '<' || c == '>')) drop = 1;
    if (!drop) p.at[kept++] = c;
  }
  p.count = kept;
  TRY(points_normalise(&p, POINTS_NFC, a, out));
  points_fold_spaces(out);
  return STATUS_OK;
}

status normalise_title(const char *text, int flags, int columns, arena *a, char **out) {
  points p;
  TRY(tidy(text, 0, a, &p));
  if (flags & NORMALISE_CAPITALISE) title_capitalise(&p);
  if (flags & NORMALISE_ARTICLE_FIRST) TRY(title_article_first(&p, a));
  TRY(title_cut(&p, columns, a));
  return points_text(&p, a, out);
}

status normalise_copy(const char *text, arena *a, char **out) {
  points p;
  TRY(tidy(text, 1, a, &p));
  return points_text(&p, a, out);
}

int normalise_is_separator(int32_t c) {
  return c == ' ' || c == '.' || c == '-' || c == '_' || c == '*' || c == '~' || c == '|' || c == '/' || c == 0xB7 ||
         c == 0x2022 || c == 0x30FB;
}

static int is_letter(const points *p, int64_t i) { return i >= 0 && i < p->count && codepoint_is_latin_word(p->at[i]); }

/* 1 if a letter stands at i with none beside it. */
static int is_single_letter(const points *p, int64_t i) {
  return is_letter(p, i) && !is_letter(p, i - 1) && !is_letter(p, i + 1);
}

/* Number of single letters from i on, each parted from the next by one separator: 4 for "f r e e". */
static int64_t spelled(const points *p, int64_t i) {
  int64_t letters = 0;
  for (; is_single_letter(p, i); i += 2) {
    letters++;
    if (i + 1 >= p->count || !normalise_is_separator(p->at[i + 1])) break;
  }
  return letters;
}

/* Puts together what was pulled apart: "免 费", "f.r.e.e"; and tells "best-seller" and "best seller" no longer apart.
 */
static void close_gaps(points *p) {
  enum { SPELLED_LEAST = 3 };
  int64_t kept = 0;
  for (int64_t i = 0; i < p->count; i++) {
    const int64_t letters = i == 0 || !is_letter(p, i - 1) ? spelled(p, i) : 0;
    if (letters >= SPELLED_LEAST) {
      for (int64_t k = 0; k < letters; k++) p->at[kept++] = p->at[i + 2 * k];
      i += 2 * letters - 2;
      continue;
    }
    int64_t after = i;
    while (after < p->count && normalise_is_separator(p->at[after])) after++;
    if (after > i && kept > 0 && after < p->count && codepoint_is_han(p->at[kept - 1]) &&
        codepoint_is_han(p->at[after])) {
      i = after - 1;
      continue;
    }
    const int hyphen = p->at[i] == '-' && is_letter(p, i - 1) && is_letter(p, i + 1);
    p->at[kept++] = hyphen ? ' ' : p->at[i];
  }
  p->count = kept;
}

static status fold(const char *text, arena *a, points *out) {
  points raw, folded;
  TRY(points_of(text, a, &raw));
  TRY(points_normalise(&raw, POINTS_NFKC_CASEFOLD, a, &folded));
  TRY(points_normalise(&folded, POINTS_NFD, a, out));
  int64_t kept = 0;
  for (int64_t i = 0; i < out->count; i++) {
    const int32_t c = out->at[i];
    const int8_t category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK) continue;
    if (is_noise(c) && !u_isUWhiteSpace(c)) continue;
    out->at[kept++] = c == RIGHT_QUOTE ? '\'' : category == U_DASH_PUNCTUATION ? '-' : c;
  }
  out->count = kept;
  return STATUS_OK;
}

status normalise_fold(const char *text, arena *a, char **out) {
  points p;
  TRY(fold(text, a, &p));
  return points_text(&p, a, out);
}

status normalise_match(const char *text, arena *a, char **out) {
  points p;
  TRY(fold(text, a, &p));
  points_fold_spaces(&p);
  close_gaps(&p);
  points_fold_spaces(&p);
  return points_text(&p, a, out);
}
