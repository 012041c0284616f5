/* What a message may say: the values of slots for one user and one item, from the catalogue and the user's own events.
 */
#ifndef STAGES_GENERATE_FACTS_H
#define STAGES_GENERATE_FACTS_H

#include "base/arena.h"
#include "data/catalogue.h"
#include "data/decision.h"
#include "data/profile.h"
#include "data/users.h"
#include "text/width.h"

typedef struct generate_facts {
  language language;
  domain domain;
  tone tone;
  slot_set allowed;                        /* slots that have a value */
  const char *value[SLOT_COUNT];           /* NULL outside of `allowed` */
  uint16_t width[WIDTH_UNITS][SLOT_COUNT]; /* of each value; where it is none of GSM-7, its UTF-16 units */
  int is_gsm7;                             /* 1 if all values can be sent in the GSM 7-bit alphabet */
} generate_facts;

/* The facts of user `row`, in the user's language: what the decision allows and the catalogue holds.
 *   money  format of a price (text/slots.h)
 * Texts live in the arena or the catalogue. Fails: STATUS_BUG when memory is out. */
status generate_facts_fill(const catalogue *c, const words *w, const users *u, const decisions *d, user_row row,
                           const char *money, arena *a, generate_facts *out);

/* "because you bought X", with X of this user's own events; "" where the decision names none. */
status generate_facts_reason(const catalogue *c, const users *u, const decisions *d, user_row row, arena *a,
                             char **out);

/* What generate_facts_reason writes before the title. */
const char *generate_facts_because(language l, event_meaning why);

#endif
