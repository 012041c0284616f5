/* A made-up matrix as recommenders read it, each rank with its own users. */
#ifndef STAGES_BENCH_HISTORY_H
#define STAGES_BENCH_HISTORY_H

#include "base/arena.h"
#include "recommend/history.h"
#include "stages/bench_matrix.h"

/* Collective. Memory from `a`. Fails: STATUS_BUG when it is out; on all ranks alike. */
status bench_history_make(const comm *c, uint64_t seed, int32_t users, int32_t items, int64_t events, arena *a,
                          history *out);

#endif
