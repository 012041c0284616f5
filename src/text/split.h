/* Tokenisers of the metrics: each gives a line with one space between tokens.
 *
 * split_13a         mteval-v13a's, as sacreBLEU's `13a`: ASCII punctuation apart, a period or comma inside a number not
 * split_characters  sacreBLEU's `zh`: each Chinese character, mark and full-width form apart, the rest as 13a's
 * split_plain       rouge-score's default: lower case, every run of what is no ASCII letter or digit a space
 * All fail with STATUS_BUG where memory is out, and with nothing else: bytes that are not UTF-8 are passed on. */
#ifndef TEXT_SPLIT_H
#define TEXT_SPLIT_H

#include "base/arena.h"
#include "base/status.h"

status split_13a(const char *line, arena *a, char **out);
status split_characters(const char *line, arena *a, char **out);
status split_plain(const char *line, arena *a, char **out);

/* ASCII letters to lower case, in place; and e with an acute accent, the one other capital of the English corpora. */
void split_lower(char *text);

#endif
