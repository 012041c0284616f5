/* What may be said to a user about an item: only what is true of both. */
#ifndef STAGES_DECIDE_FACTS_H
#define STAGES_DECIDE_FACTS_H

#include "base/random.h"
#include "stages/decide_side.h"

/* Bit t: the facts allow tone t. pick and story claim nothing and are always there. */
uint32_t decide_facts_tones(const decide_side *side, const decide_part *p, user_row user, item_row item);

/* Draws one of the allowed tones by fixed weights; *probability of it. */
tone decide_facts_draw_tone(uint32_t allowed, random_stream *r, double *probability);

/* The item of the user's own that speaks for `item`: nearest by cosine of factors, what was bought before what was
 * liked before what was viewed where they are about as near. It has a title in the user's language. -1 if none is near;
 * *why is the strongest thing that the user did with it. */
item_row decide_facts_because(const decide_side *side, const decide_part *p, user_row user, item_row item,
                              event_meaning *why);

/* The user's best keyword, in the language of the message, that is also a word of the item; row of the word table, or
 * -1. "You like brains: a weekend in Prague" is true of nobody. */
int32_t decide_facts_keyword(const decide_side *side, const decide_part *p, user_row user, item_row item);

/* The slots that these facts fill. */
slot_set decide_facts_slots(const decide_side *side, language l, item_row item, tone t, item_row because,
                            event_meaning why, int32_t keyword);

#endif
