/* What each user is offered: the best items of a blend, of those that may be. */
#ifndef STAGES_FACTORISE_CANDIDATES_H
#define STAGES_FACTORISE_CANDIDATES_H

#include "recommend/ensemble.h"
#include "stages/factorise_input.h"

/* Collective. Ranks for every user of `h` that has a past and is not suppressed, and writes candidates-I-of-P. */
status factorise_candidates_write(const stage *s, const factorise_input *in, const history *h, const ensemble *e);

#endif
