#include "text/codepoint.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

static UScriptCode script(int32_t c) {
  UErrorCode fault = U_ZERO_ERROR;
  return uscript_getScript(c, &fault);
}

int codepoint_is_latin_word(int32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return u_isalnum(c) && script(c) == USCRIPT_LATIN;
}

int codepoint_is_han(int32_t c) { return c >= 0x2E80 && script(c) == USCRIPT_HAN; }
