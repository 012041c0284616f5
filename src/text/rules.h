/* The rules that every text must keep before it may be sent, one place for all rungs of the fallback ladder. */
#ifndef TEXT_RULES_H
#define TEXT_RULES_H

#include "base/arena.h"
#include "base/status.h"
#include "data/copy.h"

typedef enum rule {
  RULE_KEPT,
  RULE_SLOTS,    /* a slot missing, repeated, unfilled or not allowed */
  RULE_NUMBER,   /* a digit, currency or percent sign outside the slots */
  RULE_CLAIM,    /* says more than its tone allows: sale, free, 最低价; or trending, new, price drop in another tone */
  RULE_BANNED,   /* holds a banned word, in whatever width, case or spacing */
  RULE_LANGUAGE, /* outside its slots: letters of the other language */
  RULE_LENGTH,   /* too many columns or UTF-16 units, or too short to say anything */
  RULE_SHAPE,    /* an unpaired bracket, a doubled space or mark, a bare heading, no letter at all */
  RULE_COUNT
} rule;

const char *rule_name(rule r); /* "kept", "slots", … */

typedef struct rules rules;

typedef struct rules_options {
  int max_columns;
  int max_utf16;
  const char *const *banned; /* [banned_count] words or phrases of the job, besides the built-in ones */
  int banned_count;
} rules_options;

status rules_create(const rules_options *options, arena *a, rules **out);
void rules_free(rules *r);

/* The first rule that the template (text with slots) breaks on its own. `required`: slots that must be there exactly
 * once, and no others. */
status rules_check_template(const rules *r, const char *text, language l, tone t, slot_set required, rule *out);

/* The first rule that the filled text breaks. A banned word inside a value (a title) counts too. */
status rules_check_text(const rules *r, const char *text, rule *out);

/* For the decoder: 1 if a token's text may never be part of a message in this tone and language, whatever stands around
 * it: digits, currency, percent, letters of the other language. */
int rules_forbid_piece(const char *piece, language l);

#endif
