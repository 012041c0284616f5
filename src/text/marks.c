#include "text/marks.h"

#include <unicode/uchar.h>

#include "text/codepoint.h"
#include "text/points.h"

/* Chinese and English marks side by side; where several stand for one, the first is written. */
static const struct {
  int32_t zh, en;
} marks[] = {{0xFF0C, ','}, {0x3002, '.'}, {0xFF1A, ':'},  {0xFF1B, ';'}, {0xFF01, '!'}, {0xFF1F, '?'}, {0xFF08, '('},
             {0xFF09, ')'}, {0x3010, '['}, {0x3011, ']'},  {0x201C, '"'}, {0x201D, '"'}, {0x3001, ','}, {0xFF0E, '.'},
             {0xFF3B, '['}, {0xFF3D, ']'}, {0x300A, '"'},  {0x300B, '"'}, {0x300C, '"'}, {0x300D, '"'}, {0x300E, '"'},
             {0x300F, '"'}, {0xFF02, '"'}, {0xFF07, '\''}, {0xFF0D, '-'}, {0xFF5E, '~'}};
enum { MARKS = (int)(sizeof marks / sizeof *marks), ELLIPSIS = 0x2026, OPENING_QUOTE = 0x201C, CLOSING_QUOTE = 0x201D };

static int32_t to_chinese(int32_t c) {
  for (int i = 0; i < MARKS; i++)
    if (marks[i].en == c && c != '\'' && c != '-') return marks[i].zh;
  return c;
}

static int32_t to_english(int32_t c) {
  for (int i = 0; i < MARKS; i++)
    if (marks[i].zh == c && c != OPENING_QUOTE && c != CLOSING_QUOTE) return marks[i].en;
  return c;
}

static int is_mark(int32_t c) {
  return to_english(c) != c || c == OPENING_QUOTE || c == CLOSING_QUOTE || c == ELLIPSIS;
}

/* Dots from i on. */
static int64_t dots(const points *p, int64_t i) {
  int64_t n = 0;
  while (i + n < p->count && p->at[i + n] == '.') n++;
  return n;
}

/* Quotation marks open and close in turn. A space goes where a mark stands beside it, before an emoji it stays. */
static void localise_chinese(const points *in, points *out) {
  int quotes = 0;
  for (int64_t i = 0; i < in->count; i++) {
    const int32_t c = in->at[i];
    const int64_t n = dots(in, i);
    if (n >= 2) {
      out->at[out->count++] = ELLIPSIS;
      out->at[out->count++] = ELLIPSIS;
      i += n - 1;
    } else if (c == ' ') {
      const int32_t before = out->count ? out->at[out->count - 1] : 0,
                    after = i + 1 < in->count ? to_chinese(in->at[i + 1]) : 0;
      const int dropped = is_mark(after) || (is_mark(before) && (u_isalpha(after) || after == '<'));
      if (!dropped) out->at[out->count++] = c;
    } else {
      out->at[out->count++] = c == '"' ? (quotes++ % 2 ? CLOSING_QUOTE : OPENING_QUOTE) : to_chinese(c);
    }
  }
}

static int is_english_stop(int32_t c) { return c == ',' || c == '.' || c == ':' || c == ';' || c == '!' || c == '?'; }

/* Only where a Chinese mark was replaced is a space put in: "e.g." and "3.5" are left alone. */
static void localise_english(const points *in, points *out) {
  for (int64_t i = 0; i < in->count; i++) {
    const int32_t c = in->at[i], own = to_english(c), after = i + 1 < in->count ? in->at[i + 1] : ' ';
    if (c == ELLIPSIS) {
      for (int k = 0; k < 3 && (i == 0 || in->at[i - 1] != ELLIPSIS); k++) out->at[out->count++] = '.';
      continue;
    }
    out->at[out->count++] = own;
    if (own != c && (is_english_stop(own) || own == ']' || own == ')') && (u_isalpha(after) || after == '<'))
      out->at[out->count++] = ' ';
  }
}

status marks_localise(const char *text, language l, arena *a, char **out) {
  points in, own = {0};
  TRY(points_of(text, a, &in));
  TRY(ARENA(a, 3 * in.count, &own.at));
  if (l == LANGUAGE_ZH)
    localise_chinese(&in, &own);
  else
    localise_english(&in, &own);
  return points_text(&own, a, out);
}
