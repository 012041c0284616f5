#include "io/table_scan.h"

enum { BLOCK = 64, EIGHT = 8 };

static const uint64_t LAST_BIT = (uint64_t)1 << 63; /* never looks for a bit in vain */

/* Of a block: a bit for each byte that ends a field or a line, and for each that needs a closer look. */
typedef struct found {
  uint64_t ends, odd;
} found;

#if defined(__SSE2__)

#include <emmintrin.h>

static uint64_t bits(__m128i equal) { return (uint64_t)(uint32_t)_mm_movemask_epi8(equal); }

static found look(const char *text, char separator, char quote) {
  const __m128i fields = _mm_set1_epi8(separator), lines = _mm_set1_epi8('\n'), quotes = _mm_set1_epi8(quote);
  const __m128i nothing = _mm_setzero_si128();
  found f = {0, 0};
  for (int i = 0; i < BLOCK; i += 16) {
    const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
    const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(x, fields), _mm_cmpeq_epi8(x, lines));
    const __m128i odd = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, quotes), _mm_cmpeq_epi8(x, nothing)), x);
    f.ends |= bits(ends) << i;
    f.odd |= bits(odd) << i; /* the top bit of each byte: all ones where equal, and set above 0x7F */
  }
  return f;
}

#else

static found look(const char *text, char separator, char quote) {
  found f = {0, 0};
  for (int i = 0; i < BLOCK; i++) {
    const unsigned char c = (unsigned char)text[i];
    f.ends |= (uint64_t)(text[i] == separator || text[i] == '\n') << i;
    f.odd |= (uint64_t)(text[i] == quote || c == 0 || c > 0x7F) << i;
  }
  return f;
}

#endif

/* Lists the bits that are set, of the block `at`. By eights, since the end of a loop that is another each time is
 * guessed wrong; what that writes behind the last mark is overwritten by the next. */
static void note(table_scan *s, uint64_t ends, size_t at) {
  const int count = __builtin_popcountll(ends);
  uint16_t *mark = s->mark + s->marks;
  for (int i = 0; i < count; i += EIGHT)
    for (int k = 0; k < EIGHT; k++, ends &= ends - 1)
      mark[i + k] = (uint16_t)(at + (size_t)__builtin_ctzll(ends | LAST_BIT));
  s->marks += count;
}

/* Lists the ends of fields and lines in text[0, length), up to the first byte that is not plain. */
static void scan(table_scan *s, const char *text, size_t length) {
  if (length > TABLE_SCAN_MOST) length = TABLE_SCAN_MOST;
  s->text = text;
  s->marks = s->next = 0;
  size_t at = 0;
  for (; at + BLOCK <= length; at += BLOCK) {
    found f = look(text + at, s->separator, s->quote);
    if (f.odd != 0) f.ends &= (f.odd & -f.odd) - 1; /* those before the first odd one */
    note(s, f.ends, at);
    if (f.odd != 0) return;
  }
  for (; at < length; at++) {
    const unsigned char c = (unsigned char)text[at];
    if (text[at] == s->quote || c == 0 || c > 0x7F) return;
    if (text[at] == s->separator || text[at] == '\n') s->mark[s->marks++] = (uint16_t)at;
  }
}

void table_scan_forget(table_scan *s) {
  s->text = NULL;
  s->marks = s->next = 0;
}

/* Behind the mark of the line break that ends the line at `text`; 0 if there is none. */
static int find_end(table_scan *s, const char *text, size_t length) {
  for (int again = 0; again < 2; again++) {
    for (int i = s->next; i < s->marks; i++)
      if (s->text[s->mark[i]] == '\n') return i + 1;
    if (s->text == text) return 0;
    scan(s, text, length);
  }
  return 0;
}

size_t table_scan_line(table_scan *s, char *text, size_t length, table_row *row) {
  const int end = find_end(s, text, length);
  if (end == 0 || end - s->next > TABLE_COLUMNS_MOST) {
    table_scan_forget(s);
    return 0;
  }
  char *field = text, *base = text - (text - s->text);
  int count = 0;
  for (int i = s->next; i < end; i++) {
    char *stop = base + s->mark[i];
    row->field[count] = field;
    row->length[count++] = (int32_t)(stop - field);
    *stop = '\0';
    field = stop + 1;
  }
  s->next = end;
  char *before = field - 2; /* the line break */
  int32_t *last = &row->length[count - 1];
  if (*last > 0 && *before == '\r') {
    *before = '\0';
    --*last;
  }
  row->count = count == 1 && *last == 0 ? 0 : count;
  return (size_t)(field - text);
}
