/* All scores of a recommender, for tests: fits it, asks for every panel, and frees it. */
#ifndef SUPPORT_SCORE_ALL_H
#define SUPPORT_SCORE_ALL_H

#include "recommend/recommender.h"

/* Collective. *scores [users of this rank, items], users in order of its partitions. `assignments` ("key=value",
 * NULL-terminated) change the settings' defaults. */
status score_all(const recommender_kind *kind, const history *h, const char *const *assignments, arena *a,
                 float **scores);

#endif
