/* On how many ranks and nodes a job, or one of its stages, is best run: memory says what fits, efficiency what pays. */
#ifndef STAGES_PLAN_SIZE_H
#define STAGES_PLAN_SIZE_H

#include "base/status.h"
#include "stages/plan_job.h"

enum { PLAN_NIGHT = PLAN_STAGES /* in place of a stage: all of them in one job */, PLAN_RANKS_MOST = 65536 };

/* Share of their time that ranks must be of use. */
#define PLAN_EFFICIENCY 0.6

typedef struct plan_size {
  int ranks, nodes, ranks_per_node;
  plan_cost cost;
  double efficiency;      /* time on one rank over time × ranks */
  int64_t rank_mebibytes; /* to ask for, with margin */
  int64_t minutes;        /* likewise, at least 2 */
} plan_size;

/* `what`: a plan_stage or PLAN_NIGHT. */
plan_cost plan_size_cost(const plan_job *j, int what, int ranks);

/* Lays `ranks` over nodes; fewer ranks than cores go to a node where memory says so.
 * Fails: STATUS_SETTINGS with a sentence where one rank alone needs more than a node has, naming the what, and the
 * smallest number of ranks that fits. */
status plan_size_of(const plan_job *j, int what, int ranks, plan_size *out);

/* The most ranks that are of use. Fails: as plan_size_of. */
status plan_size_suggest(const plan_job *j, int what, plan_size *out);

#endif
