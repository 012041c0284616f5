#include "stages/plan_network.h"

#include <math.h>

#include "data/partition.h"

enum {
  IN_FLIGHT = 8,         /* partners at a time: comm/comm_blocks.c */
  SHORT_BYTES = 1 << 16, /* about where MPI goes over to a ring */
  SHIFTS_MOST = 8        /* of a cut, to each side */
};

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

/* 8 bytes of every rank to all. */
static void share(plan_traffic *t, double times) { add_tree(t, times, 1, 8.0 * t->ranks); }

/* Short blocks go by doubling; long ones round a ring, in which every link carries all of them. */
static void gather_blocks(plan_traffic *t, double times, double bytes) {
  const double all = bytes * t->ranks;
  t->sent += times * bytes;
  if (all < SHORT_BYTES) {
    add_tree(t, times, 1, all);
    return;
  }
  const double steps = t->ranks - 1, here = ranks_of_node(t), nodes = nodes_of(t);
  const double outside = nodes > 1 ? t->network->latency : 0, inside = here > 1 ? t->network->node_latency : 0;
  t->seconds +=
      times * (steps * fmax(outside, inside) + all * ((nodes > 1 ? t->network->byte : 0) + t->network->node_byte));
  t->messages += times * steps;
}

void plan_network_gather(plan_traffic *t, double times, double bytes) {
  if (t->ranks == 1) {
    t->sent += times * bytes;
    return;
  }
  share(t, times);
  plan_network_agree(t, times);
  gather_blocks(t, times, bytes);
}

/* Several partners at a time: their latencies overlap, their bytes do not. */
static void exchange_blocks(plan_traffic *t, double times, double bytes) {
  const plan_network *w = t->network;
  const double steps = t->ranks - 1, here = ranks_of_node(t), piece = bytes / t->ranks;
  const double outside = (t->ranks - here) / steps;
  const double far = w->latency / fmin(steps, IN_FLIGHT) + piece * w->byte * here;
  const double near = w->node_latency / fmin(steps, IN_FLIGHT) + piece * w->node_byte;
  t->seconds += times * steps * (outside * far + (1 - outside) * near);
  t->messages += times * ceil(steps / IN_FLIGHT);
  t->sent += times * piece * steps;
}

void plan_network_exchange(plan_traffic *t, double times, double bytes) {
  if (t->ranks == 1) return;
  share(t, times); /* the sizes */
  plan_network_agree(t, times);
  exchange_blocks(t, times, bytes);
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

/* Vectors on the stack while leaves [first, last) are pushed: subtrees, and the one being filled. There are most just
 * before a carry. */
static int most_held(int64_t first, int64_t last) {
  int most = 0;
  for (int bit = 0; last >> bit > 0; bit++) {
    const int64_t at = (last >> bit << bit) - 1;
    if (at < first) break;
    const int held = subtrees(first, at) + 1;
    most = held > most ? held : most;
  }
  return most;
}

static int clamped(int64_t leaf, int leaves) { return (int)(leaf < 0 ? 0 : leaf > leaves ? leaves : leaf); }

/* Where cut `r` of `ranks` falls, when work moves it by `shift` leaves; the ends of the whole stay. */
static int64_t cut_at(int leaves, int ranks, int r, int shift) {
  return r == 0 ? 0 : r == ranks ? leaves : clamped(partition_start(leaves, ranks, r) + shift, leaves);
}

plan_depth plan_network_depth(int leaves, int ranks, plan_cut cut) {
  const int reach = cut == PLAN_CUT_EVEN || ranks == 1 ? 0 : (leaves + 8 * ranks - 1) / (8 * ranks);
  const int step = reach / SHIFTS_MOST + 1;
  plan_depth out = {0};
  int64_t count = 0, sum = 0;
  for (int shift = -reach; shift <= reach; shift += step) {
    for (int r = 0; r < ranks; r++, count++) {
      const int64_t first = cut_at(leaves, ranks, r, shift), last = cut_at(leaves, ranks, r + 1, shift);
      const int depth = subtrees(first, last), held = most_held(first, last);
      sum += depth;
      if (depth > out.most) out.most = depth;
      if (held > out.held) out.held = held;
    }
  }
  out.mean = (double)sum / (double)count;
  return out;
}

void plan_network_tree(plan_traffic *t, double times, double bytes, int leaves, plan_cut cut) {
  if (t->ranks == 1) return;
  share(t, times); /* which leaves each has */
  plan_network_agree(t, times);
  exchange_blocks(t, times, plan_network_depth(leaves, t->ranks, cut).mean * bytes);
  gather_blocks(t, times, bytes / t->ranks); /* the slices that each has completed */
}

void plan_network_fence(plan_traffic *t, double times) {
  const double rounds = 2 * ceil(log2(at_least_one(ranks_of_node(t))));
  t->seconds += times * rounds * t->network->node_latency;
  t->messages += times * rounds;
}
