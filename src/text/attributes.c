#include "text/attributes.h"

#include <string.h>

#include "text/codepoint.h"

enum { LONGEST = 64 /* bytes of a value that is looked for */ };

static int is_latin(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

int attributes_is_word(const char *value) {
  int characters = 0;
  for (; *value; value++) characters += (*value & 0xC0) != 0x80;
  return characters > 1;
}

/* Bytes of the token at the place. */
static size_t token(const lexicon *values, const char *at) {
  const size_t left = strlen(at);
  for (size_t length = left < LONGEST ? left : LONGEST; length > 1; length--)
    if (lexicon_find(values, at, length) >= 0) return length;
  size_t length = 0;
  while (is_latin(at[length])) length++;
  if (length > 0) return length;
  int64_t end = 0;
  (void)codepoint_next(at, (int64_t)left, &end);
  return (size_t)end;
}

status attributes_split(const lexicon *values, const char *text, arena *a, char **out) {
  TRY(ARENA(a, 2 * (int64_t)strlen(text) + 1, out));
  char *to = *out;
  while (*text) {
    const size_t length = token(values, text);
    if (*text != ' ') {
      if (to > *out) *to++ = ' ';
      memcpy(to, text, length);
      to += length;
    }
    text += length;
  }
  return STATUS_OK;
}

void attributes_join(char *text) {
  char *to = text;
  for (; *text; text++)
    if (*text != ' ') *to++ = *text;
  *to = '\0';
}

/* Whether the value begins here, spaces passed over. */
static int begins(const char *text, const char *value) {
  for (; *value && *text; text++)
    if (*text == *value)
      value++;
    else if (*text != ' ')
      return 0;
  return *value == '\0';
}

int attributes_missing(const meaning *m, const char *text) {
  int count = 0;
  for (int i = 0; i < m->count; i++) {
    const char *at = text;
    while (*at && !begins(at, m->slot[i].value)) at++;
    count += *at == '\0';
  }
  return count;
}
