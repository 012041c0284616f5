/* Which logical partition a user belongs to, and which rank holds which partitions.
 * The number of logical partitions P is fixed by the job; results are formed per partition, so they do not depend on
 * how many ranks share them. */
#ifndef DATA_PARTITION_H
#define DATA_PARTITION_H

#include <stdint.h>

#include "base/arena.h"
#include "data/ids.h"

typedef struct partition {
  int count;  /* P, a power of two in [1, 65536] */
  int size;   /* ranks */
  int *first; /* [size + 1]: rank r holds partitions [first[r], first[r + 1]) */
} partition;

/* The partition of a user: the top log2(count) bits of its id. */
int partition_of(user_id id, int count);

/* Cuts contiguous runs whose largest work is as small as a greedy cut makes it. work[count] >= 0 (NULL: all equal). */
status partition_cut(arena *a, int count, int size, const double *work, partition *out);

/* The rank that holds logical partition `index`. */
int partition_owner(const partition *p, int index);

/* Splits [0, total) into `parts` nearly equal ranges: part i is [partition_start(total, parts, i), …(…, i + 1)). */
int64_t partition_start(int64_t total, int parts, int i);

#endif
