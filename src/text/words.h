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

typedef struct word_breaker word_breaker; /* holds the ICU break iterator; one thread at a time */

status word_breaker_open(word_breaker **out);
void word_breaker_close(word_breaker *b); /* NULL allowed */

/* Words that may serve as keywords, in the order of the text, as often as they stand there: things and their qualities.
 * Left out are stop words (text/stop_words.h), English words of one or two letters, single Han characters, numbers,
 * measures (两只, 三件), words with digits, words in another script than the language's, and punctuation. "'s" is cut
 * off. Fails: STATUS_DATA on what is not UTF-8. */
status word_breaker_keywords(word_breaker *b, const char *text, language l, arena *a, word_list *out);

#endif
