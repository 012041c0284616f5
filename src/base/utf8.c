#include "base/utf8.h"

/* The second byte's range depends on the first (table 3-7 of the Unicode standard); later ones are 80 to BF. */
int utf8_character(const char *text, size_t left) {
  const unsigned char *b = (const unsigned char *)text;
  if (left == 0) return 0;
  if (b[0] < 0x80) return 1;
  if (b[0] < 0xC2 || b[0] > 0xF4) return 0;
  const int length = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
  if (left < (size_t)length) return 0;
  const unsigned char from = b[0] == 0xE0 ? 0xA0 : b[0] == 0xF0 ? 0x90 : 0x80;
  const unsigned char to = b[0] == 0xED ? 0x9F : b[0] == 0xF4 ? 0x8F : 0xBF;
  if (b[1] < from || b[1] > to) return 0;
  for (int i = 2; i < length; i++)
    if ((b[i] & 0xC0) != 0x80) return 0;
  return length;
}

int utf8_is_valid(const char *text, size_t length) {
  for (size_t at = 0; at < length;) {
    const int step = utf8_character(text + at, length - at);
    if (step == 0) return 0;
    at += (size_t)step;
  }
  return 1;
}
