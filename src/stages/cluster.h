/* k-means over rows that are spread over ranks in numbered leaves (logical partitions of users, or blocks of items).
 * Seeded by k-means++, iterated until nothing moves; the same bits on any number of ranks. */
#ifndef STAGES_CLUSTER_H
#define STAGES_CLUSTER_H

#include "base/arena.h"
#include "comm/comm.h"

typedef struct cluster_rows {
  int width;
  int leaves;      /* over all ranks */
  int first, last; /* this rank's leaves: [first, last) */
  int64_t *offset; /* [last - first + 1], rows of each of them */
  float *row;      /* [offset[last - first], width] */
  uint64_t *id;    /* [offset[last - first]], names of the rows */
} cluster_rows;

/* Collective.
 *   centre    [clusters, width], out
 *   assigned  [rows], out: the nearest centre
 * Where there are fewer different rows than clusters, the clusters that are left over have no rows and centres at 0.
 * Fails: STATUS_BUG when memory is out; on all ranks alike. */
status cluster_find(const comm *c, const cluster_rows *rows, int clusters, int iterations, uint64_t seed, arena *a,
                    float *centre, int32_t *assigned);

#endif
