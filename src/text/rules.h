/* The rules that every text must keep before it may be sent, one place for all rungs of the fallback ladder. */
#ifndef TEXT_RULES_H
#define TEXT_RULES_H

#include "base/arena.h"
#include "base/status.h"
#include "data/copy.h"
#include "text/watch.h"

typedef enum rule {
  RULE_KEPT,
  RULE_SLOTS,    /* a slot missing, repeated, unfilled or not allowed; a '<' or '>' that is no slot */
  RULE_NUMBER,   /* a digit, currency or percent sign outside the slots */
  RULE_LANGUAGE, /* outside its slots: letters or marks of the other language; no letter of its own */
  RULE_CLAIM, /* says more than its tone allows: sale, free, 最低价; trending, new, price drop in another tone; or that
                 the reader bought, saw or liked what only another slot stands for */
  RULE_BANNED, /* holds a banned word, in whatever width, case or spacing */
  RULE_SHAPE,  /* an unpaired bracket, a doubled space, mark or word, a bare heading, see text/shape.h */
  RULE_LENGTH, /* too many columns or UTF-16 units, or too short to say anything */
  RULE_COUNT
} rule;

const char *rule_name(rule r); /* "kept", "slots", … */

typedef struct rules rules;

typedef struct rules_options {
  int max_columns;           /* of the filled text, > 0 */
  int max_utf16;             /* … > 0 */
  int max_sms;               /* SMS that it fills (text/width.h); 0: no matter */
  const char *const *banned; /* [banned_count] words or phrases of the job, besides the built-in ones */
  int banned_count;
} rules_options;

/* Fails: STATUS_DATA for a banned word that is not UTF-8. */
status rules_create(const rules_options *options, arena *a, rules **out);
void rules_free(rules *r); /* NULL allowed */

/* The first rule, in the order of the enum, that the template (text with slots) breaks on its own. `required`: slots
 * that must be there exactly once, and no others. */
status rules_check_template(const rules *r, const char *text, language l, tone t, slot_set required, rule *out);

/* The first rule that the filled text breaks: RULE_SLOTS for a '<' or '>', RULE_BANNED (a banned word inside a title
 * counts too), RULE_LENGTH. */
status rules_check_text(const rules *r, const char *text, rule *out);

/* For the decoder: 1 if a token's text may never be part of a message in this language, whatever stands around it:
 * digits, currency, percent, letters or marks of the other language, what is not UTF-8. Slots and "" are not forbidden.
 */
int rules_forbid_piece(const char *piece, language l);

/* The words that a text in this tone may not say, to be watched for while it is written. */
watch_words rules_words(const rules *r, tone t);

/* For the decoder: 0 if no text that begins with text[...] (a template, slots whole) has the shape that
 * rules_check_template asks for. Only what its last `fresh` bytes have changed is looked at. */
int rules_may_begin(const char *text, int64_t fresh, language l);

#endif
