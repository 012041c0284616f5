/* Words that make no keyword: they would not stand well in "because <keyword> keeps catching your eye". */
#ifndef TEXT_STOP_WORDS_H
#define TEXT_STOP_WORDS_H

#include "data/language.h"

/* 1 for such a word; English in lower case. */
int stop_words_has(const char *word, language l);

#endif
