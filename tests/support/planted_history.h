/* A history in which users of a group like the items of that group, spread over the ranks as any other, and what its
 * users did afterwards; the same on any number of ranks. */
#ifndef SUPPORT_PLANTED_HISTORY_H
#define SUPPORT_PLANTED_HISTORY_H

#include "recommend/history.h"
#include "recommend/targets.h"

typedef struct planted_history {
  history history;
  targets targets;      /* items of the group that are not in the history; a tenth of the users has none */
  const item_row **row; /* as in the history, for filters: [count] */
  const int64_t **offset;
} planted_history;

enum { PLANTED_PARTS = 8, PLANTED_GROUPS = 5, PLANTED_SEED = 3 };

/* User u of partition p, from 0 on over all partitions. */
int64_t planted_history_user(const history *h, int part, user_row user);

/* Local. About `events` interactions a user, four fifths of them of its group; every ninth user has none, and no
 * target. */
status planted_history_make(const comm *c, int users, int items, int events, arena *a, planted_history *out);

#endif
