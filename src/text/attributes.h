/* Advertising copy and the attributes that it is written from, as in AdvertiseGen: values are words that the copy holds
 * as they are. */
#ifndef TEXT_ATTRIBUTES_H
#define TEXT_ATTRIBUTES_H

#include "text/meaning.h"

/* The text with a space between tokens: the longest of `values` that stands at a place, else a run of Latin letters and
 * digits, else a character. */
status attributes_split(const lexicon *values, const char *text, arena *a, char **out);

/* And back. */
void attributes_join(char *text);

/* 1 for values of more than one character, which are tokens of their own. */
int attributes_is_word(const char *value);

/* Attributes whose value does not stand in the text, joined or not. */
int attributes_missing(const meaning *m, const char *text);

#endif
