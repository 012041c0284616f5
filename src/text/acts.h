/* Whether a line of copy says of the reader only what its slots stand for: "you bought <bought>" is a fact by
 * construction, "you bought <title>" is not. */
#ifndef TEXT_ACTS_H
#define TEXT_ACTS_H

#include <stddef.h>

#include "data/copy.h"

/* 1 if no slot stands behind a word for an act that it does not stand for. */
int acts_hold(const char *template_text, language l);

/* Slots that may stand behind text[0, length). */
slot_set acts_allowed(const char *text, size_t length, language l);

#endif
