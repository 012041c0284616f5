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

/* tree_sum_finish of a vector of `bytes` over `leaves` leaves, spread evenly. */
void plan_network_tree(plan_traffic *t, double times, double bytes, int leaves);

/* window_fence. */
void plan_network_fence(plan_traffic *t, double times);

/* Vectors that a rank brings to a tree of `leaves` leaves, when these are dealt out evenly: mean over ranks. */
double plan_network_depth(int leaves, int ranks);

/* Vectors that a rank holds at once while it pushes `leaves` leaves: subtrees, and the one being filled. */
int plan_network_vectors(int leaves);

#endif
