/* The users of the partitions that a rank owns, laid out as data/users.h says and written. */
#ifndef STAGES_INGEST_USERS_H
#define STAGES_INGEST_USERS_H

#include "stages/ingest_cut.h"
#include "stages/ingest_exchange.h"
#include "stages/ingest_plan.h"
#include "stages/stage.h"

/* Of this rank's users. */
typedef struct ingest_totals {
  int64_t users, events, pairs, suppressed; /* of what is kept */
  int64_t held, tested;                     /* events for a test: of inputs.interactions, of inputs.test */
  int64_t test_pairs, test_newcomers;       /* pairs of FOLD_TEST; users with these and no others */
  int64_t *work;                            /* [partitions] */
  int64_t *item_users;                      /* [items], with a pair that is kept */
} ingest_totals;

/* Local. Writes users-I-of-P.nmt for each of the rank's partitions and adds to the totals.
 * Fails: STATUS_IO, STATUS_BUG. */
status ingest_users_write(const stage *s, const ingest_plan *p, const partition *owners, const ingest_cut *cut,
                          const catalogue *c, const ingest_owned *owned, ingest_totals *totals);

#endif
