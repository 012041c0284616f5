/* Peak resident memory of a stage on its largest rank, without the process itself: what its arenas, buffers and windows
 * hold at the widest moment. */
#ifndef STAGES_PLAN_MEMORY_H
#define STAGES_PLAN_MEMORY_H

#include "stages/plan_network.h"
#include "stages/plan_time.h"

/* *shared: of these bytes, what the rank shares with others of its node. */
double plan_memory_stage(const plan_work *w, const plan_network *network, int stage, double *shared);

#endif
