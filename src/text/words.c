#include "text/words.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "text/codepoint.h"
#include "text/points.h"
#include "text/stop_words.h"

struct word_breaker {
  UBreakIterator *words;
};

enum { LETTERS_LEAST_EN = 3, LETTERS_LEAST_ZH = 2 };

status word_breaker_open(word_breaker **out) {
  UErrorCode fault = U_ZERO_ERROR;
  *out = calloc(1, sizeof **out);
  if (!*out) return status_fail(STATUS_BUG, "words: out of memory");
  /* The root locale, whose dictionary knows Chinese; named, so that the environment's locale does not matter. */
  (*out)->words = ubrk_open(UBRK_WORD, "root", NULL, 0, &fault);
  if (U_SUCCESS(fault)) return STATUS_OK;
  word_breaker_close(*out);
  *out = NULL;
  return status_fail(STATUS_BUG, "words: ICU has no word breaks: %s; install its data (libicu-dev)",
                     u_errorName(fault));
}

void word_breaker_close(word_breaker *b) {
  if (!b) return;
  if (b->words) ubrk_close(b->words);
  free(b);
}

/* A number and a measure word: 两只, 三件. */
static int is_measure(const points *p) {
  static const char numbers[] = "一二三四五六七八九十两百千万几半双多";
  static const char measures[] = "个只件条张片支枝本套双对瓶盒包袋碗杯盘把台部次年月日天号位米里斤元块点种款层步章人";
  char character[2][CODEPOINT_MOST_BYTES + 1] = {{0}};
  if (p->count != 2) return 0;
  codepoint_put(p->at[0], character[0]);
  codepoint_put(p->at[1], character[1]);
  return strstr(numbers, character[0]) && strstr(measures, character[1]);
}

/* Lower-cases the word, cuts off "'s", and says whether its letters are the language's and enough of them. */
static int tidy_word(points *p, language l) {
  for (int64_t i = 0; i < p->count; i++) {
    p->at[i] = p->at[i] == 0x2019 ? '\'' : u_tolower(p->at[i]);
  }
  if (l == LANGUAGE_EN && p->count > 2 && p->at[p->count - 2] == '\'' && p->at[p->count - 1] == 's') p->count -= 2;
  for (int64_t i = 0; i < p->count; i++) {
    const int32_t c = p->at[i];
    if (l == LANGUAGE_ZH ? !codepoint_is_han(c) : !u_isalpha(c) || !codepoint_is_latin_word(c)) return 0;
  }
  if (l == LANGUAGE_ZH) return p->count >= LETTERS_LEAST_ZH && !is_measure(p);
  return p->count >= LETTERS_LEAST_EN;
}

/* Where the break iterator stands in the code points, given where it stands in UTF-16. */
static int64_t points_until(const points *p, int64_t at, int32_t *unit, int32_t until) {
  while (*unit < until) *unit += U16_LENGTH(p->at[at++]);
  return at;
}

status word_breaker_keywords(word_breaker *b, const char *text, language l, arena *a, word_list *out) {
  points p;
  UChar *units;
  UErrorCode fault = U_ZERO_ERROR;
  int32_t count = 0, unit = 0;
  TRY(points_of(text, a, &p));
  TRY(ARENA(a, 2 * p.count + 1, &units));
  TRY(ARENA(a, p.count, &out->word));
  out->count = 0;
  u_strFromUTF32(units, (int32_t)(2 * p.count + 1), &count, p.at, (int32_t)p.count, &fault);
  ubrk_setText(b->words, units, count, &fault);
  if (U_FAILURE(fault)) return status_fail(STATUS_BUG, "words: ICU refuses a text: %s", u_errorName(fault));
  int64_t from = 0;
  for (int32_t end = ubrk_next(b->words); end != UBRK_DONE; end = ubrk_next(b->words)) {
    const int64_t to = points_until(&p, from, &unit, end);
    points word = {to - from, p.at + from};
    from = to;
    if (ubrk_getRuleStatus(b->words) < UBRK_WORD_LETTER || !tidy_word(&word, l)) continue;
    char *found;
    TRY(points_text(&word, a, &found));
    if (!stop_words_has(found, l)) out->word[out->count++] = found;
  }
  return STATUS_OK;
}
