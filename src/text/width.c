#include "text/width.h"

#include <string.h>
#include <unicode/uchar.h>

#include "text/codepoint.h"

/* The GSM 7-bit default alphabet beyond ASCII's letters and digits, and its extension table. */
static const int32_t gsm7_plain[] = {
    '@', 0xA3,  '$',   0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  0xF2,  0xC7,  '\n', 0xD8, 0xF8, '\r', 0xC5, 0xE5, 0x394,
    '_', 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9, ' ',  '!',  '"',
    '#', 0xA4,  '%',   '&',   '\'',  '(',   ')',   '*',   '+',   ',',   '-',  '.',  '/',  ':',  ';',  '<',  '=',
    '>', '?',   0xA1,  0xC4,  0xD6,  0xD1,  0xDC,  0xA7,  0xBF,  0xE4,  0xF6, 0xF1, 0xFC, 0xE0};
static const int32_t gsm7_extended[] = {'\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC};

enum { SMS_GSM7 = 160, SMS_GSM7_PART = 153, SMS_UCS2 = 70, SMS_UCS2_PART = 67 };

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

static int is_among(int32_t c, const int32_t *set, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (set[i] == c) return 1;
  return 0;
}

int width_gsm7(const char *text) {
  const int64_t length = (int64_t)strlen(text);
  int units = 0;
  for (int64_t at = 0; at < length;) {
    const int32_t c = codepoint_next(text, length, &at);
    const int is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter || is_among(c, gsm7_plain, sizeof gsm7_plain / sizeof *gsm7_plain))
      units++;
    else if (is_among(c, gsm7_extended, sizeof gsm7_extended / sizeof *gsm7_extended))
      units += 2;
    else
      return -1;
  }
  return units;
}

int width_sms_parts(const char *text) {
  const int gsm7 = width_gsm7(text), units = gsm7 >= 0 ? gsm7 : width_utf16(text);
  const int whole = gsm7 >= 0 ? SMS_GSM7 : SMS_UCS2, part = gsm7 >= 0 ? SMS_GSM7_PART : SMS_UCS2_PART;
  return units <= whole ? 1 : (units + part - 1) / part;
}

int width_sms(int parts, int is_gsm7) {
  if (parts == 1) return is_gsm7 ? SMS_GSM7 : SMS_UCS2;
  return parts * (is_gsm7 ? SMS_GSM7_PART : SMS_UCS2_PART);
}

int width_in(const char *text, width_unit unit) {
  if (unit == WIDTH_COLUMNS) return width_columns(text);
  return unit == WIDTH_UTF16 ? width_utf16(text) : width_gsm7(text);
}
