#include "text/width.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/codepoint.h"

enum { ZERO_WIDTH_JOINER = 0x200D, EMOJI_VARIATION = 0xFE0F };

/* Columns of a character on its own. */
static int columns_alone(int32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return 0;
  if (c < 0x300) return c == 0xAD ? 0 : 1;
  const int8_t category = u_charType(c);
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return 0;
  const int hangul = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (hangul == U_HST_VOWEL_JAMO || hangul == U_HST_TRAILING_JAMO) return 0;
  const int east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

/* An emoji sequence (ZWJ, variation selector, skin tone, keycap) is one picture of 2 columns, whatever its parts are.
 */
int width_columns(const char *text) {
  const int64_t length = (int64_t)strlen(text);
  int columns = 0, picture = 0; /* columns of the character before, which a selector may widen */
  int32_t before = 0;
  for (int64_t at = 0; at < length;) {
    const int32_t c = codepoint_next(text, length, &at);
    int own = c < 0 ? 1 : columns_alone(c);
    if (before == ZERO_WIDTH_JOINER && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC)) own = 0;
    if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) && u_hasBinaryProperty(before, UCHAR_EMOJI_MODIFIER_BASE)) own = 0;
    if (c == EMOJI_VARIATION && picture == 1 && u_hasBinaryProperty(before, UCHAR_EMOJI)) own = 1;
    columns += own;
    if (own > 0) picture = c == EMOJI_VARIATION ? 2 : own;
    before = c;
  }
  return columns;
}

int width_utf16(const char *text) {
  const int64_t length = (int64_t)strlen(text);
  int units = 0;
  for (int64_t at = 0; at < length;) units += codepoint_next(text, length, &at) >= 0x10000 ? 2 : 1;
  return units;
}
