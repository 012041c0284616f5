#include "stages/plan_network.h"

#include <math.h>

#include "data/partition.h"

/* Where ranks of a node exchange with other nodes, all of them at once share its link; a broadcast or a sum crosses it
 * once for the node. */

static double at_least_one(double x) { return x > 1 ? x : 1; }

static int ranks_of_node(const plan_traffic *t) {
  return t->ranks < t->network->ranks_per_node ? t->ranks : t->network->ranks_per_node;
}

static double nodes_of(const plan_traffic *t) { return ceil((double)t->ranks / t->network->ranks_per_node); }

plan_traffic plan_network_start(const plan_network *w, int ranks) {
  return (plan_traffic){.network = w, .ranks = ranks};
}

/* Rounds of a binary tree over nodes and inside them. */
static double tree_latency(const plan_traffic *t, double *rounds) {
  const double outside = ceil(log2(at_least_one(nodes_of(t)))), inside = ceil(log2(at_least_one(ranks_of_node(t))));
  *rounds = outside + inside;
  return outside * t->network->latency + inside * t->network->node_latency;
}

static void add_tree(plan_traffic *t, double times, double waves, double bytes) {
  double rounds = 0;
  const double latency = tree_latency(t, &rounds);
  const double outside = nodes_of(t) > 1 ? t->network->byte : 0;
  t->seconds += times * (waves * latency + bytes * (outside + t->network->node_byte));
  t->messages += times * waves * rounds;
}

void plan_network_agree(plan_traffic *t, double times) {
  if (t->ranks > 1) add_tree(t, times, 2, 4);
}

/* A sum moves what it sums twice, out and back (Rabenseifner 2004). */
void plan_network_reduce(plan_traffic *t, double times, double bytes) {
  t->sent += times * bytes;
  if (t->ranks > 1) add_tree(t, times, 2, 2 * bytes);
}

void plan_network_broadcast(plan_traffic *t, double times, double bytes) {
  t->sent += times * bytes / t->ranks;
  if (t->ranks > 1) add_tree(t, times, 1, bytes);
}

void plan_network_gather(plan_traffic *t, double times, double bytes) {
  plan_network_agree(t, times * 2);
  t->sent += times * bytes;
  if (t->ranks == 1) return;
  add_tree(t, times, 1, 8.0 * t->ranks); /* the sizes */
  add_tree(t, times * t->ranks, 1, bytes);
}

void plan_network_exchange(plan_traffic *t, double times, double bytes) {
  plan_network_agree(t, times * 2);
  if (t->ranks == 1) return;
  const plan_network *w = t->network;
  const double steps = t->ranks - 1, here = ranks_of_node(t), piece = bytes / t->ranks;
  const double outside = (t->ranks - here) / steps;
  const double far = w->latency + piece * w->byte * here, near = w->node_latency + piece * w->node_byte;
  add_tree(t, times, 1, 8.0 * t->ranks); /* the sizes */
  t->seconds += times * steps * (outside * far + (1 - outside) * near);
  t->messages += times * steps;
  t->sent += times * piece * steps;
}

/* Whole subtrees into which leaves [first, last) fall. */
static int subtrees(int64_t first, int64_t last) {
  int count = 0;
  while (first < last) {
    int64_t size = first == 0 ? last : first & -first;
    while (first + size > last || (first == 0 && (size & (size - 1)) != 0))
      size = (size & (size - 1)) != 0 ? size & (size - 1) : size / 2;
    first += size;
    count++;
  }
  return count;
}

double plan_network_depth(int leaves, int ranks) {
  double sum = 0;
  for (int r = 0; r < ranks; r++)
    sum += subtrees(partition_start(leaves, ranks, r), partition_start(leaves, ranks, r + 1));
  return sum / ranks;
}

void plan_network_tree(plan_traffic *t, double times, double bytes, int leaves) {
  if (t->ranks == 1) return;
  const double depth = plan_network_depth(leaves, t->ranks);
  plan_network_gather(t, times, 8 * depth);
  plan_network_agree(t, times);
  plan_network_exchange(t, times, depth * bytes);
  /* Each rank broadcasts the slice that it has completed. */
  plan_network_broadcast(t, times * t->ranks, bytes / t->ranks);
}

void plan_network_fence(plan_traffic *t, double times) {
  const double rounds = 2 * ceil(log2(at_least_one(ranks_of_node(t))));
  t->seconds += times * rounds * t->network->node_latency;
  t->messages += times * rounds;
}

int plan_network_vectors(int leaves) {
  int most = 0;
  for (int i = 0; i < leaves; i++) {
    const int held = __builtin_popcount((unsigned)i) + 1;
    most = held > most ? held : most;
  }
  return most;
}
