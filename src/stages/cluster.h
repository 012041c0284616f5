/* k-means over rows that are spread over ranks in numbered leaves (logical partitions of users, or blocks of items).
 * Seeded by k-means++, iterated until nothing moves; the same bits on any number of ranks. */
#ifndef STAGES_CLUSTER_H
#define STAGES_CLUSTER_H

#include "base/arena.h"
#include "comm/comm.h"

/* The rows of one leaf. */
typedef struct cluster_leaf {
  int64_t count;
  float *row;        /* [count, width] */
  uint64_t *id;      /* [count], names of the rows, keys of the random draws */
  int32_t *assigned; /* [count], out: the nearest centre */
} cluster_leaf;

typedef struct cluster_rows {
  int width;
  int leaves;         /* over all ranks */
  int first, last;    /* this rank's leaves: [first, last) */
  cluster_leaf *leaf; /* [last - first] */
} cluster_rows;

/* Local. Space for `count` rows of a leaf. */
status cluster_take(arena *a, int width, int64_t count, cluster_leaf *out);

/* Collective. Fills `assigned` of each leaf.
 *   centre  [clusters, width], out
 * Where there are fewer different rows than clusters, the clusters that are left over have no rows and centres at 0.
 * Fails: STATUS_BUG when memory is out; on all ranks alike. */
status cluster_find(const comm *c, const cluster_rows *rows, int clusters, int iterations, uint64_t seed, arena *a,
                    float *centre);

#endif
