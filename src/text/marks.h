/* Punctuation as a language sets it. Copy from outside mixes them ("你好, 看看<title>!"); the copy rules do not. */
#ifndef TEXT_MARKS_H
#define TEXT_MARKS_H

#include "base/arena.h"
#include "base/status.h"
#include "data/language.h"

/* The text with the marks of the language: in Chinese ，。：；！？（）【】“” and …… without spaces beside them, in
 * English , . : ; ! ? ( ) [ ] " and ... with a space after a mark that a word or slot follows. Slots stay as they are,
 * other characters too. Fails: STATUS_DATA on what is not UTF-8. */
status marks_localise(const char *text, language l, arena *a, char **out);

#endif
