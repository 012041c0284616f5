/* The work files of ingest as models see them: what is known up to one fold, and what users did in a later one. */
#ifndef STAGES_FOLD_VIEW_H
#define STAGES_FOLD_VIEW_H

#include "recommend/ranking.h"
#include "recommend/targets.h"
#include "stages/factorise_input.h"

typedef struct fold_view {
  history history;       /* pairs of all folds up to `last`; `rated` too where feedback is explicit */
  ranking_filter filter; /* items that are available and that the user has no pair with; users with targets only */
  targets targets;       /* pairs of the fold `judged`, of users with a past; [users + 1] of all users */
  int64_t judged, targets_total, newcomers; /* over all ranks: users with targets; their targets; users with none but
                                               targets, who have no past and are not judged */
} fold_view;

/* Collective. last < judged. Memory from `a`; `in` must outlive it. */
status fold_view_create(const stage *s, const factorise_input *in, fold last, fold judged, arena *a, fold_view *out);

#endif
