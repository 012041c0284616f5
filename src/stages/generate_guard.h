/* The rules and the copy's habits inside the search (decode_guard): a token that would break a rule, or stand where
 * nobody writes it, is refused when it is drawn, and a text ends only where it keeps all of them. */
#ifndef STAGES_GENERATE_GUARD_H
#define STAGES_GENERATE_GUARD_H

#include "math/decode.h"
#include "stages/generate_side.h"
#include "text/tokeniser.h"

typedef struct generate_guard generate_guard;

/* What a text is held against: one for each tone of a language and domain. */
typedef struct generate_voice {
  const generate_guard *guard;
  language language;
  domain domain;
  tone tone;
  watch_words words;
} generate_voice;

struct generate_guard {
  const generate_side *side;
  const tokeniser *tokens;
  const char **folded; /* [V] pieces as text/watch.h reads them */
  generate_voice voice[LANGUAGE_COUNT][DOMAIN_COUNT][TONE_COUNT];
  decode_guard decode[LANGUAGE_COUNT][DOMAIN_COUNT][TONE_COUNT];
};

/* Local. Memory is the arena's; `side`, `tokens` and *out must outlive what is decoded. */
status generate_guard_create(const generate_side *side, const tokeniser *tokens, arena *a, generate_guard *out);

#endif
