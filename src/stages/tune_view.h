/* A view made smaller, so that a trial costs less: fewer users to be judged by, fewer items to be fitted to. */
#ifndef STAGES_TUNE_VIEW_H
#define STAGES_TUNE_VIEW_H

#include "stages/fold_view.h"

/* Collective. About `most_users` of those that `from` judges, chosen by their ids, and the `most_items` items that most
 * users have seen (of equal ones the lower rows); 0: all. Words and features of items are left out with them. Memory
 * from `a`; `from` must outlive it. */
status tune_view_create(const fold_view *from, int64_t most_users, int64_t most_items, arena *a, fold_view *out);

#endif
