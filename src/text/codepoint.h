/* One code point of UTF-8 at a time, refusing what is not UTF-8 (overlong forms, surrogates, beyond U+10FFFF). */
#ifndef TEXT_CODEPOINT_H
#define TEXT_CODEPOINT_H

#include <stdint.h>

enum { CODEPOINT_MOST_BYTES = 4 };

/* Number of bytes that a sequence begun by this byte has; 0 for a byte that cannot begin one. */
static inline int codepoint_bytes(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* The code point at text[*at] and *at moved behind it; where there is none, -1 and *at moved by one byte.
 * Never reads text[length] or beyond. */
static inline int32_t codepoint_next(const char *text, int64_t length, int64_t *at) {
  static const int32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *b = (const unsigned char *)text + *at;
  const int bytes = codepoint_bytes(*b);
  if (bytes == 1 || bytes == 0 || *at + bytes > length) {
    (*at)++;
    return bytes == 1 ? *b : -1;
  }
  int32_t c = *b & (0x7F >> bytes);
  for (int i = 1; i < bytes; i++) {
    if ((b[i] & 0xC0) != 0x80) {
      (*at)++;
      return -1;
    }
    c = c * 64 + (b[i] & 0x3F);
  }
  if (c < least[bytes] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    (*at)++;
    return -1;
  }
  *at += bytes;
  return c;
}

/* Writes a code point as UTF-8 and returns its bytes, 1 to 4. */
static inline int codepoint_put(int32_t c, char *out) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  const int bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  static const int lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (int i = bytes - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)(lead[bytes] | c);
  return bytes;
}

/* Latin letters and digits, which form words between other characters. Han characters do not: each may begin a word. */
int codepoint_is_latin_word(int32_t c);

/* Han, as Unicode's script property has it. */
int codepoint_is_han(int32_t c);

#endif
