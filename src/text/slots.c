#include "text/slots.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text/codepoint.h"

int slots_at(const char *text, int *length) {
  if (*text != '<') return -1;
  for (int s = 0; s < SLOT_COUNT; s++) {
    const char *name = slot_name((slot)s);
    const size_t bytes = strlen(name);
    if (strncmp(text + 1, name, bytes) == 0 && text[1 + bytes] == '>') {
      *length = (int)bytes + 2;
      return s;
    }
  }
  return -1;
}

slot_set slots_of(const char *text, slot_set *repeated) {
  slot_set found = 0, again = 0;
  for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<')) {
    int length;
    const int s = slots_at(at, &length);
    if (s < 0) continue;
    again |= found & SLOT_BIT(s);
    found |= SLOT_BIT(s);
  }
  if (repeated) *repeated = again;
  return found;
}

/* Copies `text` with its slots filled to `out` (NULL: only measures); returns the bytes, or -1 - slot for one without a
 * value. */
static int64_t fill(const char *text, const char *const value[SLOT_COUNT], char *out) {
  int64_t bytes = 0;
  while (*text) {
    int length = 1;
    const int s = slots_at(text, &length);
    const char *piece = s < 0 ? text : value[s];
    if (!piece || !*piece) return -1 - s;
    const size_t piece_bytes = s < 0 ? 1 : strlen(piece);
    if (out) memcpy(out + bytes, piece, piece_bytes);
    bytes += (int64_t)piece_bytes;
    text += length;
  }
  return bytes;
}

status slots_fill(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out) {
  const int64_t bytes = fill(text, value, NULL);
  if (bytes < 0)
    return status_fail(STATUS_BUG, "slots: a text asks for <%s>, for which there is no value",
                       slot_name((slot)(-1 - bytes)));
  TRY(ARENA(a, bytes + 1, out));
  fill(text, value, *out);
  return STATUS_OK;
}

/* 1 if a word of Latin letters or digits would go on over the border between text[at - 1] and text[at]. */
static int inside_word(const char *text, int64_t length, int64_t at) {
  if (at <= 0 || at >= length) return 0;
  int64_t before = at - 1, after = at;
  while (before > 0 && ((unsigned char)text[before] & 0xC0) == 0x80) before--;
  return codepoint_is_latin_word(codepoint_next(text, length, &before)) &&
         codepoint_is_latin_word(codepoint_next(text, length, &after));
}

/* "£2.5" is no whole word of "£2.55", nor "£12" of "£12.50". */
static int inside_number(const char *text, int64_t at) {
  if (at <= 0 || text[at - 1] < '0' || text[at - 1] > '9') return 0;
  return (text[at] == '.' || text[at] == ',') && text[at + 1] >= '0' && text[at + 1] <= '9';
}

/* The slot whose value stands at text[at], the longest if several do; -1 if none. */
static int fact_at(const char *text, int64_t length, int64_t at, const char *const value[SLOT_COUNT], int64_t *bytes) {
  int best = -1;
  *bytes = 0;
  for (int s = 0; s < SLOT_COUNT; s++) {
    const int64_t n = value[s] ? (int64_t)strlen(value[s]) : 0;
    if (n <= *bytes || strncasecmp(text + at, value[s], (size_t)n) != 0) continue;
    if (inside_word(text, length, at) || inside_word(text, length, at + n) || inside_number(text, at + n)) continue;
    best = s;
    *bytes = n;
  }
  return best;
}

status slots_delexicalise(const char *text, const char *const value[SLOT_COUNT], arena *a, char **out) {
  enum { LONGEST_SLOT = 16 }; /* "<category>" and its NUL fit; a fact of one byte grows by so much at most */
  const int64_t length = (int64_t)strlen(text);
  TRY(ARENA(a, length * LONGEST_SLOT + 1, out));
  char *to = *out;
  for (int64_t at = 0; at < length;) {
    int slot_bytes = 1;
    int64_t fact_bytes = 0;
    const int stands = slots_at(text + at, &slot_bytes);
    const int fact = stands < 0 ? fact_at(text, length, at, value, &fact_bytes) : -1;
    if (fact >= 0) {
      to += snprintf(to, LONGEST_SLOT, "<%s>", slot_name((slot)fact));
      at += fact_bytes;
    } else {
      memcpy(to, text + at, (size_t)slot_bytes);
      to += slot_bytes;
      at += slot_bytes;
    }
  }
  return STATUS_OK;
}

status slots_price(int64_t hundredths, const char *format, arena *a, char **out) {
  const char *mark = strchr(format, '%');
  if (!mark) return status_fail(STATUS_SETTINGS, "money: \"%s\" holds no %%, which stands for the number", format);
  const char *sign = hundredths < 0 ? "-" : "";
  const uint64_t amount = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
  const int before = (int)(mark - format);
  if (amount % 100 == 0)
    return arena_print(a, out, "%.*s%s%" PRIu64 "%s", before, format, sign, amount / 100, mark + 1);
  return arena_print(a, out, "%.*s%s%" PRIu64 ".%02d%s", before, format, sign, amount / 100, (int)(amount % 100),
                     mark + 1);
}
