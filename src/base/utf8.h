/* Whether bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character at text[0, left), 1 to 4, or 0 if there is no whole valid one. */
int utf8_character(const char *text, size_t left);

int utf8_is_valid(const char *text, size_t length);

#endif
