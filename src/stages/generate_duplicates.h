/* The near-duplicate cap over the night: who may use which template, agreed among all ranks.
 *
 * Each user wishes for templates in order; each template takes at most `cap` users of the whole night, those with the
 * smallest ids. Solved by deferred acceptance (Gale and Shapley, "College admissions and the stability of marriage",
 * 1962), whose outcome is the same in whatever order the wishes arrive, so it does not depend on the number of ranks.
 * A first wave lets only one user into a template, so that as many texts as possible are unlike all others; a second
 * one fills up to the cap. A template lives on the rank that its hash names. */
#ifndef STAGES_GENERATE_DUPLICATES_H
#define STAGES_GENERATE_DUPLICATES_H

#include <stdint.h>

#include "base/arena.h"
#include "comm/comm.h"
#include "data/ids.h"

typedef struct generate_duplicates generate_duplicates;

/* One user's wishes: hash[first, first + count) of the array that is handed over with it, best first. */
typedef struct generate_wish {
  user_id user;
  int64_t first;
  int32_t count;
  int32_t choice; /* out: place of the wish that came true, in [0, count), or -1 */
} generate_wish;

/* Local. Letters and slots of a template, so that texts that differ in case, width, marks, spaces or emoji only count
 * as one. */
status generate_duplicates_hash(const char *template_text, arena *scratch, uint64_t *out);

/* Local. `cap` >= 1 users of the whole night to a template. */
status generate_duplicates_create(const comm *c, int64_t cap, arena *a, generate_duplicates **out);

/* Local. */
void generate_duplicates_free(generate_duplicates *d);

/* Collective. Sets wishes[count].choice; what is chosen stays taken in later calls.
 * Fails: STATUS_BUG when memory is out, on all ranks alike. */
status generate_duplicates_assign(generate_duplicates *d, generate_wish *wishes, int64_t count, const uint64_t *hash);

/* Collective. Templates in use on all ranks, and users of the most used one. */
void generate_duplicates_count(const generate_duplicates *d, int64_t *distinct, int64_t *largest);

#endif
