#include "stages/generate_guard.h"

#include <string.h>

#include "text/acts.h"
#include "text/normalise.h"
#include "text/slots.h"

enum { TEXT_MOST = 4096 }; /* bytes of a template */

typedef struct guard_state {
  generate_reading reading;
  watch watch;
} guard_state;

_Static_assert(sizeof(guard_state) <= DECODE_GUARD_BYTES, "a guard's state has no room for this one");

static void begin(const void *context, void *state) {
  guard_state *s = state;
  (void)context;
  memset(s, 0, sizeof *s);
  generate_fluency_begin(&s->reading);
}

/* The text of tokens[count], without a space at its beginning; its bytes, or -1 where there is no room. */
static int64_t write_out(const tokeniser *t, const int32_t *tokens, int count, char *text) {
  size_t length = 0;
  for (int i = 0; i < count; i++) {
    const char *piece = tokeniser_piece(t, tokens[i]);
    if (length == 0) piece += strspn(piece, " ");
    const size_t bytes = strlen(piece);
    if (length + bytes >= TEXT_MOST) return -1;
    memcpy(text + length, piece, bytes);
    length += bytes;
  }
  text[length] = '\0';
  return (int64_t)length;
}

/* A whole text. What goes wrong here is refused like what breaks a rule; it would go wrong again for the next one. */
static int may_end(const generate_voice *v, guard_state *s, char *text, int64_t length) {
  const generate_side *side = v->guard->side;
  rule broken = RULE_SLOTS;
  slot_set repeated;
  while (length > 0 && text[length - 1] == ' ') text[--length] = '\0';
  if (!generate_fluency_end(&side->fluency, v->language, v->domain, &s->reading)) return 0;
  if (!watch_end(&v->words, &s->watch)) return 0;
  const slot_set slots = slots_of(text, &repeated);
  return rules_check_template(side->rules, text, v->language, v->tone, slots, &broken) == STATUS_OK &&
         broken == RULE_KEPT;
}

static int next(const void *context, const void *state, const int32_t *tokens, int count, int token, void *after) {
  const generate_voice *v = context;
  const generate_guard *g = v->guard;
  const char *piece = tokeniser_piece(g->tokens, token);
  const int named = tokeniser_slot_of(g->tokens, token), is_end = token == tokeniser_end(g->tokens);
  guard_state s;
  char text[TEXT_MOST];
  memcpy(&s, state, sizeof s);
  /* What most often refuses comes first. */
  if (!is_end && !generate_fluency_read(&g->side->fluency, v->language, v->domain, piece, &s.reading)) return 0;
  if (!is_end && !watch_read(&v->words, g->folded[token], &s.watch)) return 0;
  const int64_t length = write_out(g->tokens, tokens, count, text);
  if (length < 0) return 0;
  if (is_end) return may_end(v, &s, text, length);
  if (named >= 0 && (acts_allowed(text, (size_t)length, v->language) & SLOT_BIT(named)) == 0) return 0;
  const char *fresh = length == 0 ? piece + strspn(piece, " ") : piece;
  const size_t bytes = strlen(fresh);
  if (length + (int64_t)bytes >= TEXT_MOST) return 0;
  memcpy(text + length, fresh, bytes + 1);
  if (!rules_may_begin(text, (int64_t)bytes, v->language)) return 0;
  memcpy(after, &s, sizeof s);
  return 1;
}

status generate_guard_create(const generate_side *side, const tokeniser *tokens, arena *a, generate_guard *out) {
  const int size = tokeniser_size(tokens);
  char **folded = NULL;
  *out = (generate_guard){.side = side, .tokens = tokens};
  TRY(ARENA(a, size, &folded));
  for (int i = 0; i < size; i++) {
    const char *piece = tokeniser_piece(tokens, i);
    folded[i] = "";
    if (tokeniser_slot_of(tokens, i) >= 0)
      folded[i] = WATCH_SLOT;
    else if (!tokeniser_is_byte(tokens, i))
      TRY(normalise_fold(piece, a, &folded[i]));
  }
  out->folded = (const char **)folded;
  for (int l = 0; l < LANGUAGE_COUNT; l++)
    for (int d = 0; d < DOMAIN_COUNT; d++)
      for (int t = 0; t < TONE_COUNT; t++) {
        out->voice[l][d][t] = (generate_voice){out, (language)l, (domain)d, (tone)t, rules_words(side->rules, (tone)t)};
        out->decode[l][d][t] = (decode_guard){&out->voice[l][d][t], begin, next};
      }
  return STATUS_OK;
}
