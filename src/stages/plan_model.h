/* The cost model of a night: time, memory and traffic of each stage as a function of the job's numbers, the rates of a
 * core, the network and the number of ranks. Pure functions, no files, no clock: `nightmail plan` fills the arguments
 * from inputs and measurements, `nightmail scaling` from a finished run. A model, not a promise: its sums follow the
 * code of the stages line by line, and tests/plan/compare holds it against real runs. */
#ifndef STAGES_PLAN_MODEL_H
#define STAGES_PLAN_MODEL_H

#include "stages/plan_numbers.h"
#include "stages/plan_rates.h"

typedef enum plan_stage {
  PLAN_INGEST,
  PLAN_PROFILE,
  PLAN_FACTORISE,
  PLAN_TRAIN,
  PLAN_DECIDE,
  PLAN_GENERATE,
  PLAN_REPORT,
  PLAN_STAGES
} plan_stage;

const char *plan_stage_name(int stage); /* "ingest", … */

typedef struct plan_cost {
  double compute;       /* seconds of the slowest rank in work that more ranks share */
  double serial;        /* seconds of work that every rank does alike, or one alone */
  double communication; /* seconds in calls of comm.h on the slowest rank */
  double seconds;       /* of the stage: the sum of the three */
  double sent;          /* bytes that a rank sends, as comm_bytes_sent counts them: mean over ranks */
  double messages;      /* that a rank waits for, one after another */
  double memory;        /* peak resident bytes of the largest rank */
  double shared;        /* of these, what it shares with the other ranks of its node */
} plan_cost;

/* ranks >= 1. */
plan_cost plan_model_stage(const plan_numbers *n, const plan_rates *r, const plan_network *w, int ranks, int stage);

/* All stages: seconds, bytes and messages summed, memory the largest. */
plan_cost plan_model_night(const plan_numbers *n, const plan_rates *r, const plan_network *w, int ranks);

/* Ranks that do work in a stage: users cannot be split finer than logical partitions, minibatches not finer than lanes.
 */
int plan_model_useful_ranks(const plan_numbers *n, int stage);

/* How much more than its even share the busiest of `ranks` has, where `pieces` equal pieces are dealt out: >= 1. */
double plan_model_imbalance(int pieces, int ranks);

#endif
