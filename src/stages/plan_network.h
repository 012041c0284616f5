/* What the collective functions of comm.h cost by LogGP, as they are written there. */
#ifndef STAGES_PLAN_NETWORK_H
#define STAGES_PLAN_NETWORK_H

#include "stages/plan_rates.h"

/* Adds up over the calls of a stage. */
typedef struct plan_traffic {
  const plan_network *network;
  int ranks;
  double seconds;
  double sent;     /* bytes a rank, mean, as comm_bytes_sent counts them */
  double messages; /* that wait for each other */
} plan_traffic;

plan_traffic plan_network_start(const plan_network *w, int ranks);

/* comm_agree, comm_barrier, comm_any. */
void plan_network_agree(plan_traffic *t, double times);

/* comm_sum_i64 and its like: `bytes` of every rank. */
void plan_network_reduce(plan_traffic *t, double times, double bytes);

/* comm_broadcast of `bytes` from one rank. */
void plan_network_broadcast(plan_traffic *t, double times, double bytes);

/* comm_gather_all where each rank brings `bytes`. */
void plan_network_gather(plan_traffic *t, double times, double bytes);

/* comm_exchange where each rank holds `bytes`, evenly for all ranks, itself among them. */
void plan_network_exchange(plan_traffic *t, double times, double bytes);

/* How leaves of a tree are dealt out to ranks: to each as many, or by work, which moves every cut by up to an eighth of
 * a rank's share; a run that begins at an odd leaf consists of many subtrees. */
typedef enum plan_cut { PLAN_CUT_EVEN, PLAN_CUT_BY_WORK } plan_cut;

/* Vectors of a tree sum. */
typedef struct plan_depth {
  double mean; /* that a rank brings to the sum: over ranks, and over where the cuts may fall */
  int most;    /* that any rank brings, wherever they fall */
  int held;    /* that a rank has at once while it pushes its leaves: subtrees, and the one being filled */
} plan_depth;

plan_depth plan_network_depth(int leaves, int ranks, plan_cut cut);

/* tree_sum_finish of a vector of `bytes` over `leaves` leaves. */
void plan_network_tree(plan_traffic *t, double times, double bytes, int leaves, plan_cut cut);

/* window_fence. */
void plan_network_fence(plan_traffic *t, double times);

#endif
