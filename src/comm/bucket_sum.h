/* The gradient's sum over the lanes of a minibatch, in the tree of tree_sum.h, while lanes are still at work: a vector
 * is cut into buckets, and as soon as a bucket of a rank's last lane is final, it sets out. Each rank completes the
 * tree for a slice of each bucket and sends that to all others, without anybody waiting before bucket_sum_finish.
 *
 * In a step: for each lane of this rank, in order, bucket_sum_lane, then bucket_sum_push, but for the last lane
 * bucket_sum_begin of each bucket instead; then bucket_sum_finish. */
#ifndef COMM_BUCKET_SUM_H
#define COMM_BUCKET_SUM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "comm/comm.h"

typedef struct bucket_sum bucket_sum;

/* Local. Memory comes from the arena.
 *   first_lane  [size + 1]: rank r has lanes [first_lane[r], first_lane[r + 1])
 *   start       [buckets + 1]: bucket i is elements [start[i], start[i + 1]) */
status bucket_sum_create(const comm *c, const int *first_lane, const int64_t *start, int buckets, arena *a,
                         bucket_sum **out);

/* Local. The vector of this rank's next lane ([count], zeroed). */
status bucket_sum_lane(bucket_sum *t, float **vector);

/* Local. Adds the vector of the last bucket_sum_lane to the tree. */
void bucket_sum_push(bucket_sum *t);

/* A bucket of the last lane is final; nothing may be written into it any more. Every rank begins every bucket once, in
 * any order, and without waiting. */
void bucket_sum_begin(bucket_sum *t, int bucket);

/* Moves on what is on its way; to be called now and then. Local. */
void bucket_sum_progress(bucket_sum *t);

/* Collective. Begins what has not begun, waits for all, and returns the sum ([count], until the next bucket_sum_lane or
 * bucket_sum_finish). The sum is empty again. */
const float *bucket_sum_finish(bucket_sum *t);

/* What the steps so far have taken on this rank: seconds from the first bucket's beginning to the end, those of them
 * spent waiting in bucket_sum_finish, and bytes sent. Local. */
typedef struct bucket_sum_account {
  double exchanged, waited;
  int64_t bytes;
} bucket_sum_account;

bucket_sum_account bucket_sum_spent(const bucket_sum *t);

#endif
