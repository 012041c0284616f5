/* Chooses for each user the item, the tone and the facts that the message may use.
 *
 * Every user ends in exactly one outcome: suppressed; held out, by a hash of the platform's user id that neither seed
 * nor night can move; without candidate; or a message. Candidates are those of factorise; a user without a past has
 * none there and gets the popular items. The item is drawn among the first decide.explore of them, the tone among those
 * that the facts allow, and the probability of that choice is kept.
 *
 * Reads:    work/ingest/items, users-I-of-P; work/profile/words, profiles-I-of-P; work/factorise/items,
 *           candidates-I-of-P, with explicit feedback ratings-items, ratings-I-of-P
 * Writes:   work/decide/decisions-I-of-P
 * Speaks:   counts only.
 * Restarts: from its beginning.
 * Fails:    STATUS_MISSING, STATUS_DATA (files of earlier stages), STATUS_IO, STATUS_BUG (memory, accounts). */
#ifndef STAGES_DECIDE_H
#define STAGES_DECIDE_H

#include "stages/stage.h"

/* Collective. */
status decide_run(stage *s);

#endif
