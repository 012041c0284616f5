/* Peak resident memory of a stage on its largest rank, without the process itself: what its arenas, buffers and windows
 * hold at the widest moment. */
#ifndef STAGES_PLAN_MEMORY_H
#define STAGES_PLAN_MEMORY_H

#include "stages/plan_numbers.h"

double plan_memory_stage(const plan_numbers *n, int ranks, int stage);

#endif
