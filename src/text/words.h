/* Words of a text, for keywords and metrics (ICU word breaks, Chinese and English). */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include "base/arena.h"
#include "base/status.h"
#include "data/language.h"

typedef struct word_list {
  int count;
  char **word; /* lower-cased (English) UTF-8 */
} word_list;

typedef struct word_breaker word_breaker; /* holds the ICU break iterators */

status word_breaker_open(word_breaker **out);
void word_breaker_close(word_breaker *b);

/* Words that may serve as keywords: stop words, single letters, single Han characters, numbers, measures and
 * punctuation are left out. */
status word_breaker_keywords(word_breaker *b, const char *text, language l, arena *a, word_list *out);

#endif
